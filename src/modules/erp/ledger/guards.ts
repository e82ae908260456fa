import { Ledger } from "../../../engine/ports"
import { Guarded } from "../../../sync/guards"
import { ConnectionId } from "../../../sync/ids"
import { Side } from "../../../sync/values"
import { isPrice } from "./open-fields"
import { Binding, iso, json, newId, NOW, onlyRow, Sql, Tx } from "./sql"

export interface ApprovalFilter {
  kind?: Guarded | null | undefined
  /** The side that would be written. */
  side?: Side | null | undefined
}

type GuardCounts = Pick<
  Ledger<Tx>,
  "countGone" | "countMovedPrices" | "countAbsentStock" | "approvedChanges"
> & {
  /**
   * Approves what the guard holds back now, row by row as it stands, for a day; `parked` are the ids of
   * the rows that waited.
   */
  approveMassChange(
    connection: ConnectionId,
    filter?: ApprovalFilter,
  ): Promise<{ until: string; parked: string[] }>
}

/** What a day's destructive changes come to, counted from the journal, and what a person let pass. */
export const guards = (sql: Sql): GuardCounts => {
  const count = async (condition: string, bindings: Binding[]): Promise<number> => {
    const rows = await sql.rows<{ count: string }>(
      null,
      `select count(distinct (j.entity, j.erp_id, j.field)) from erp_journal j
       where ${condition} and j.created_at > ${NOW} - interval '1 day' and not exists (
         select 1 from erp_journal a
         where ${SAME_CHANGE("a", "j")} and a.connection_id = j.connection_id
           and a.kind = 'approve' and a.created_at <= j.created_at)`,
      bindings,
    )
    return Number(rows[0]?.count ?? 0)
  }
  return {
    /** What the ERP took away, not what a person deleted. */
    countGone: (connection, entity, side = "medusa") =>
      count(
        side === "medusa"
          ? `j.connection_id = ? and j.entity = ? and j.side = 'medusa' and j.kind = 'gone'
               and j.rule not in ('approved', 'deleted_in_medusa')`
          : `j.connection_id = ? and j.entity = ? and j.side = 'erp' and j.kind = 'write'
               and j.field = 'active' and j.to_value = 'false'`,
        [connection, entity],
      ),

    countMovedPrices: (connection, side) =>
      count(
        `j.connection_id = ? and j.side = ? and j.entity = 'variant' and ${isPrice("j.field")}
           and j.kind in ('write', 'superseded') and ${MOVED_MUCH}`,
        [connection, side],
      ),

    countAbsentStock: (connection) =>
      count(
        `j.connection_id = ? and j.entity = 'variant' and j.field like 'stock:%'
           and j.kind = 'write' and j.rule = 'absent_in_erp'`,
        [connection],
      ),

    async approvedChanges(connection, changes) {
      if (changes.length === 0) return []
      const rows = await sql.rows<{ position: string }>(
        null,
        `select g.position
         from jsonb_to_recordset(?::jsonb) as g(
           position int, entity text, erp_id text, field text, from_value jsonb, to_value jsonb)
         where exists (
           select 1 from erp_journal a
           where ${SAME_CHANGE("a", "g")} and a.connection_id = ? and a.kind = 'approve'
             and a.created_at > ${NOW} - interval '1 day')`,
        [
          json(
            changes.map(({ entity, erp_id, field, from, to }, position) => ({
              position,
              entity,
              erp_id,
              field,
              from_value: from,
              to_value: to,
            })),
          ),
          connection,
        ],
      )
      const approved = new Set(rows.map(({ position }) => Number(position)))
      return changes.filter((_change, position) => approved.has(position))
    },

    async approveMassChange(connection, { kind = null, side = null } = {}) {
      const bindings = [connection, kind, kind, side, side, connection]
      return onlyRow(await sql.rows<{ until: string; parked: string[] }>(null, APPROVE, bindings))
    },
  }
}

const SAME_CHANGE = (approval: string, change: string): string =>
  `${approval}.entity = ${change}.entity and ${approval}.erp_id = ${change}.erp_id
   and ${approval}.field = ${change}.field
   and ${approval}.from_value is not distinct from ${change}.from_value
   and ${approval}.to_value is not distinct from ${change}.to_value`

/** The price of one piece: of a price list's tiers it is the first one, where it has no quantity. */
const PRICE_OF_ONE = (value: string): string =>
  `substring(split_part(${value} #>> '{}', ';', 1) from '^[0-9.]+$')::numeric`

/** A conjunction may be evaluated in any order: the texts are cast only where they are numbers. */
const MOVED_MUCH = `case when ${isPrice("j.field")} and jsonb_typeof(j.from_value) = 'string'
    and jsonb_typeof(j.to_value) = 'string'
  then coalesce(abs(${PRICE_OF_ONE("j.to_value")} - ${PRICE_OF_ONE("j.from_value")})
    > abs(${PRICE_OF_ONE("j.from_value")}) / 2, false)
  else false end`

/** A flag was shown as text. */
const HELD_VALUE = (text: string): string =>
  `case when ${text} in ('true', 'false') then ${text}::jsonb else to_jsonb(${text}) end`

/** The parked record's value is what `heldText` made of the change. */
const APPROVE = `
  with held as (
    select p.id, p.connection_id, p.entity, p.erp_id, l.medusa_id,
      case p.field when 'status' then '*' else p.field end as field,
      case when p.value like '% in the ERP' then 'erp' else 'medusa' end as side,
      case when ${isPrice("p.field")} then 'prices' when p.field like 'stock:%' then 'absent_stock'
        else 'gone' end as guarded,
      ${HELD_VALUE(`substring(p.value from '^(.*) → .* in the (ERP|store)$')`)} as from_value,
      ${HELD_VALUE(`substring(p.value from '^.* → (.*) in the (ERP|store)$')`)} as to_value
    from erp_parked p
    left join erp_link l
      on l.connection_id = p.connection_id and l.entity = p.entity and l.erp_id = p.erp_id
    where p.connection_id = ? and p.reason = 'mass_change' and p.ignored_at is null
  ), chosen as (
    select * from held
    where (?::text is null or guarded = ?) and (?::text is null or side = ?)
  ), approved as (
    insert into erp_journal (
      id, connection_id, entity, erp_id, medusa_id, field, side, kind, from_value, to_value, rule)
    select ${newId("ejrn")}, connection_id, entity, erp_id, medusa_id, field, side, 'approve',
      from_value, to_value, 'approved'
    from (
      select distinct on (entity, erp_id, field, from_value, to_value) * from chosen
      order by entity, erp_id, field, from_value, to_value) as changes
  )
  update erp_connection
  set changes_approved_until = ${NOW} + interval '1 day', updated_at = ${NOW}
  where id = ?
  returning ${iso("changes_approved_until")} as until,
    array(select id from chosen order by id) as parked`
