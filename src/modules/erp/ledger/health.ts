import { Run } from "../../../engine/ports"
import { Stream } from "../../../sync/canonical"
import { RUN_COLUMNS, RunRow } from "./run-rows"
import { iso, NOW, Sql } from "./sql"
import { brought } from "./stream-runs"

export interface InstanceRow {
  id: string
  mode: string
  host: string
  started_at: string
  last_tick_at: string | null
  last_claim_at: string | null
  /** Seconds since it last said that it is alive, by the database's clock. */
  silent_seconds: number
  /** How far its clock was ahead of the database's; null where it has not said. */
  clock_ahead_ms: number | null
}

export interface StreamHealth {
  connection_id: string
  stream: Stream
  /** Keys that need a look, due or not. */
  dirty: number
  /** How long the oldest due key has waited. */
  waits_seconds: number
  parked: number
  /** End of the last run that brought this stream. */
  succeeded_at: string | null
}

export interface LedgerHealth {
  streams: StreamHealth[]
  instances: InstanceRow[]
  /** The newest run of each connection and lane. */
  runs: Run[]
  pending_events: number
  /** Values written in the last day, by side. */
  writes: { connection_id: string; medusa: number; erp: number }[]
}

export interface Health {
  /** The numbers behind the health page, for all connections; streams without any are left out. */
  health(): Promise<LedgerHealth>
  /** Seconds since any worker or shared instance last ticked; null when none ever did. */
  secondsSinceTick(): Promise<number | null>
}

/** How the sync is doing, in a handful of statements. */
export const health = (sql: Sql): Health => ({
  async health() {
    const streams = await sql.rows<StreamHealth>(null, STREAMS)
    const instances = await sql.rows<InstanceRow>(
      null,
      `select id, mode, host, ${iso("started_at")} as started_at,
         ${iso("last_tick_at")} as last_tick_at, ${iso("last_claim_at")} as last_claim_at,
         extract(epoch from ${NOW} - updated_at)::float8 as silent_seconds, clock_ahead_ms
       from erp_instance order by started_at, id`,
    )
    const runs = await sql.rows<RunRow>(
      null,
      `select distinct on (connection_id, lane) ${RUN_COLUMNS} from erp_run
       order by connection_id, lane, erp_run.created_at desc, id desc`,
    )
    const events = await sql.rows<{ count: string }>(null, `select count(*) from erp_event`)
    const writes = await sql.rows<LedgerHealth["writes"][number]>(null, WRITES)
    return { streams, instances, runs, pending_events: Number(events[0]?.count ?? 0), writes }
  },

  async secondsSinceTick() {
    const rows = await sql.rows<{ seconds: number | null }>(
      null,
      `select extract(epoch from ${NOW} - max(last_tick_at))::float8 as seconds from erp_instance`,
    )
    return rows[0]?.seconds ?? null
  },
})

const WRITES = `
  select connection_id, count(*) filter (where side = 'medusa')::int as medusa,
    count(*) filter (where side = 'erp')::int as erp
  from erp_journal
  where created_at > ${NOW} - interval '1 day' and kind in ('write', 'superseded', 'create')
  group by connection_id order by connection_id`

const STREAMS = `
  with waiting as (
    select connection_id, stream, count(*)::int as dirty,
      greatest(0, extract(epoch from ${NOW} - min(due_at)))::float8 as waits_seconds
    from erp_dirty group by 1, 2
  ), parked as (
    select connection_id, stream, count(*)::int as parked from erp_parked where ignored_at is null group by 1, 2
  ), succeeded as (
    select r.connection_id, s.stream, max(r.finished_at) as succeeded_at
    from erp_run r cross join lateral unnest(r.streams) as s(stream)
    where ${brought("r", "s.stream")} group by 1, 2
  )
  select connection_id, stream, coalesce(dirty, 0) as dirty,
    coalesce(waits_seconds, 0) as waits_seconds, coalesce(parked, 0) as parked,
    ${iso("succeeded_at")} as succeeded_at
  from waiting
  full join parked using (connection_id, stream)
  full join succeeded using (connection_id, stream)
  order by connection_id, stream`
