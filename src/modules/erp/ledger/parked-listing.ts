import { ParkedRecord } from "../../../engine/ports"
import { Entity } from "../../../sync/canonical"
import { MedusaId } from "../../../sync/ids"
import { equalities } from "./conditions"
import { countRows, PageFilter } from "./run-listing"
import { iso, Sql } from "./sql"

export interface ParkedRow extends Omit<ParkedRecord, "waits_for"> {
  id: string
  connection_id: string
  /** Where the record is linked. */
  medusa_id: MedusaId | null
  /** When it parked, and when it was last looked at. */
  first_at: string
  last_at: string
  /** When a person set it aside. */
  ignored_at: string | null
}

export interface ParkedListing {
  /**
   * Newest first; `reasons` counts all of the connection, whatever reason is asked for. What was set
   * aside is neither listed nor counted, unless it alone is asked for.
   */
  listParked(
    filter: PageFilter & {
      reason?: string | undefined
      entity?: Entity | undefined
      erp_id?: string | undefined
      ignored?: boolean | undefined
    },
  ): Promise<{ parked: ParkedRow[]; count: number; reasons: { reason: string; count: number }[] }>
  /** Rows by their ids, those that were set aside among them. */
  parkedById(ids: string[]): Promise<ParkedRow[]>
}

/** Columns of a parked record (`p`) and of its link (`l`). */
export const PARKED_COLUMNS = `
  p.id, p.connection_id, p.stream, p.entity, p.erp_id, p.field, p.key, p.reason, p.message, p.value,
  p.remedy, p.version, l.medusa_id, ${iso("p.created_at")} as first_at,
  ${iso("p.looked_at")} as last_at, ${iso("p.ignored_at")} as ignored_at`

export const PARKED_LINK = `
  left join erp_link l on l.connection_id = p.connection_id and l.entity = p.entity
    and l.erp_id = p.erp_id`

/** What is parked, in pages. */
export const parkedListing = (sql: Sql): ParkedListing => ({
  async listParked({ limit, offset, connection_id, reason, entity, erp_id, ignored = false }) {
    const aside = `p.ignored_at is ${ignored ? "not null" : "null"}`
    const all = equalities({ "p.connection_id": connection_id })
    const chosen = equalities({
      "p.connection_id": connection_id,
      "p.reason": reason,
      "p.entity": entity,
      "p.erp_id": erp_id,
    })
    const parked = await sql.rows<ParkedRow>(
      null,
      `select ${PARKED_COLUMNS} from erp_parked p ${PARKED_LINK} where ${chosen.where} and ${aside}
       order by p.created_at desc, p.id desc limit ? offset ?`,
      [...chosen.bindings, limit, offset],
    )
    const reasons = await sql.rows<{ reason: string; count: string }>(
      null,
      `select p.reason, count(*) from erp_parked p where ${all.where} and ${aside}
       group by p.reason order by count(*) desc, p.reason`,
      all.bindings,
    )
    return {
      parked,
      count: await countRows(sql, "erp_parked p", `${chosen.where} and ${aside}`, chosen.bindings),
      reasons: reasons.map((row) => ({ reason: row.reason, count: Number(row.count) })),
    }
  },
  parkedById: (ids) =>
    sql.rows<ParkedRow>(
      null,
      `select ${PARKED_COLUMNS} from erp_parked p ${PARKED_LINK}
       where p.id = any(?::text[]) order by p.id`,
      [ids],
    ),
})
