import { Ledger, Run } from "../../../engine/ports"
import { isUniqueViolation } from "./database-errors"
import { NOTED } from "./noted-claims"
import { NO_COUNTERS, RUN_COLUMNS, RunRow } from "./run-rows"
import { saveRun } from "./save-run"
import { INTERVAL_MS, json, newId, NOW, onlyRow, Sql, Tx } from "./sql"

type Runs = Pick<
  Ledger<Tx>,
  "enqueueRun" | "run" | "claimRun" | "saveRun" | "releaseRun" | "lastRun"
> & {
  /** Lets a run that awaits approval queue; null when there is no such run. */
  approveRun(id: string): Promise<Run | null>
  /** Asks a running run to stop, and ends one that has not begun; null when there is no such run. */
  cancelRun(id: string): Promise<Run | null>
}

/** Runs: queued, claimed under a lease, saved under its fence. */
export const runs = (sql: Sql): Runs => ({
  /** A run equal to one that still waits is that run: two instances that find the same due start one. */
  enqueueRun: (connection, run) =>
    sql.transaction(async (tx) => {
      await sql.rows(tx, `select 1 from erp_connection where id = ? for update`, [connection])
      const waiting = await sql.rows<RunRow>(
        tx,
        `select ${RUN_COLUMNS} from erp_run
         where connection_id = ? and kind = ? and lane = ? and streams = ?::text[] and state = ?
           and approved = ? and state in ('queued', 'awaiting_approval')
         order by created_at, id limit 1`,
        [connection, run.kind, run.lane, run.streams, run.state, run.approved],
      )
      return waiting[0] ?? insertRun(sql, tx, connection, run)
    }),

  async run(id) {
    const rows = await sql.rows<RunRow>(null, `select ${RUN_COLUMNS} from erp_run where id = ?`, [
      id,
    ])
    return rows[0] ?? null
  },

  async claimRun(connection, lane, lease) {
    try {
      const bindings = [lease.owner, lease.ms, connection, lane, lease.owner]
      const rows = await sql.rows<RunRow>(null, CLAIM, bindings)
      return rows[0] ?? null
    } catch (error) {
      // Another claimer took another run of this lane in the same moment: the index let one through.
      if (isUniqueViolation(error)) return null
      throw error
    }
  },

  saveRun: (tx, runId, owner, leaseMs, patch) => saveRun(sql, tx, runId, owner, leaseMs, patch),

  async releaseRun(runId, owner, delayMs = 0) {
    await sql.rows(
      null,
      `update erp_run set lease_until = ${NOW} + ${INTERVAL_MS}, updated_at = ${NOW}
       where id = ? and lease_owner = ? and state = 'running' and lease_until > ${NOW}`,
      [delayMs, runId, owner],
    )
  },

  async lastRun(connection, stream, states) {
    const rows = await sql.rows<RunRow>(
      null,
      `select ${RUN_COLUMNS} from erp_run
       where connection_id = ? and streams @> array[?]::text[] and state = any(?::text[])
       order by created_at desc, id desc limit 1`,
      [connection, stream, states],
    )
    return rows[0] ?? null
  },

  async approveRun(id) {
    const rows = await sql.rows<RunRow>(
      null,
      `update erp_run set approved = true, updated_at = ${NOW},
         state = case when state = 'awaiting_approval' then 'queued' else state end
       where id = ? returning ${RUN_COLUMNS}`,
      [id],
    )
    return rows[0] ?? null
  },

  async cancelRun(id) {
    const rows = await sql.rows<RunRow>(
      null,
      `update erp_run set
         cancel_requested = cancel_requested or finished_at is null,
         finished_at = case
           when state in ('queued', 'awaiting_approval') then ${NOW} else finished_at end,
         state = case
           when state in ('queued', 'awaiting_approval') then 'cancelled' else state end,
         updated_at = ${NOW}
       where id = ? returning ${RUN_COLUMNS}`,
      [id],
    )
    return rows[0] ?? null
  },
})

const insertRun = async (
  sql: Sql,
  tx: Tx,
  connection: string,
  run: Parameters<Ledger<Tx>["enqueueRun"]>[1],
): Promise<Run> => {
  const rows = await sql.rows<RunRow>(
    tx,
    `insert into erp_run (id, connection_id, kind, lane, streams, state, approved, counters, created_at)
     values (${newId("erun")}, ?, ?, ?, ?::text[], ?, ?, ?::jsonb, clock_timestamp())
     returning ${RUN_COLUMNS}`,
    [connection, run.kind, run.lane, run.streams, run.state, run.approved, json(NO_COUNTERS)],
  )
  return onlyRow(rows)
}

// A dead run goes before queued ones, and while it is there no queued one may pass it.
const CLAIM = `
  with claimed as (
    update erp_run set state = 'running', lease_owner = ?, lease_until = ${NOW} + ${INTERVAL_MS},
      claims = claims + 1, started_at = coalesce(started_at, ${NOW}), updated_at = ${NOW}
    where id = (
      select c.id from erp_run c
      where c.connection_id = ? and c.lane = ?
        and (c.state = 'running' and c.lease_until <= ${NOW}
          or c.state = 'queued' and not exists (
            select 1 from erp_run r
            where r.connection_id = c.connection_id and r.lane = c.lane and r.state = 'running'))
      order by c.state = 'queued', c.created_at, c.id
      limit 1 for update skip locked)
    returning ${RUN_COLUMNS}
  ), ${NOTED}
  select * from claimed`
