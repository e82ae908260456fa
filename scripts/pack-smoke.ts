import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { AdminApi } from "../demo/admin-api"
import { readFigures } from "../demo/figures"
import { followRun } from "../demo/follow-run"
import { runMedusa } from "../demo/process"
import { startSimulator } from "../demo/simulator"
import { startStore } from "../demo/store"
import { checkAdminBundle } from "./pack-smoke/admin-bundle"
import { checkImports } from "./pack-smoke/check-imports"
import { createStore } from "./pack-smoke/create-store"
import { packPlugin } from "./pack-smoke/pack-plugin"
import { createDatabase, startPostgres } from "./postgres"
import { repositoryRoot } from "./postgres-binaries"

const PRODUCTS = 40

/** What has been started, to be stopped in reverse order. */
const started: (() => Promise<void> | void)[] = []

/**
 * Installs the packed plugin into a fresh store and uses it as a shop would: migrate, build, start in
 * production mode, open the admin, synchronize. Expects `npm run build` to have run.
 *
 * With `--install`, the store's packages come from npm instead of from this repository.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "erp-sync-package-"))
  // A folder that only we may enter would hide the data from the server's own user.
  chmodSync(folder, 0o755)
  started.push(() => rmSync(folder, { recursive: true, force: true }))
  const store = join(folder, "store")

  const tarball = packPlugin(folder)
  const plugin = createStore(store, tarball, { install: process.argv.includes("--install") })
  checkImports(plugin)
  say("packed and installed; every import is declared")

  const postgres = await startPostgres({ dataDir: join(folder, "postgres") })
  started.push(postgres.stop)
  const database = `package_${process.pid}`
  await createDatabase(postgres, database)
  const logs = join(repositoryRoot, ".cache", "package")
  mkdirSync(logs, { recursive: true })
  const log = (name: string): string => join(logs, `${name}.log`)
  const odoo = await startSimulator({ products: PRODUCTS, port: 0, log: log("odoo") })
  started.push(odoo.stop)
  const env = {
    NODE_ENV: "production",
    MEDUSA_DISABLE_TELEMETRY: "true",
    DATABASE_URL: postgres.url(database),
    ODOO_URL: odoo.url,
    ODOO_DATABASE: odoo.database,
    ODOO_LOGIN: odoo.login,
    ODOO_PASSWORD: odoo.password,
    ODOO_API_KEY: odoo.apiKey,
  }

  await runMedusa(["db:migrate"], { cwd: store, log: log("migrate"), env })
  await runMedusa(["exec", "./src/scripts/seed.ts"], { cwd: store, log: log("seed"), env })
  say("migrated")
  await runMedusa(["build"], { cwd: store, log: log("build"), env })
  const server = join(store, ".medusa", "server")
  const running = await startStore({ port: 0, cwd: server, log: log("store"), env })
  started.push(running.stop)
  say("built and started in production mode")

  await checkAdminBundle(running.url, join(server, "public", "admin"))
  say("the admin is served, with the plugin's pages")

  const api = await AdminApi.signIn(running.url)
  const begin = Date.now()
  const run = await followRun(api, await api.startSync("odoo-main"), PRODUCTS)
  const figures = await readFigures(env.DATABASE_URL, {
    run,
    requests: await odoo.requests(),
    seconds: (Date.now() - begin) / 1000,
  })
  say(JSON.stringify(figures))
  if (run.state !== "completed" || figures.products === 0) {
    throw new Error(`The first sync is ${run.state}: ${run.error ?? "no products came"}`)
  }
  say("synchronized")
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function stopAll(): Promise<void> {
  for (let stop = started.pop(); stop; stop = started.pop()) await stop()
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void stopAll().finally(() => process.exit(1)))
}

main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
  .finally(stopAll)
