import { INTERVAL_MS, NOW, Sql } from "./sql"
import { brought } from "./stream-runs"

/** How long finished things are kept, in milliseconds. */
export interface Retention {
  journal_ms: number
  runs_ms: number
}

export interface InstanceBeat {
  /** Unlike for every start of a process. */
  id: string
  mode: string
  host: string
  /** What happened now, besides being alive. Claims are noted by the statements that claim. */
  event?: "tick"
  /** The process's clock, milliseconds since 1970. */
  clock_ms: number
}

export interface Upkeep {
  /** Says that this process is alive. */
  beat(instance: InstanceBeat): Promise<void>
  removeInstance(id: string): Promise<void>
  /** Deletes what is older than the retention, at most `limit` rows of a kind; returns how many. */
  prune(
    retention: Retention,
    limit: number,
  ): Promise<{ journal: number; runs: number; marks: number }>
}

const INSTANCES_MS = 24 * 60 * 60 * 1000

/** Health of the instances, and the end of old rows. */
export const upkeep = (sql: Sql): Upkeep => ({
  async beat({ id, mode, host, event, clock_ms }) {
    await sql.rows(
      null,
      `insert into erp_instance as i (id, mode, host, started_at, last_tick_at, clock_ahead_ms)
       select ?, ?, ?, ${NOW}, case when ?::text = 'tick' then ${NOW} end,
         ?::float8 - extract(epoch from ${NOW})::float8 * 1000
       on conflict (id) do update set
         last_tick_at = coalesce(excluded.last_tick_at, i.last_tick_at),
         clock_ahead_ms = excluded.clock_ahead_ms,
         updated_at = ${NOW}`,
      [id, mode, host, event ?? null, clock_ms],
    )
  },

  async removeInstance(id) {
    await sql.rows(null, `delete from erp_instance where id = ?`, [id])
  },

  async prune({ journal_ms, runs_ms }, limit) {
    await sql.rows(null, `delete from erp_instance where updated_at < ${NOW} - ${INTERVAL_MS}`, [
      INSTANCES_MS,
    ])
    return {
      journal: await pruneTable(sql, "erp_journal", "created_at", journal_ms, limit, NOT_OPEN),
      runs: await pruneTable(sql, "erp_run", "finished_at", runs_ms, limit, NOT_LAST),
      marks: await pruneMarks(sql, limit),
    }
  },
})

const pruneTable = async (
  sql: Sql,
  table: string,
  column: string,
  ageMs: number,
  limit: number,
  further = "true",
): Promise<number> => {
  const rows = await sql.rows(
    null,
    `delete from ${table} where id in (
       select id from ${table} where ${column} < ${NOW} - ${INTERVAL_MS} and ${further}
       order by ${column} limit ? for update skip locked)
     returning 1`,
    [ageMs, limit],
  )
  return rows.length
}

/** What a person may need to decide a conflict stays as long as it is open. */
const NOT_OPEN = `not exists (
  select 1 from erp_link l
  join erp_difference d
    on d.link_id = l.id and d.field = erp_journal.field and d.kind = 'conflict'
  where l.connection_id = erp_journal.connection_id and l.entity = erp_journal.entity
    and l.erp_id = erp_journal.erp_id)`

/** How long a stream has not been brought must be known for longer than runs are kept. */
const NOT_LAST = `not exists (
  select 1 from unnest(erp_run.streams) as s(stream)
  where ${brought("erp_run", "s.stream")} and not exists (
    select 1 from erp_run later
    where later.connection_id = erp_run.connection_id and later.streams @> array[s.stream]
      and later.finished_at > erp_run.finished_at and ${brought("later", "s.stream")}))`

/** Marks of sweeps that ended without clearing them. */
const pruneMarks = async (sql: Sql, limit: number): Promise<number> => {
  const rows = await sql.rows(
    null,
    `delete from erp_sweep where ctid = any(array(
       select s.ctid from erp_sweep s
       where not exists (
         select 1 from erp_run r where r.id = s.run_id and r.finished_at is null)
       limit ?))
     returning 1`,
    [limit],
  )
  return rows.length
}
