import { mkdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { Client } from "pg"
import { LoggedProcess, runMedusa, startProcess } from "../demo/process"
import { prepareDatabase } from "../demo/prepare-database"
import { startPostgres } from "../scripts/postgres"
import { repositoryRoot } from "../scripts/postgres-binaries"

const TEMPLATE = "bench_template"
const HEAP_MB = 768
const START_TIMEOUT_MS = 600_000

/** A simulated Odoo in a process of its own, as a store would meet it. */
export interface SimulatedOdoo {
  env: NodeJS.ProcessEnv
  /** Requests answered since the last call. */
  requests(): Promise<number>
  stop(): Promise<void>
}

export interface Environment {
  /** A database of its own, migrated and seeded, without a product. */
  freshDatabase(name: string): Promise<string>
  simulator(products: number, variantsPerProduct: number): Promise<SimulatedOdoo>
  /** Runs a task inside a store's process and returns what it measured. */
  task<T>(name: string, databaseUrl: string, env: NodeJS.ProcessEnv): Promise<T>
  stop(): Promise<void>
}

/**
 * PostgreSQL with durable settings, and a migrated store as template.
 * @param home folder for data and logs; emptied first
 */
export const startEnvironment = async (
  home = join(repositoryRoot, ".cache", "bench"),
): Promise<Environment> => {
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  const server = await startPostgres({ dataDir: join(home, "postgres"), durable: true })
  const run = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: server.url("postgres") })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  await run(`create database ${TEMPLATE}`)
  await prepareDatabase({
    databaseUrl: server.url(TEMPLATE),
    fresh: true,
    home,
    env: { ...process.env, DISABLE_ADMIN: "true" },
  })
  return {
    async freshDatabase(name) {
      await run(`create database ${name} template ${TEMPLATE}`)
      return server.url(name)
    },
    simulator: (products, variants) => startSimulator(home, products, variants),
    async task(name, databaseUrl, env) {
      const result = join(home, `${name}.json`)
      rmSync(result, { force: true })
      await runMedusa(["exec", "./benchmarks/tasks/run.ts", name], {
        log: join(home, `${name}.log`),
        env: {
          ...process.env,
          ...env,
          DATABASE_URL: databaseUrl,
          DISABLE_ADMIN: "true",
          BENCH_RESULT: result,
          // The heap of a small container: without a bound V8 lets garbage stand instead of collecting it.
          NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --max-old-space-size=${HEAP_MB}`.trim(),
        },
      })
      return JSON.parse(readFileSync(result, "utf8"))
    },
    stop: () => server.stop(),
  }
}

const startSimulator = async (
  home: string,
  products: number,
  variants: number,
): Promise<SimulatedOdoo> => {
  const log = join(home, `simulator-${products}x${variants}.log`)
  const started = startProcess(
    [
      "--import",
      "tsx",
      "integration-tests/erp/odoo/main.ts",
      "--port",
      "0",
      "--products",
      String(products),
      "--variants-per-product",
      String(variants),
      "--no-page",
    ],
    { log, env: {} },
  )
  const ready = await readyLine(started, log)
  const state = async (): Promise<number> => {
    const answer = await fetch(`${ready.url}/simulator/state`)
    const body = (await answer.json()) as { requests: { total: number } }
    return body.requests.total
  }
  let before = 0
  return {
    env: {
      ODOO_URL: ready.url,
      ODOO_DATABASE: ready.database,
      ODOO_LOGIN: ready.login,
      ODOO_PASSWORD: ready.password,
      ODOO_API_KEY: ready.api_key,
    },
    async requests() {
      const total = await state()
      const since = total - before
      before = total
      return since
    },
    stop: () => started.stop(),
  }
}

interface Ready {
  url: string
  database: string
  login: string
  password: string
  api_key: string
}

const readyLine = async (started: LoggedProcess, log: string): Promise<Ready> => {
  const deadline = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadline && started.isRunning()) {
    const line = readFileSync(log, "utf8")
      .split("\n")
      .find((entry) => entry.startsWith("{"))
    if (line) {
      return JSON.parse(line)
    }
    await sleep(100)
  }
  throw new Error(`The simulated Odoo did not start:\n${started.logTail()}`)
}
