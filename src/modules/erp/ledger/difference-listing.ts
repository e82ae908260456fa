import { Entity } from "../../../sync/canonical"
import { ErpId, MedusaId } from "../../../sync/ids"
import { Difference, DifferenceKind, FieldName, LinkState, Side } from "../../../sync/values"
import { PageFilter } from "./run-listing"
import { Binding, iso, onlyRow, Sql } from "./sql"

export interface DifferenceRow extends Difference {
  connection_id: string
  entity: Entity
  erp_id: ErpId
  parent_erp_id: ErpId | null
  medusa_id: MedusaId
  link_state: LinkState
  /** What the record is called, as both sides last agreed. */
  title: string | null
  sku: string | null
  /** Whose value a person chose, until a look has applied it. */
  resolution: Side | null
  /** Since when it stands open, and when it last changed. */
  since: string
  updated_at: string
}

export interface DifferenceFilter {
  connection_id?: string | undefined
  kind?: DifferenceKind | undefined
  reason?: string | undefined
  field?: FieldName | undefined
  entity?: Entity | undefined
  link_id?: string | undefined
  /** An id of either side, or part of the title, the SKU or one of the values. */
  q?: string | undefined
}

export interface DifferenceListing {
  /** Oldest first. */
  listDifferences(
    filter: DifferenceFilter & PageFilter,
  ): Promise<{ differences: DifferenceRow[]; count: number }>
  /** How many there are of each kind and reason, of one connection or of all. */
  countDifferences(
    connectionId?: string,
  ): Promise<{ connection_id: string; kind: DifferenceKind; reason: string; count: number }[]>
  /** The next ones after a row, in an order of their own: for exports of any size. */
  differencesAfter(
    filter: DifferenceFilter,
    after: { link_id: string; field: FieldName } | null,
    limit: number,
  ): Promise<DifferenceRow[]>
}

/** What stands open, in pages. */
export const differenceListing = (sql: Sql): DifferenceListing => ({
  async listDifferences({ limit, offset, ...filter }) {
    const { where, bindings } = conditions(filter)
    const differences = await sql.rows<DifferenceRow>(
      null,
      `select ${COLUMNS} ${FROM} where ${where}
       order by d.created_at, d.link_id, d.field limit ? offset ?`,
      [...bindings, limit, offset],
    )
    // The link is only needed for what a person types.
    const from = filter.q === undefined ? "from erp_difference d" : FROM
    const counted = await sql.rows<{ count: string }>(
      null,
      `select count(*) ${from} where ${where}`,
      bindings,
    )
    return { differences, count: Number(onlyRow(counted).count) }
  },

  async countDifferences(connectionId) {
    const { where, bindings } = conditions({ connection_id: connectionId })
    const rows = await sql.rows<{
      connection_id: string
      kind: DifferenceKind
      reason: string
      count: string
    }>(
      null,
      `select d.connection_id, d.kind, d.reason, count(*) from erp_difference d where ${where}
       group by d.connection_id, d.kind, d.reason order by 1, 2, 3`,
      bindings,
    )
    return rows.map((row) => ({ ...row, count: Number(row.count) }))
  },

  async differencesAfter(filter, after, limit) {
    const { where, bindings } = conditions(filter)
    return sql.rows<DifferenceRow>(
      null,
      `select ${COLUMNS} ${FROM} where ${where} and (d.link_id, d.field) > (?, ?)
       order by d.link_id, d.field limit ?`,
      [...bindings, after?.link_id ?? "", after?.field ?? "", limit],
    )
  },
})

const FROM = `from erp_difference d join erp_link l on l.id = d.link_id`

const COLUMNS = `
  d.connection_id, d.link_id, d.field, d.kind, d.reason, d.message, d.erp_value as erp,
  d.medusa_value as medusa, d.entity, l.erp_id, l.parent_erp_id, l.medusa_id,
  l.state as link_state,
  coalesce(l.base_medusa ->> 'title', l.base_medusa ->> 'name',
    l.base_medusa ->> 'variant_title') as title,
  l.base_medusa ->> 'sku' as sku, l.resolutions ->> d.field as resolution,
  ${iso("d.created_at")} as since, ${iso("d.updated_at")} as updated_at`

const conditions = ({ q, field, ...filter }: DifferenceFilter) => {
  const parts = ["true"]
  const bindings: Binding[] = []
  for (const column of ["connection_id", "kind", "reason", "entity", "link_id"] as const) {
    const value = filter[column]
    if (value === undefined) continue
    parts.push(`d.${column} = ?`)
    bindings.push(value)
  }
  if (field !== undefined) {
    // `price` is every price, `price:eur` is one of them.
    parts.push(`(d.field = ? or d.field like ?)`)
    bindings.push(field, `${escaped(field)}:%`)
  }
  if (q !== undefined) {
    const like = `%${escaped(q)}%`
    parts.push(`(l.erp_id = ? or l.parent_erp_id = ? or l.medusa_id = ?
      or l.base_medusa ->> 'title' ilike ? or l.base_medusa ->> 'name' ilike ?
      or l.base_medusa ->> 'sku' ilike ?
      or d.erp_value #>> '{}' ilike ? or d.medusa_value #>> '{}' ilike ?)`)
    bindings.push(q, q, q, like, like, like, like, like)
  }
  return { where: parts.join(" and "), bindings }
}

/** Text that stands for itself in a pattern. */
export const escaped = (text: string): string => text.replace(/[\\%_]/g, "\\$&")
