import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { createDatabase, startPostgres } from "../scripts/postgres"
import { repositoryRoot } from "../scripts/postgres-binaries"
import { AdminApi } from "./admin-api"
import { readFigures } from "./figures"
import { prepareFiles } from "./files"
import { followRun } from "./follow-run"
import { LOGIN } from "./login"
import { prepareDatabase } from "./prepare-database"
import { type DemoOptions, parseOptions, USAGE } from "./options"
import { startSimulator } from "./simulator"
import { startStore } from "./store"

const CONNECTION = "odoo-main"
const HOME = join(repositoryRoot, ".cache", "demo")

/** What has been started, to be stopped in reverse order. */
const started: (() => Promise<void>)[] = []

async function demo(options: DemoOptions): Promise<void> {
  mkdirSync(HOME, { recursive: true })
  const log = (name: string): string => join(HOME, `${name}.log`)

  say("Starting PostgreSQL and a simulated Odoo")
  const postgres = await startPostgres({ dataDir: join(HOME, "postgres"), durable: true })
  started.push(postgres.stop)
  const fresh = process.env.DATABASE_URL ? false : await createDatabase(postgres, "demo")
  const databaseUrl = process.env.DATABASE_URL ?? postgres.url("demo")

  const odoo = await startSimulator({
    products: options.products,
    port: options.erpPort,
    log: log("odoo"),
  })
  started.push(odoo.stop)

  const env = {
    DATABASE_URL: databaseUrl,
    MEDUSA_DISABLE_TELEMETRY: "true",
    ODOO_URL: odoo.url,
    ODOO_DATABASE: odoo.database,
    ODOO_LOGIN: odoo.login,
    ODOO_PASSWORD: odoo.password,
    ODOO_API_KEY: odoo.apiKey,
    FILES_DIR: prepareFiles(HOME),
  }
  say("Preparing the database (a quarter of a minute, the first time)")
  await prepareDatabase({ databaseUrl, fresh, home: HOME, env })

  say("Starting the store")
  const store = await startStore({
    port: options.port,
    log: log("store"),
    env: { ...env, ...(options.once && { DISABLE_ADMIN: "true" }) },
  })
  started.push(store.stop)

  const api = await AdminApi.signIn(store.url)
  say(`Synchronizing ${options.products} products`)
  const before = { time: Date.now(), requests: await odoo.requests() }
  const run = await followRun(api, await api.startSync(CONNECTION), options.products)
  const cost = {
    run,
    seconds: (Date.now() - before.time) / 1000,
    requests: (await odoo.requests()) - before.requests,
  }
  const figures = await readFigures(databaseUrl, cost)

  if (options.once) {
    if (run.state !== "completed") throw new Error(`The run is ${run.state}: ${run.error ?? ""}`)
    await stopAll()
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    return
  }
  say(
    `${run.state} in ${figures.seconds} s: ${figures.products} products, ` +
      `${figures.variants} variants, ${figures.prices} prices, ${figures.levels} stock levels, ` +
      `${figures.writes} writes, ${figures.requests} requests` +
      (run.error ? `\n  ${run.error}` : ""),
  )
  process.stdout.write(welcome(store.url, odoo.url))
  process.exitCode = await store.ended
  await stopAll()
}

function welcome(store: string, odoo: string): string {
  return `
  Admin        ${store}/app
  ERP control  ${store}/app/settings/erp
  Login        ${LOGIN.email} / ${LOGIN.password}
  Odoo (fake)  ${odoo}

  To try: open a product and see where each field comes from; change a title in the admin and
  watch the journal; start another sync and see that it writes nothing.

  Ctrl-C stops everything. The data stay in .cache/demo: remove that folder to start anew.
`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function stopAll(): Promise<void> {
  for (let stop = started.pop(); stop; stop = started.pop()) await stop()
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2))
  if (options === "help") {
    say(USAGE)
    return
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => void stopAll().finally(() => process.exit()))
  }
  try {
    await demo(options)
  } catch (error) {
    await stopAll()
    throw error
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
