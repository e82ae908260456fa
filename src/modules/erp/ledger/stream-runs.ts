import { Run } from "../../../engine/ports"
import { Stream } from "../../../sync/canonical"
import { iso, Sql } from "./sql"

/** How the runs over a stream ended. */
export interface StreamRuns {
  stream: Stream
  /** When the last one began, unless it still waits for its turn. */
  last_started_at: string | null
  /** Why the last one that ended did not bring this stream; null when it did. */
  error: Run["error"]
  /** End of the last one that brought it, whatever became of the run's other streams. */
  succeeded_at: string | null
  /** One is at it now, and met no obstacle. */
  at_work: boolean
}

export interface StreamRunning {
  /** One row for each of the streams. */
  streamRuns(connection: string, streams: readonly Stream[]): Promise<StreamRuns[]>
}

/**
 * Whether a run brought a stream: it completed, or failed in others alone. Rows of a version that did
 * not note which ones brought none.
 */
export const brought = (run: string, stream: string): string => `(${run}.state = 'completed'
  or ${run}.state = 'failed' and ${run}.error -> 'streams' is not null
    and not ${run}.error -> 'streams' @> to_jsonb(${stream}))`

export const streamRuns = (sql: Sql): StreamRunning => ({
  streamRuns: (connection, streams) =>
    sql.rows<StreamRuns>(null, STREAM_RUNS, [[...streams], connection]),
})

const of = (columns: string, which: string, order: string): string => `left join lateral (
  select ${columns} from erp_run r
  where r.connection_id = c.id and r.streams @> array[s.stream] and ${which}
  order by ${order} limit 1)`

const STREAM_RUNS = `
  select s.stream, ${iso("begun.started_at")} as last_started_at,
    case when not ended.brought then ended.error end as error,
    ${iso("good.finished_at")} as succeeded_at,
    coalesce(present.at_work, false) as at_work
  from unnest(?::text[]) with ordinality as s(stream, place)
  join erp_connection c on c.id = ?
  ${of("r.started_at", "r.state in ('running', 'completed', 'failed')", "r.created_at desc, r.id desc")}
    begun on true
  ${of(`r.error, ${brought("r", "s.stream")} as brought`, "r.state in ('completed', 'failed')", "r.finished_at desc, r.id desc")}
    ended on true
  ${of("r.finished_at", brought("r", "s.stream"), "r.finished_at desc, r.id desc")} good on true
  ${of("true as at_work", "r.state = 'running' and r.error is null", "r.id")} present on true
  order by s.place`
