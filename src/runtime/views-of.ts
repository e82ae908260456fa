import { ConnectionRow, Run } from "../engine/ports"
import { ErpLedger, ParkedRow } from "../modules/erp/ledger"
import { ConnectionOptions } from "../modules/erp/options"
import { STREAMS } from "../sync/canonical"
import { nextDue, progressOf } from "../sync/schedule"
import { Connections, identityOf, StoredCheck } from "./connections"
import { ConnectionState, ConnectionView, ParkedView, RunView, StreamView } from "./views"

/** A run as the control room shows it; rate and remaining time are those of the stream under way. */
export const runView = (run: Run, now: string): RunView => {
  const alive = run.state === "running"
  const from = run.stream_started_at ?? run.started_at
  const progress =
    alive && from
      ? progressOf({
          done: run.done,
          total: run.total,
          elapsed_ms: Date.parse(now) - Date.parse(from),
        })
      : { rate: null, remaining_seconds: null }
  return {
    id: run.id,
    connection_id: run.connection_id,
    kind: run.kind,
    lane: run.lane,
    state: run.state,
    streams: run.streams,
    stream: run.stream,
    position: { done: run.done, total: run.total },
    counters: run.counters,
    ...progress,
    error: run.error,
    created_at: run.created_at,
    started_at: run.started_at,
    finished_at: run.finished_at,
  }
}

export const parkedView = (row: ParkedRow): ParkedView => ({
  id: row.id,
  connection_id: row.connection_id,
  stream: row.stream,
  entity: row.entity,
  erp_id: row.erp_id,
  medusa_id: row.medusa_id,
  field: row.field,
  reason: row.reason,
  message: row.message,
  value: row.value,
  remedy: row.remedy,
  first_at: row.first_at,
  last_at: row.last_at,
  ignored_at: row.ignored_at,
})

/** Everything about one connection, from its row, its options, its runs and what it left open. */
export const connectionView = async (
  ledger: ErpLedger,
  connections: Connections,
  row: Awaited<ReturnType<ErpLedger["connections"]>>[number],
  now: string,
): Promise<ConnectionView> => {
  const options = connections.options(row.id)
  const identity = identityOf(row)
  const links = await ledger.linkCounts(row.id)
  const depth = await ledger.dirtyDepth(row.id)
  const { runs } = await ledger.listRuns({ connection_id: row.id, limit: 20, offset: 0 })
  const parked = await ledger.listParked({ connection_id: row.id, limit: 1, offset: 0 })
  const current = runs.find((run) => ["queued", "running", "awaiting_approval"].includes(run.state))
  const last = runs.find((run) => ["completed", "failed", "cancelled"].includes(run.state))
  const problems = row.state === "active" ? await connections.problems(row.id) : []
  const checks = [
    ...((row.check as StoredCheck | null)?.items ?? []),
    ...problems.map((problem) => ({ ...problem, ok: false })),
  ]
  const open = await openOf(ledger, row.id)
  const view = {
    id: row.id,
    erp: row.erp,
    host: options ? hostOf(options) : null,
    reason: row.reason,
    checks,
    checked_at: row.checked_at,
    identity: identity && {
      version: identity.version,
      company: identity.company,
      currencies: identity.currencies,
      warehouses: identity.warehouses,
    },
    links: { categories: links.category, products: links.product, variants: links.variant },
    streams: options
      ? await streamViews(ledger, options, row, connections.takesImages(row.id), now)
      : [],
    parked: parked.count,
    ...open,
    push: pushOf(options, row),
    hook: await hookOf(ledger, row.id),
    dirty: STREAMS.reduce((sum, stream) => sum + depth[stream], 0),
    current_run: current ? runView(current, now) : null,
    last_run: last ? runView(last, now) : null,
  }
  return { ...view, state: stateOf(row.state, view) }
}

const openOf = async (
  ledger: ErpLedger,
  id: Run["connection_id"],
): Promise<Pick<ConnectionView, "differences" | "rules">> => {
  const differences = { drift: 0, pending: 0, conflict: 0 }
  const counts = await ledger.countDifferences(id)
  for (const { kind, count } of counts) differences[kind] += count
  const isHeld = counts.some(({ reason }) => reason === "rules_changed")
  return { differences, rules: isHeld ? "waits" : "agreed" }
}

const pushOf = (
  options: ConnectionOptions | undefined,
  row: { push_approved_at: string | null },
): ConnectionView["push"] => {
  if (!options?.push) return "off"
  return row.push_approved_at === null ? "waits" : "on"
}

const hookOf = async (
  ledger: ErpLedger,
  id: Run["connection_id"],
): Promise<ConnectionView["hook"]> => {
  const hook = await ledger.hook(id)
  return { token_at: hook?.token_at ?? null, counters: hook?.counters ?? {} }
}

/** Something stands still until a person acts. */
export const needsPerson = (view: Omit<ConnectionView, "state">): boolean =>
  view.current_run?.state === "awaiting_approval" ||
  view.parked > 0 ||
  view.differences.conflict > 0 ||
  view.rules === "waits" ||
  (view.push === "waits" && view.differences.pending > 0) ||
  view.checks.some((check) => !check.ok) ||
  view.streams.some(({ error }) => error !== null)

const stateOf = (
  state: "active" | "paused",
  view: Omit<ConnectionView, "state">,
): ConnectionState => {
  if (state === "paused") {
    return "paused"
  }
  if (view.current_run) {
    return view.current_run.state === "awaiting_approval" ? "needs_you" : "working"
  }
  if (!view.last_run) {
    return "never_run"
  }
  return needsPerson(view) ? "needs_you" : "in_sync"
}

/** A stream is late when it missed several turns, and some minutes besides: runs take their time. */
const LATE_TURNS = 3
const LATE_MS = 10 * 60_000

const streamViews = async (
  ledger: ErpLedger,
  options: ConnectionOptions,
  row: Pick<ConnectionRow, "id" | "approved_at">,
  images: boolean,
  now: string,
): Promise<StreamView[]> => {
  const streams = STREAMS.filter((stream) => stream !== "images" || images)
  const runs = await ledger.streamRuns(row.id, streams)
  return runs.map(({ stream, last_started_at, error, succeeded_at, at_work }) => {
    const since = succeeded_at ?? row.approved_at
    const lag = since === null ? null : Math.max(0, Date.parse(now) - Date.parse(since))
    const interval = options.schedule[stream]
    return {
      stream,
      last_run_at: last_started_at,
      last_success_at: succeeded_at,
      next_due_at: nextDue(last_started_at, interval, now),
      interval_ms: interval,
      error,
      lag_seconds: lag === null ? null : Math.round(lag / 1000),
      is_late: lag !== null && !at_work && lag > LATE_TURNS * interval + LATE_MS,
    }
  })
}

/** The ERP's host for display: without scheme, user information, path or query. */
export const hostOf = (options: ConnectionOptions): string | null => {
  const { url } = options.credentials
  if (typeof url !== "string" || !URL.canParse(url)) {
    return null
  }
  return new URL(url).host
}
