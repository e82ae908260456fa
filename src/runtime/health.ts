import { ErpLedger } from "../modules/erp/ledger"
import { STREAMS, Stream } from "../sync/canonical"
import { Connections } from "./connections"
import { ConnectionView, HealthView } from "./views"
import { connectionView, needsPerson } from "./views-of"

/** No tick for this long means that no schedule runs any more. */
const SILENT_SECONDS = 180
/** An instance that ended without a word is warned of for this long. */
const FORGOTTEN_SECONDS = 30 * 60
/** What a busy database adds to the time of an answer stays below this. */
const CLOCK_APART_MS = 30_000

/** How the sync is doing: instances, lag of each stream, what is open, and what is wrong. */
export const healthView = async (
  ledger: ErpLedger,
  connections: Connections,
): Promise<HealthView> => {
  const now = await ledger.now()
  const health = await ledger.health()
  const rows = await ledger.connections()
  const views = await Promise.all(rows.map((row) => connectionView(ledger, connections, row, now)))
  const stopped = await instanceWarnings(ledger, health.instances)
  const dead = [...deadInstances(health.instances), ...wrongClocks(health.instances)]
  const late = views.flatMap(lateStreams)
  return {
    status: statusOf(views, stopped, [...dead, ...late]),
    instances: health.instances.map((instance) => ({
      id: instance.id,
      mode: instance.mode,
      started_at: instance.started_at,
      last_tick_at: instance.last_tick_at,
      last_claim_at: instance.last_claim_at,
    })),
    warnings: [...stopped, ...dead, ...late],
    connections: rows.map((row, index) => ({
      id: row.id,
      state: views[index]?.state ?? "never_run",
      dirty: perStream(
        (stream) =>
          health.streams.find((entry) => entry.connection_id === row.id && entry.stream === stream)
            ?.dirty ?? 0,
      ),
      parked: views[index]?.parked ?? 0,
      lag_seconds: perStream(
        (name) => views[index]?.streams.find(({ stream }) => stream === name)?.lag_seconds ?? null,
      ),
      requests: connections.requests(row.id),
      differences: views[index]?.differences ?? { drift: 0, pending: 0, conflict: 0 },
      writes: writesOf(health.writes, row.id),
      hook_calls: views[index]?.hook.counters ?? {},
    })),
    pending_events: health.pending_events,
  }
}

const writesOf = (
  writes: Awaited<ReturnType<ErpLedger["health"]>>["writes"],
  id: string,
): { medusa: number; erp: number } => {
  const { medusa = 0, erp = 0 } = writes.find((entry) => entry.connection_id === id) ?? {}
  return { medusa, erp }
}

const instanceWarnings = async (
  ledger: ErpLedger,
  instances: Awaited<ReturnType<ErpLedger["health"]>>["instances"],
): Promise<string[]> => {
  const alive = instances.filter((instance) => instance.silent_seconds < SILENT_SECONDS)
  if (!alive.some((instance) => instance.mode !== "server")) {
    return ["No instance in worker or shared mode is alive: nothing is synchronised."]
  }
  const silent = await ledger.secondsSinceTick()
  return silent === null || silent > SILENT_SECONDS
    ? [
        `The scheduled job has not run ${silent === null ? "yet" : `for ${Math.round(silent / 60)} minutes`}: restart the workers if Redis was restarted without its data.`,
      ]
    : []
}

/** The others go on with its work, so this is no failure of the sync. */
const deadInstances = (
  instances: Awaited<ReturnType<ErpLedger["health"]>>["instances"],
): string[] =>
  instances
    .filter(({ silent_seconds: silent }) => silent >= SILENT_SECONDS && silent < FORGOTTEN_SECONDS)
    .map(
      ({ id, mode, silent_seconds: silent }) =>
        `Instance ${id} (${mode}) has been silent for ${Math.round(silent / 60)} minutes: it was killed, or cannot reach the database.`,
    )

/** The store stamps its rows by the clock of the process that writes them. */
const wrongClocks = (instances: Awaited<ReturnType<ErpLedger["health"]>>["instances"]): string[] =>
  instances.flatMap(({ id, clock_ahead_ms: ahead, silent_seconds: silent }) =>
    ahead !== null && Math.abs(ahead) > CLOCK_APART_MS && silent < FORGOTTEN_SECONDS
      ? [
          `The clock of instance ${id} is ${Math.round(Math.abs(ahead) / 1000)} seconds ${ahead > 0 ? "ahead of" : "behind"} the database's: set it by a time server; until then edits that no event tells of are looked for in a longer time, and looked at more often.`,
        ]
      : [],
  )

const perStream = <T>(value: (stream: Stream) => T): Record<Stream, T> =>
  Object.fromEntries(STREAMS.map((stream) => [stream, value(stream)])) as Record<Stream, T>

/** A paused connection says by itself that nothing of it moves. */
const lateStreams = ({ id, state, streams }: ConnectionView): string[] =>
  state === "paused"
    ? []
    : streams
        .filter(({ is_late }) => is_late)
        .map(
          ({ stream, lag_seconds, interval_ms }) =>
            `${stream} of ${id} were last brought ${Math.round((lag_seconds ?? 0) / 60)} minutes ago, though they are due every ${Math.round(interval_ms / 60_000)}.`,
        )

/** Red: nothing moves at all, or a stream cannot until somebody corrects options or the ERP. */
const statusOf = (
  views: ConnectionView[],
  stopped: string[],
  warnings: string[],
): HealthView["status"] => {
  const isStuck = ({ state, streams }: ConnectionView): boolean =>
    state === "paused" || streams.some(({ error }) => error?.kind === "config")
  if (views.some(isStuck) || stopped.length > 0) {
    return "failing"
  }
  return views.some(needsPerson) || warnings.length > 0 ? "degraded" : "ok"
}
