import { Run } from "../../../engine/ports"
import { equalities } from "./conditions"
import { RUN_COLUMNS, RunRow } from "./run-rows"
import { Sql } from "./sql"

export interface PageFilter {
  connection_id?: string | undefined
  limit: number
  offset: number
}

export interface RunListing {
  /** Newest first. */
  listRuns(
    filter: PageFilter & { state?: string | undefined; kind?: string | undefined },
  ): Promise<{ runs: Run[]; count: number }>
}

/** Runs, in pages. */
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
