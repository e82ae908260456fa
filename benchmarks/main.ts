import { parseArgs } from "node:util"
import { createOdooConnector } from "../src/connectors/odoo"
import { Environment, SimulatedOdoo, startEnvironment } from "./environment"
import type { SyncMeasure } from "./tasks/full-sync"

/** One figure of the benchmark; `ok` is null where there is no aim. */
export interface Figure {
  name: string
  value: number
  unit: string
  aim: string | null
  ok: boolean | null
}

const PRODUCTS = 2_000
const VARIANTS = 5

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    /** Leaves out the 100,000 variants, which take most of the time. */
    small: { type: "boolean", default: false },
  },
})

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

const main = async (): Promise<void> => {
  say("Preparing a database")
  const environment = await startEnvironment()
  try {
    const figures = [
      ...(await wholeSync(environment)),
      ...(options.small ? [] : await largeCatalog(environment)),
    ]
    printTable(figures)
    if (options.json) {
      process.stdout.write(`${JSON.stringify(figures)}\n`)
    }
    process.exitCode = figures.some((figure) => figure.ok === false) ? 1 : 0
  } finally {
    await environment.stop()
  }
}

/** Resident memory of the smaller import, in MB. */
let tenThousand = 0

const wholeSync = async (environment: Environment): Promise<Figure[]> => {
  const odoo = await environment.simulator(PRODUCTS, VARIANTS)
  try {
    say(`Core workflows alone: ${PRODUCTS} x ${VARIANTS}`)
    const core = await environment.task<{ milliseconds: number }>(
      "core",
      await environment.freshDatabase("bench_core"),
      odoo.env,
    )
    say(`Whole sync: ${PRODUCTS} x ${VARIANTS}`)
    const database = await environment.freshDatabase("bench_sync")
    await odoo.requests()
    const first = await environment.task<SyncMeasure>("sync", database, odoo.env)
    const requests = await odoo.requests()
    say("The same again, unchanged")
    const again = await environment.task<SyncMeasure>("unchanged", database, odoo.env)
    const againRequests = await odoo.requests()
    tenThousand = first.rss_mb
    const ratio = first.milliseconds / core.milliseconds
    const least = leastRequests()
    const variants = PRODUCTS * VARIANTS
    return [
      figure("core workflows alone, 10,000 variants", core.milliseconds / 1000, "s"),
      figure("whole first sync, 10,000 variants", first.milliseconds / 1000, "s"),
      figure("first sync / core workflows", ratio, "x", "<= 1.3", ratio <= 1.3),
      figure("first sync", variants / (first.milliseconds / 1000), "variants/s"),
      figure("requests of the first sync", requests, "requests"),
      figure(
        "requests / theoretical least",
        requests / least,
        "x",
        "<= 1.5",
        requests / least <= 1.5,
      ),
      figure("unchanged 10,000 variants", again.milliseconds, "ms"),
      figure("requests of an unchanged sync", againRequests, "requests"),
      figure(
        "writes of an unchanged sync",
        again.counters.writes,
        "rows",
        "0",
        again.counters.writes === 0,
      ),
      figure(
        "events of an unchanged sync",
        again.counters.events,
        "events",
        "0",
        again.counters.events === 0,
      ),
      figure("resident memory, first sync of 10,000", first.rss_mb, "MB"),
    ]
  } finally {
    await odoo.stop()
  }
}

const largeCatalog = async (environment: Environment): Promise<Figure[]> => {
  say("100,000 variants (this takes minutes)")
  const odoo = await environment.simulator(PRODUCTS * 10, VARIANTS)
  try {
    const database = await environment.freshDatabase("bench_large")
    const first = await environment.task<SyncMeasure>("sync-large", database, odoo.env)
    const again = await environment.task<SyncMeasure>("unchanged-large", database, odoo.env)
    const growth = Math.max(first.rss_mb, again.rss_mb) - tenThousand
    return [
      figure("first sync, 100,000 variants", 100_000 / (first.milliseconds / 1000), "variants/s"),
      figure("memory: 100,000 above 10,000 variants", growth, "MB", "< 150", growth < 150),
      figure("unchanged 100,000 variants", again.milliseconds / 1000, "s"),
      figure("resident memory, first sync of 100,000", first.rss_mb, "MB"),
      figure("resident memory, unchanged 100,000", again.rss_mb, "MB"),
    ]
  } finally {
    await odoo.stop()
  }
}

/** Summed over the streams of a full sync, as the connector declares it. */
const leastRequests = (): number => {
  const connector = createOdooConnector({
    connection_id: "bench",
    credentials: { url: "http://localhost", database: "x", login: "x", password: "x" },
    settings: {},
    http: {},
    log: () => undefined,
  })
  const count = { products: PRODUCTS, variants: PRODUCTS * VARIANTS }
  const { least_requests } = connector.capabilities
  void connector.close()
  return (["categories", "products", "stock", "images"] as const).reduce(
    (sum, stream) => sum + least_requests({ stream, ...count }),
    0,
  )
}

const figure = (
  name: string,
  value: number,
  unit: string,
  aim: string | null = null,
  ok: boolean | null = null,
): Figure => ({ name, value: Math.round(value * 100) / 100, unit, aim, ok })

const printTable = (figures: Figure[]): void => {
  const width = Math.max(...figures.map((entry) => entry.name.length))
  for (const entry of figures) {
    const verdict = entry.ok === null ? "" : entry.ok ? "ok" : "MISSED"
    say(
      `${entry.name.padEnd(width)}  ${String(entry.value).padStart(10)} ${entry.unit.padEnd(11)} ${(entry.aim ?? "").padEnd(7)} ${verdict}`,
    )
  }
}

export type { SimulatedOdoo }

void main()
