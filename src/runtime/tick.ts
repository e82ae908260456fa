import { STREAMS, Stream } from "../sync/canonical"
import { connectionId } from "../sync/ids"
import { dueStreams, LastBegun, nextDue } from "../sync/schedule"
import { Run } from "../engine/ports"
import { ErpLedger } from "../modules/erp/ledger"
import { ConnectionOptions } from "../modules/erp/options"
import { hostname } from "node:os"
import { catchUp, markAllNew } from "./catch-up"
import { Connections } from "./connections"
import { Runtime } from "./runtime"

const DAY_MS = 24 * 60 * 60_000
const PRUNE_ROWS = 5_000

/** Queues what is due by the clock: streams by their interval, the sweep, parked records once a day. */
export const queueDue = async (
  ledger: ErpLedger,
  connections: Connections,
  storeIsEmpty: () => Promise<boolean>,
): Promise<{ swept: boolean }> => {
  let swept = false
  const now = await ledger.now()
  for (const options of connections.all()) {
    const id = connectionId(options.id)
    const row = await ledger.connection(id)
    if (row?.state !== "active" || options.problem) {
      continue
    }
    if (row.approved_at === null) {
      await queueFirst(ledger, id, connections, storeIsEmpty)
      continue
    }
    const images = connections.takesImages(id)
    swept = (await queueStreams(ledger, options, images, now)) || swept
    await ledger.retryParked(id, DAY_MS)
  }
  return { swept }
}

/** Everything there is, once; in a store that has products already it waits for a person. */
export const queueFirst = async (
  ledger: ErpLedger,
  id: Run["connection_id"],
  connections: Pick<Connections, "takesImages">,
  storeIsEmpty: () => Promise<boolean>,
): Promise<Run> => {
  const empty = await storeIsEmpty()
  if (empty) {
    await ledger.saveConnection(id, { approved_at: await ledger.now() })
  }
  const run = await ledger.enqueueRun(id, {
    kind: "full",
    lane: "background",
    streams: ["categories", "products", "stock"],
    state: empty ? "queued" : "awaiting_approval",
    approved: empty,
  })
  if (empty && connections.takesImages(id)) {
    await queueImages(ledger, id, "full")
  }
  return run
}

/** @returns whether a sweep was queued */
const queueStreams = async (
  ledger: ErpLedger,
  options: ConnectionOptions,
  images: boolean,
  now: string,
): Promise<boolean> => {
  const id = connectionId(options.id)
  const looks = await looksAtAll(ledger, id)
  const swept = lastOf(looks, isSwept)
  const failed = lastOf(looks, isMissed)
  const last = await lastBegun(ledger, id, swept)
  const tried = failed !== null && Date.parse(now) - Date.parse(failed) < SWEEP_RETRY_MS
  if (!tried && Date.parse(nextDue(swept, options.schedule.sweep, now)) <= Date.parse(now)) {
    await ledger.enqueueRun(id, {
      kind: "sweep",
      lane: "background",
      streams: ["categories", "products", "stock"],
      state: "queued",
      approved: true,
    })
    if (images) {
      await queueImages(ledger, id, "sweep")
    }
    return true
  }
  const taken = STREAMS.filter((stream) => stream !== "images" || images)
  const due = dueStreams(taken, options.schedule, last, now)
  const lanes: [Run["lane"], Stream[]][] = [
    ["background", due.filter((stream) => stream === "categories" || stream === "products")],
    ["background", due.filter((stream) => stream === "images")],
    ["interactive", due.filter((stream) => stream === "prices" || stream === "stock")],
  ]
  for (const [lane, streams] of lanes) {
    if (streams.length > 0) {
      await ledger.enqueueRun(id, { kind: "delta", lane, streams, state: "queued", approved: true })
    }
  }
  return false
}

/** Looks at images right behind the catalog, as a run of its own: whatever becomes of it, that one stands. */
export const queueImages = (
  ledger: ErpLedger,
  id: Run["connection_id"],
  kind: Run["kind"],
): Promise<Run> =>
  ledger.enqueueRun(id, {
    kind,
    lane: "background",
    streams: ["images"],
    state: "queued",
    approved: true,
  })

const lastBegun = async (
  ledger: ErpLedger,
  id: Run["connection_id"],
  swept: string | null,
): Promise<LastBegun> => {
  const begun = await Promise.all(
    STREAMS.map(async (stream) => {
      const run = await ledger.lastRun(id, stream, ["queued", "running", "completed", "failed"])
      return [stream, run ? (run.started_at ?? run.created_at) : null] as const
    }),
  )
  const times: LastBegun = {
    categories: null,
    products: null,
    prices: null,
    stock: null,
    images: null,
    ...Object.fromEntries(begun),
  }
  // Product pages of a full run carry the prices.
  return { ...times, prices: latest(times.prices, swept) }
}

const latest = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? (a ?? b) : a > b ? a : b

/** A sweep that failed is tried again after this time. */
const SWEEP_RETRY_MS = 60 * 60_000

/** Sweeps and full runs over the products, newest first, by kind. */
const looksAtAll = (ledger: ErpLedger, id: Run["connection_id"]): Promise<Run[][]> =>
  Promise.all(
    ["sweep", "full"].map(async (kind) => {
      const { runs } = await ledger.listRuns({ connection_id: id, kind, limit: 20, offset: 0 })
      return runs.filter(({ streams }) => streams.includes("products"))
    }),
  )

/** Compared everything, or is about to. */
const isSwept = ({ state, error }: Run): boolean =>
  ["queued", "running", "completed"].includes(state) || isBrought(state, error)

/** Came to nothing, for the products at least. */
const isMissed = ({ state, error }: Run): boolean =>
  ["failed", "cancelled"].includes(state) && !isBrought(state, error)

/** One stream that always fails must not have the others compared hour after hour. */
const isBrought = (state: Run["state"], error: Run["error"]): boolean =>
  state === "failed" && error?.streams !== undefined && !error.streams.includes("products")

const lastOf = (kinds: Run[][], counts: (run: Run) => boolean): string | null =>
  kinds
    .map((runs) => runs.find(counts))
    .map((run) => (run ? (run.started_at ?? run.created_at) : null))
    .reduce(latest, null)

/** Ends rows that are older than their retention. */
export const prune = async (
  ledger: ErpLedger,
  retention: { journal_ms: number; runs_ms: number },
): Promise<void> => {
  await ledger.prune(retention, PRUNE_ROWS)
}

/** Says that this process is alive. */
export const beat = async (runtime: Runtime, event?: "tick"): Promise<void> => {
  await runtime.ledger.beat({
    id: runtime.owner,
    mode: runtime.mode,
    host: hostname(),
    clock_ms: Date.now(),
    ...(event ? { event } : {}),
  })
}

/** What the minute's job does: queue what is due, and start working without waiting for it. */
export const tick = async (runtime: Runtime): Promise<void> => {
  await beat(runtime, "tick")
  await runtime.connections.recheck()
  const { swept } = await queueDue(runtime.ledger, runtime.connections, () =>
    runtime.storeIsEmpty(),
  )
  if (swept) {
    await markAllNew(runtime)
  }
  await catchUp(runtime, await runtime.ledger.now())
  await prune(runtime.ledger, (await runtime.service.getOptions()).retention)
  runtime.kick()
}
