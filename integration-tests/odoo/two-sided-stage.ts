import { knex, Knex } from "@medusajs/framework/mikro-orm/knex"
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { Client as Database } from "pg"
import { prepareDatabase } from "../../demo/prepare-database"
import { freePort } from "../../scripts/free-port"
import { repositoryRoot } from "../../scripts/postgres-binaries"
import { Run } from "../../src/engine/ports"
import { createLedger, ErpLedger } from "../../src/modules/erp/ledger"
import { ConnectionInput } from "../../src/modules/erp/options"
import { announce } from "../../src/runtime/listen"
import { connectionId } from "../../src/sync/ids"
import { endLeases } from "../crash/checks"
import { Client } from "./client"
import type { RunningOdoo } from "./server"
import { StoreProcess } from "./two-sided-process"
import { Watch } from "./two-sided-watch"

export const CONNECTION = connectionId("odoo-main")
export const MAIN = "Main warehouse"
const NAME = "two_sided"
const RUN_MS = 120_000
const REST_MS = 60_000

const OPTIONS: Partial<ConnectionInput> = {
  push: { create: true, stock: false },
  fields: {
    title: "both",
    description: "both",
    categories: "both",
    sku: "both",
    barcode: "both",
    weight: "both",
    price: "both",
  },
  conflicts: "erp",
  stock: [{ erp: "WH", location: MAIN }],
  // The story changes more in a minute than a shop does in a day.
  guards: { gone_percent: 100, price_percent: 100, absent_percent: 100 },
  http: { per_second: 1000 },
}

/** A real Odoo and a store that writes back, the store in a process of its own. */
export interface TwoSided {
  /** The merchant in Odoo: another user than the connector. */
  odoo: Client
  store: StoreProcess
  db: Knex
  ledger: ErpLedger
  watch: Watch
  databaseUrl: string
}

export const rowsOf = async <T>(
  { db }: Pick<TwoSided, "db">,
  sql: string,
  bindings: (string | number | string[])[] = [],
): Promise<T[]> => (await db.raw<{ rows: T[] }>(sql, bindings)).rows

/** A folder for logs, emptied. */
export const logFolder = (): string => {
  const home = join(repositoryRoot, ".cache", "two-sided")
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  return home
}

/** A database with a store's tables, an administrator, currencies and stock locations. */
export const makeDatabase = async (home: string): Promise<string> => {
  const databaseUrl = await freshDatabase()
  const env = { ...process.env, TS_NODE_TRANSPILE_ONLY: "true" }
  await prepareDatabase({ databaseUrl, fresh: true, home, env })
  return databaseUrl
}

/** Opens both sides; the store has taken in Odoo's catalog, and may write there. */
export const openTwoSided = async (
  odoo: RunningOdoo,
  databaseUrl: string,
  home: string,
): Promise<TwoSided> => {
  const watch = await Watch.over(odoo.url)
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: "development",
    LOG_LEVEL: "info",
    // A restart is to take as long as a built store's: types are checked elsewhere.
    TS_NODE_TRANSPILE_ONLY: "true",
    DATABASE_URL: databaseUrl,
    DISABLE_ADMIN: "true",
    ODOO_URL: watch.url,
    ODOO_DATABASE: odoo.database,
    ODOO_LOGIN: odoo.login,
    ODOO_PASSWORD: odoo.password,
    ODOO_API_KEY: odoo.apiKey,
    ERP_OPTIONS: JSON.stringify(OPTIONS),
  }
  const db = knex({ client: "pg", connection: databaseUrl, pool: { min: 0, max: 4 } })
  const store = new StoreProcess(env, await freePort(), join(home, "store.log"))
  const stage: TwoSided = {
    odoo: await Client.asAdmin(odoo),
    store,
    db,
    ledger: createLedger(db),
    watch,
    databaseUrl,
  }
  await store.start()
  const now = await stage.ledger.now()
  await stage.ledger.saveConnection(CONNECTION, { approved_at: now, push_approved_at: now })
  await runWell(stage, "full")
  await settle(stage)
  return stage
}

export const closeTwoSided = async (stage: TwoSided | undefined): Promise<void> => {
  await stage?.store.kill()
  await stage?.db.destroy()
  stage?.watch.close()
}

/** Kills the store as it works, and starts it again; what it held is free at once, not in half a minute. */
export const killAndStart = async (stage: TwoSided): Promise<void> => {
  await stage.store.kill()
  await endLeases(stage.databaseUrl)
  await stage.store.start()
}

/** Queues a run of its kind, unless one waits already. */
export const enqueue = async (
  { ledger, db }: Pick<TwoSided, "ledger" | "db">,
  kind: Run["kind"],
): Promise<Run> => {
  const run = await ledger.enqueueRun(CONNECTION, {
    kind,
    lane: "background",
    streams:
      kind === "delta"
        ? ["categories", "products", "prices", "stock"]
        : ["categories", "products", "stock"],
    state: "queued",
    approved: true,
  })
  await announce(db, "two-sided", CONNECTION)
  return run
}

/** A run that must end well. */
export const runWell = async (stage: TwoSided, kind: Run["kind"]): Promise<Run> => {
  const { id } = await enqueue(stage, kind)
  const deadline = Date.now() + RUN_MS
  for (;;) {
    const run = await stage.ledger.run(id)
    if (run?.state === "completed") {
      return run
    }
    if (run?.state === "failed" || run?.state === "cancelled" || Date.now() > deadline) {
      throw new Error(`The ${kind} run: ${JSON.stringify(run)}\n${stage.store.logTail()}`)
    }
    await sleep(50)
  }
}

/** Works off the dirty set, without waiting for the time that a key is due; resolves to what stays. */
export const settle = async (stage: TwoSided): Promise<string[]> => {
  let left: string[] = []
  for (let round = 0; round < 6; round += 1) {
    const due = await rowsOf<{ key: string }>(
      stage,
      `update erp_dirty set due_at = now() - interval '1 second'
       where reason <> 'demand_settles' returning stream || ' ' || erp_id || ' ' || reason as key`,
    )
    left = due.map(({ key }) => key)
    if (left.length === 0) {
      return left
    }
    await announce(stage.db, "two-sided", CONNECTION)
    await atRest(stage)
  }
  return left
}

const atRest = async (stage: TwoSided): Promise<void> => {
  const deadline = Date.now() + REST_MS
  for (;;) {
    const [busy] = await rowsOf<{ count: number }>(
      stage,
      `select (select count(*) from erp_dirty where due_at <= now() or lease_until > now())::int
            + (select count(*) from erp_run where state in ('queued', 'running'))::int as count`,
    )
    if (busy?.count === 0) {
      return
    }
    if (Date.now() > deadline) {
      throw new Error(`The dirty set does not come to rest:\n${stage.store.logTail()}`)
    }
    await sleep(50)
  }
}

/**
 * Lets the time pass in which a request of a killed process may still land: Odoo has answered all of
 * them, since nobody but this story asks it.
 */
export const outliveRequests = async (stage: TwoSided): Promise<number> => {
  const found = await rowsOf(
    stage,
    `update erp_link l set intents = (
       select jsonb_object_agg(key, value || '{"until": "2000-01-01T00:00:00.000Z"}')
         from jsonb_each(l.intents::jsonb))
     where l.intents::text <> '{}' returning id`,
  )
  return found.length
}

/** One pass: every delta, what is to be pushed, and a look at everything, as the minute's tick does it. */
export const pass = async (stage: TwoSided): Promise<{ runs: Run[]; left: string[] }> => {
  const delta = await runWell(stage, "delta")
  await settle(stage)
  const sweep = await runWell(stage, "sweep")
  const products = await rowsOf<{ id: string }>(
    stage,
    "select id from product where deleted_at is null",
  )
  await stage.ledger.markUnlinked(
    [CONNECTION],
    products.map(({ id }) => id),
  )
  return { runs: [delta, sweep], left: await settle(stage) }
}

const freshDatabase = async (): Promise<string> => {
  const { DB_HOST: host, DB_PORT: port, DB_USERNAME: user } = process.env
  const url = (name: string): string => `postgres://${user}@${host}:${port}/${name}`
  const client = new Database({ connectionString: url("postgres") })
  await client.connect()
  try {
    await client.query(`drop database if exists ${NAME} with (force)`)
    await client.query(`create database ${NAME}`)
  } finally {
    await client.end()
  }
  return url(NAME)
}
