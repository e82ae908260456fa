import { JournalEntry, Run } from "../../../engine/ports"
import { Entity } from "../../../sync/canonical"
import { equalities } from "./conditions"
import { RUN_COLUMNS, RunRow } from "./run-rows"
import { iso, Sql } from "./sql"

export interface PageFilter {
  connection_id?: string | undefined
  limit: number
  offset: number
}

export interface JournalRow extends JournalEntry {
  id: string
  connection_id: string
  created_at: string
}

export interface RunListing {
  /** Newest first. */
  listRuns(
    filter: PageFilter & { state?: string | undefined; kind?: string | undefined },
  ): Promise<{ runs: Run[]; count: number }>
  /** Newest first. */
  listJournal(
    filter: PageFilter & {
      run_id?: string | undefined
      kind?: string | undefined
      entity?: Entity | undefined
      erp_id?: string | undefined
      medusa_id?: string | undefined
    },
  ): Promise<{ entries: JournalRow[]; count: number }>
}

/** Runs and what they did, in pages. */
export const runListing = (sql: Sql): RunListing => ({
  async listRuns({ limit, offset, connection_id, state, kind }) {
    const { where, bindings } = equalities({ connection_id, state, kind })
    const runs = await sql.rows<RunRow>(
      null,
      `select ${RUN_COLUMNS} from erp_run where ${where}
       order by erp_run.created_at desc, id desc limit ? offset ?`,
      [...bindings, limit, offset],
    )
    return { runs, count: await countRows(sql, "erp_run", where, bindings) }
  },

  async listJournal({ limit, offset, ...filter }) {
    const { where, bindings } = equalities({ ...filter })
    const entries = await sql.rows<JournalRow>(
      null,
      `select id, connection_id, run_id, entity, erp_id, medusa_id, field, side, kind,
         from_value as "from", to_value as "to", rule, ${iso("created_at")} as created_at
       from erp_journal where ${where}
       order by erp_journal.created_at desc, id desc limit ? offset ?`,
      [...bindings, limit, offset],
    )
    return { entries, count: await countRows(sql, "erp_journal", where, bindings) }
  },
})

export const countRows = async (
  sql: Sql,
  table: string,
  where: string,
  bindings: Parameters<Sql["rows"]>[2],
): Promise<number> => {
  const rows = await sql.rows<{ count: string }>(
    null,
    `select count(*) from ${table} where ${where}`,
    bindings,
  )
  return Number(rows[0]?.count ?? 0)
}
