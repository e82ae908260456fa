import { MedusaError } from "@medusajs/framework/utils"
import { Run } from "../engine/ports"
import { DifferenceRow, ErpLedger } from "../modules/erp/ledger"
import { Stream, STREAMS } from "../sync/canonical"
import { ConnectionId, connectionId } from "../sync/ids"
import { acknowledgeDemand } from "./acknowledge"
import { Connections } from "./connections"
import { ErpSync } from "./facade"
import { createTwoWay } from "./facade-two-way"
import { healthView } from "./health"
import { hookDoorOf } from "./hooks"
import { Runtime } from "./runtime"
import { queueFirst, queueImages } from "./tick"
import { RecordView, RunView } from "./views"
import { connectionView, parkedView, runView } from "./views-of"

const CATALOG_STREAMS: Stream[] = ["categories", "products", "images"]

/** The control room's view of the sync. Everything is read from the tables, whichever instance answers. */
export const createSync = (runtime: Runtime): ErpSync => {
  const { ledger, connections } = runtime

  const connection = async (id: string) => {
    const row = await ledger.connection(connectionId(id))
    return row ? connectionView(ledger, connections, row, await ledger.now()) : null
  }
  const known = async (id: string) => found(await connection(id), `connection "${id}"`)
  const view = async (run: Run | null, id: string): Promise<RunView> =>
    runView(found(run, `run "${id}"`), await ledger.now())

  return {
    ...createTwoWay(runtime),
    connection,
    async connections() {
      const now = await ledger.now()
      const rows = await ledger.connections()
      return Promise.all(rows.map((row) => connectionView(ledger, connections, row, now)))
    },
    async check(id) {
      await known(id)
      await connections.check(connectionId(id))
      return known(id)
    },
    async sync(id, input) {
      await known(id)
      const run = await enqueue(runtime, id, input)
      runtime.wake(run.connection_id)
      return view(run, run.id)
    },
    async runs(filter) {
      const now = await ledger.now()
      const { runs, count } = await ledger.listRuns(filter)
      return { runs: runs.map((run) => runView(run, now)), count }
    },
    async run(id) {
      const run = await ledger.run(id)
      return run ? runView(run, await ledger.now()) : null
    },
    async cancel(id) {
      return view(await ledger.cancelRun(id), id)
    },
    async approve(id) {
      const run = found(await ledger.approveRun(id), `run "${id}"`)
      await ledger.saveConnection(run.connection_id, { approved_at: await ledger.now() })
      runtime.wake(run.connection_id)
      return view(run, id)
    },
    async parked(filter) {
      const listed = await ledger.listParked(filter)
      return { ...listed, parked: listed.parked.map(parkedView) }
    },
    async retryParked(ids) {
      await ledger.forgetParkedRefusals(ids)
      const count = await ledger.retryParkedRows(ids)
      runtime.wake(null)
      return count
    },
    async approveMassChange(id, filter) {
      await known(id)
      const { until, parked } = await ledger.approveMassChange(connectionId(id), filter)
      await ledger.retryParkedRows(parked)
      runtime.wake(connectionId(id))
      return { approved_until: until }
    },
    async approvePush(id) {
      await known(id)
      const options = connections.options(id)
      if (!options || options.push === false) {
        throw new MedusaError(
          MedusaError.Types.NOT_ALLOWED,
          `Write-back of "${id}" is off: turn \`push\` on in the plugin's options first.`,
        )
      }
      await ledger.saveConnection(connectionId(id), { push_approved_at: await ledger.now() })
      await markPending(runtime, connectionId(id))
      runtime.wake(connectionId(id))
      return known(id)
    },
    async approveRules(id) {
      await known(id)
      const rules_fingerprint = await connections.fingerprint(connectionId(id))
      await ledger.saveConnection(connectionId(id), { rules_fingerprint })
      await enqueue(runtime, id, { kind: "full" })
      runtime.wake(connectionId(id))
      return known(id)
    },
    async rotateHookToken(id) {
      await known(id)
      return hookDoorOf(runtime).rotate(connectionId(id))
    },
    async record(entity, medusaId) {
      const records = await ledger.linkedRecords(entity, medusaId)
      return Promise.all(records.map((record) => recordView(ledger, connections, record)))
    },
    async acknowledge(id, demands) {
      await known(id)
      const count = await acknowledgeDemand(runtime, connectionId(id), demands)
      runtime.wake(connectionId(id))
      return count
    },
    health: () => healthView(ledger, connections),
  }
}

/** What waited for the approval is looked at now. */
const markPending = async ({ ledger }: Runtime, id: ConnectionId): Promise<void> => {
  const filter = { connection_id: id, kind: "pending" as const, reason: "push_not_approved" }
  let last: DifferenceRow | null = null
  for (;;) {
    const rows: DifferenceRow[] = await ledger.differencesAfter(filter, last, PENDING_ROWS)
    last = rows.at(-1) ?? null
    if (last === null) return
    await ledger.markFields(
      rows.map(({ link_id, field }) => ({ link_id, field })),
      "push_approved",
    )
  }
}

const PENDING_ROWS = 1_000

const found = <T>(value: T | null | undefined, what: string): T => {
  if (value === null || value === undefined) {
    throw new MedusaError(MedusaError.Types.NOT_FOUND, `There is no ${what}.`)
  }
  return value
}

/**
 * A person's start lifts a pause that only a person may lift, and a first sync waits for approval in a
 * store that has products already.
 */
const enqueue = async (
  runtime: Runtime,
  id: string,
  input: { streams?: Stream[] | undefined; kind: "delta" | "full" },
): Promise<Run> => {
  const { ledger } = runtime
  const row = found(await ledger.connection(connectionId(id)), `connection "${id}"`)
  if (row.state === "paused") {
    if (row.reason?.code !== "restored_copy" || input.kind !== "full") {
      throw new MedusaError(
        MedusaError.Types.NOT_ALLOWED,
        `Connection "${id}" is paused: ${row.reason?.message ?? "no reason given"} ${row.reason?.remedy ?? ""}`.trim(),
      )
    }
    await ledger.forgetVersions(row.id)
    await ledger.saveConnection(row.id, { state: "active", reason: null })
  }
  if (row.approved_at === null) {
    return queueFirst(ledger, row.id, runtime.connections, () => runtime.storeIsEmpty())
  }
  const streams = input.streams ?? defaultStreams(input.kind)
  const catalog = streams.some((stream) => CATALOG_STREAMS.includes(stream))
  const run = await ledger.enqueueRun(row.id, {
    kind: input.kind,
    lane: catalog ? "background" : "interactive",
    streams: STREAMS.filter((stream) => streams.includes(stream)),
    state: "queued",
    approved: true,
  })
  if (!input.streams && runtime.connections.takesImages(row.id)) {
    await queueImages(ledger, row.id, input.kind)
  }
  return run
}

/** Product pages of a full run carry the prices too; images follow in a run of their own. */
const defaultStreams = (kind: "delta" | "full"): Stream[] =>
  kind === "full"
    ? ["categories", "products", "stock"]
    : ["categories", "products", "prices", "stock"]

const recordView = async (
  ledger: ErpLedger,
  connections: Connections,
  record: Awaited<ReturnType<ErpLedger["linkedRecords"]>>[number],
): Promise<RecordView> => {
  const options = connections.options(record.connection_id)
  const swept = await ledger.lastRun(
    connectionId(record.connection_id),
    record.entity === "category" ? "categories" : "products",
    ["completed"],
  )
  // A completed look at everything that left nothing open is an agreement too.
  const looked =
    swept && swept.kind !== "delta" && record.parked.length === 0 ? swept.started_at : null
  const times = [record.agreed_at, looked].filter((time) => time !== null).sort()
  return {
    connection_id: record.connection_id,
    erp: record.erp,
    entity: record.entity,
    erp_id: record.erp_id,
    state: record.state,
    agreed_at: times.at(-1) ?? null,
    url: options
      ? recordUrl(options.erp, options.credentials.url, record.entity, record.erp_id)
      : null,
    parked: record.parked.map(parkedView),
    variants: record.variants.map((variant) => ({
      medusa_id: variant.medusa_id,
      erp_id: variant.erp_id,
      state: variant.state,
      sku: null,
      agreed_at: variant.agreed_at,
    })),
  }
}

/** Address of a record in the ERP's own pages, where that is known. */
const recordUrl = (erp: string, url: unknown, entity: string, erpId: string): string | null => {
  const models: Record<string, string> = {
    product: "product.template",
    variant: "product.product",
    category: "product.category",
  }
  const model = models[entity]
  if (erp !== "odoo" || typeof url !== "string" || !URL.canParse(url) || !model) {
    return null
  }
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname.replace(/\/$/, "")}/web#id=${encodeURIComponent(erpId)}&model=${model}&view_type=form`
}
