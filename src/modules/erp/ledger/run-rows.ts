import { Run } from "../../../engine/ports"
import { iso } from "./sql"

/** Columns of a run, as `Run` names them. */
export const RUN_COLUMNS = `
  id, connection_id, kind, lane, streams, stream, state, cursor, done, total, counters,
  cancel_requested, approved, error, ${iso("created_at")} as created_at,
  ${iso("stream_started_at")} as stream_started_at,
  ${iso("started_at")} as started_at, ${iso("finished_at")} as finished_at`

/** The columns are the fields; nothing of a run is a bigint. */
export type RunRow = Run

export const NO_COUNTERS: Run["counters"] = {
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  parked: 0,
  gone: 0,
  writes: 0,
  events: 0,
  requests: 0,
  pushed: 0,
}
