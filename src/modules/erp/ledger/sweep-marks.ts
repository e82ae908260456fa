import { Ledger } from "../../../engine/ports"
import { LINK_COLUMNS, LinkRow, toLink } from "./link-rows"
import { Sql, Tx } from "./sql"

type SweepMarks = Pick<Ledger<Tx>, "unsweptLinks" | "markSwept" | "clearSwept">

/** What a sweep has seen, and which links it has not. */
export const sweepMarks = (sql: Sql): SweepMarks => ({
  /** A child counts as seen with its product. Links that are gone already are not asked about. */
  // The offsets keep both as look-ups: joins were planned on statistics older than the marks.
  async unsweptLinks(connection, runId, entity, afterErpId, limit) {
    const rows = await sql.rows<LinkRow>(
      null,
      `select ${LINK_COLUMNS} from erp_link l
       where l.connection_id = ? and l.entity = ? and l.erp_id > ?
         and l.state in ('creating', 'linked')
         and not exists (
           select 1 from erp_sweep s
           where s.run_id = ? and s.entity = l.entity and s.erp_id = l.erp_id offset 0)
         and not exists (
           select 1 from erp_sweep s
           where s.run_id = ? and s.entity = 'product' and s.erp_id = l.parent_erp_id
           offset 0)
       order by l.erp_id limit ?`,
      [connection, entity, afterErpId ?? "", runId, runId, limit],
    )
    return rows.map(toLink)
  },

  async markSwept(tx, runId, entity, erpIds) {
    if (erpIds.length === 0) return
    await sql.rows(
      tx,
      `insert into erp_sweep (run_id, entity, erp_id)
       select distinct ?, ?, unnest(?::text[]) on conflict do nothing`,
      [runId, entity, erpIds],
    )
  },

  async clearSwept(runId) {
    await sql.rows(null, `delete from erp_sweep where run_id = ?`, [runId])
  },
})
