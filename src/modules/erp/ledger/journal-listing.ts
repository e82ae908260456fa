import { JournalEntry } from "../../../engine/ports"
import { Entity } from "../../../sync/canonical"
import { Side } from "../../../sync/values"
import { equalities } from "./conditions"
import { PageFilter } from "./run-listing"
import { Binding, iso, onlyRow, Sql } from "./sql"

export interface JournalRow extends JournalEntry {
  id: string
  connection_id: string
  created_at: string
}

export interface JournalFilter {
  connection_id?: string | undefined
  run_id?: string | undefined
  kind?: string | undefined
  entity?: Entity | undefined
  erp_id?: string | undefined
  medusa_id?: string | undefined
  field?: string | undefined
  side?: Side | undefined
  /** ISO time of the oldest entry. */
  since?: string | undefined
}

export interface JournalListing {
  /** Newest first; the count ends at `MOST_COUNTED`. */
  listJournal(filter: JournalFilter & PageFilter): Promise<{ entries: JournalRow[]; count: number }>
  journalEntry(id: string): Promise<JournalRow | null>
}

/** A journal of years is not counted to its end for each page. */
export const MOST_COUNTED = 100_000

/** What was done, in pages. */
export const journalListing = (sql: Sql): JournalListing => ({
  async listJournal({ limit, offset, since, ...filter }) {
    const equal = equalities({ ...filter })
    const where = since === undefined ? equal.where : `${equal.where} and created_at >= ?`
    const bindings: Binding[] = since === undefined ? equal.bindings : [...equal.bindings, since]
    const entries = await sql.rows<JournalRow>(
      null,
      `select ${COLUMNS} from erp_journal where ${where}
       order by erp_journal.created_at desc, id desc limit ? offset ?`,
      [...bindings, limit, offset],
    )
    const counted = await sql.rows<{ count: string }>(
      null,
      `select count(*) from (select 1 from erp_journal where ${where} limit ?) as counted`,
      [...bindings, MOST_COUNTED],
    )
    return { entries, count: Number(onlyRow(counted).count) }
  },

  async journalEntry(id) {
    const rows = await sql.rows<JournalRow>(
      null,
      `select ${COLUMNS} from erp_journal where id = ?`,
      [id],
    )
    return rows[0] ?? null
  },
})

const COLUMNS = `
  id, connection_id, run_id, entity, erp_id, medusa_id, field, side, kind,
  from_value as "from", to_value as "to", rule, ${iso("created_at")} as created_at`
