import { Run } from "../engine/ports"
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
  return {
    id: row.id,
    erp: row.erp,
    host: options ? hostOf(options) : null,
    state: stateOf(row.state, current, last, parked.count, checks),
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
      ? await streamViews(ledger, options, row.id, connections.takesImages(row.id), now)
      : [],
    parked: parked.count,
    differences: await openOf(ledger, row.id),
    push: pushOf(options, row),
    hook: await hookOf(ledger, row.id),
    dirty: STREAMS.reduce((sum, stream) => sum + depth[stream], 0),
    current_run: current ? runView(current, now) : null,
    last_run: last ? runView(last, now) : null,
  }
}

const openOf = async (
  ledger: ErpLedger,
  id: Run["connection_id"],
): Promise<ConnectionView["differences"]> => {
  const open = { drift: 0, pending: 0, conflict: 0 }
  for (const { kind, count } of await ledger.countDifferences(id)) open[kind] += count
  return open
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

const stateOf = (
  state: "active" | "paused",
  current: Run | undefined,
  last: Run | undefined,
  parked: number,
  checks: ConnectionView["checks"],
): ConnectionState => {
  if (state === "paused") {
    return "paused"
  }
  if (current?.state === "awaiting_approval") {
    return "needs_you"
  }
  if (current) {
    return "working"
  }
  if (!last) {
    return "never_run"
  }
  return last.state === "failed" || parked > 0 || checks.some((check) => !check.ok)
    ? "needs_you"
    : "in_sync"
}

const streamViews = async (
  ledger: ErpLedger,
  options: ConnectionOptions,
  id: Run["connection_id"],
  images: boolean,
  now: string,
): Promise<StreamView[]> =>
  Promise.all(
    STREAMS.filter((stream) => stream !== "images" || images).map(async (stream) => {
      const last = await ledger.lastRun(id, stream, ["running", "completed", "failed"])
      const good = await ledger.lastRun(id, stream, ["completed"])
      return {
        stream,
        last_run_at: last?.started_at ?? null,
        last_success_at: good?.finished_at ?? null,
        next_due_at: nextDue(last?.started_at ?? null, options.schedule[stream], now),
        interval_ms: options.schedule[stream],
      }
    }),
  )

/** The ERP's host for display: without scheme, user information, path or query. */
export const hostOf = (options: ConnectionOptions): string | null => {
  const { url } = options.credentials
  if (typeof url !== "string" || !URL.canParse(url)) {
    return null
  }
  return new URL(url).host
}
