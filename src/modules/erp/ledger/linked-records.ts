import { Entity } from "../../../sync/canonical"
import { ErpId, MedusaId } from "../../../sync/ids"
import { LinkState } from "../../../sync/values"
import { PARKED_COLUMNS, PARKED_LINK, ParkedRow } from "./parked-listing"
import { iso, Sql } from "./sql"

interface LinkSummary {
  entity: Entity
  erp_id: ErpId
  medusa_id: MedusaId
  state: LinkState
  /** When both sides were last seen to agree. */
  agreed_at: string | null
}

/** A link as a page of the admin shows it. */
export interface LinkedRecord extends LinkSummary {
  connection_id: string
  erp: string
  /** Of the record and, for a product, of its variants. */
  parked: ParkedRow[]
  /** Of a product; empty for other records. */
  variants: LinkSummary[]
}

export interface LinkedRecords {
  /** The links of a Medusa record, one for each connection; tombstones last. */
  linkedRecords(
    entity: Extract<Entity, "product" | "variant" | "category">,
    medusaId: string,
  ): Promise<LinkedRecord[]>
}

type Row = Omit<LinkedRecord, "parked" | "variants">
type ChildRow = LinkSummary & { connection_id: string; parent_erp_id: ErpId }

/** Where a record of the store stands in each ERP. */
export const linkedRecords = (sql: Sql): LinkedRecords => ({
  async linkedRecords(entity, medusaId) {
    const records = await sql.rows<Row>(
      null,
      `select l.connection_id, c.erp, ${SUMMARY}
       from erp_link l join erp_connection c on c.id = l.connection_id
       where l.medusa_id = ? and l.entity = ?
       order by l.state = 'tombstone', l.connection_id`,
      [medusaId, entity],
    )
    if (records.length === 0) return []
    const bindings = [medusaId, entity]
    const variants = await sql.rows<ChildRow>(
      null,
      `select l.connection_id, l.parent_erp_id, ${SUMMARY} from erp_link l ${OF_PRODUCT}
       where o.medusa_id = ? and o.entity = ? order by l.id`,
      bindings,
    )
    const parked = await sql.rows<ParkedRow & { owner_erp_id: ErpId }>(null, PARKED, bindings)
    return records.map((record) => ({
      ...record,
      parked: parked
        .filter((row) => row.connection_id === record.connection_id)
        .filter((row) => row.owner_erp_id === record.erp_id)
        .map(({ owner_erp_id: _owner, ...row }) => row),
      variants: variants
        .filter((row) => row.connection_id === record.connection_id)
        .filter((row) => row.parent_erp_id === record.erp_id)
        .map(({ connection_id: _connection, parent_erp_id: _parent, ...row }) => row),
    }))
  },
})

const SUMMARY = `l.entity, l.erp_id, l.medusa_id, l.state, ${iso("l.agreed_at")} as agreed_at`

const OF_PRODUCT = `
  join erp_link o on o.connection_id = l.connection_id and o.erp_id = l.parent_erp_id
    and o.entity = 'product' and l.entity = 'variant'`

/** `o` is the record asked for, `l` the parked record's own link, which may be a child of it. */
const PARKED = `
  select o.erp_id as owner_erp_id, ${PARKED_COLUMNS} from erp_parked p ${PARKED_LINK}
  join erp_link o on o.connection_id = p.connection_id
    and (o.entity = p.entity and o.erp_id = p.erp_id
      or o.entity = 'product' and p.entity = 'variant' and o.erp_id = coalesce(l.parent_erp_id, p.key))
  where o.medusa_id = ? and o.entity = ? and p.ignored_at is null
  order by p.created_at desc, p.id`
