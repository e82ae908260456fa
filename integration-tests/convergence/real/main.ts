import { mkdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { Client } from "pg"
import { runMedusa } from "../../../demo/process"
import { PostgresServer, startPostgres } from "../../../scripts/postgres"
import { repositoryRoot } from "../../../scripts/postgres-binaries"
import { isIdle, merge, nothing } from "../totals"
import { Order, ORDER_VARIABLE, Result, RESULT_VARIABLE } from "./order"

const HOME = join(repositoryRoot, ".cache", "convergence")
const TEMPLATE = "convergence_template"
const TASK = "./integration-tests/convergence/real/task.ts"

/**
 * The simulation on real tables: boots stores on a PostgreSQL of its own, plays scripts on them and on
 * the model in memory, which have to answer the same, and then seeds.
 */
const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "50" },
      scripts: { type: "string", default: "200" },
      start: { type: "string", default: "1" },
      keep: { type: "boolean", default: false },
      budget: { type: "string", default: "270" },
      least: { type: "string", default: "0" },
      jobs: { type: "string", default: "2" },
    },
  })
  const jobs = Number(values.jobs)
  const order: Order = {
    start: Number(values.start),
    stride: jobs,
    seeds: Number(values.seeds),
    scripts: Number(values.scripts),
    keep: values.keep,
    budget: Number(values.budget),
  }
  rmSync(HOME, { recursive: true, force: true })
  mkdirSync(HOME, { recursive: true })
  const server = await startPostgres({ dataDir: join(HOME, "postgres") })
  try {
    await prepareTemplate(server)
    const began = process.hrtime.bigint()
    const results = await Promise.all(
      Array.from({ length: jobs }, (_, job) => inStore(server, job, order)),
    )
    const seconds = Number(process.hrtime.bigint() - began) / 1e9
    return conclude(results, seconds, Number(values.least))
  } finally {
    await server.stop()
  }
}

const prepareTemplate = async (server: PostgresServer): Promise<void> => {
  await onServer(server, `drop database if exists ${TEMPLATE} with (force)`)
  await onServer(server, `create database ${TEMPLATE}`)
  await runMedusa(["db:migrate"], {
    log: join(HOME, "migrate.log"),
    env: environment(server.url(TEMPLATE)),
  })
}

/** One job's share in a store of its own. */
const inStore = async (server: PostgresServer, job: number, order: Order): Promise<Result> => {
  const name = `convergence_${job}`
  const file = join(HOME, `${name}.json`)
  await onServer(server, `drop database if exists ${name} with (force)`)
  await onServer(server, `create database ${name} template ${TEMPLATE}`)
  const share: Order = {
    ...order,
    start: order.start + job,
    seeds: order.seeds - job,
    scripts: order.scripts - job,
  }
  await runMedusa(["exec", TASK], {
    log: join(HOME, `${name}.log`),
    env: {
      ...environment(server.url(name)),
      [ORDER_VARIABLE]: JSON.stringify(share),
      [RESULT_VARIABLE]: file,
    },
  })
  return JSON.parse(readFileSync(file, "utf8"))
}

/** Types are the type checker's work: the store's own loader would repeat it for every file. */
const environment = (databaseUrl: string): NodeJS.ProcessEnv => ({
  ...process.env,
  DATABASE_URL: databaseUrl,
  DISABLE_ADMIN: "true",
  LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
  TS_NODE_TRANSPILE_ONLY: "true",
})

const onServer = async (server: PostgresServer, statement: string): Promise<void> => {
  const client = new Client({ connectionString: server.url("postgres") })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

const conclude = (results: Result[], seconds: number, least: number): number => {
  const failures = results.flatMap((result) => result.failures)
  failures.forEach((text) => process.stderr.write(`${text}\n`))
  const totals = results.map((result) => result.totals).reduce(merge, nothing())
  const sum = (of: (result: Result) => number): number =>
    results.reduce((total, result) => total + of(result), 0)
  const idle = failures.length === 0 && totals.seeds > 1 ? isIdle(totals) : null
  if (idle) {
    process.stderr.write(`The simulation was idle: it proves nothing. Too few ${idle}.\n`)
  }
  const few = failures.length === 0 && totals.seeds < least
  if (few) {
    process.stderr.write(`Only ${totals.seeds} seeds of at least ${least} were tried.\n`)
  }
  const { branches, ...counts } = totals
  process.stdout.write(
    `${JSON.stringify({
      scripts: sum((result) => result.scripts.played),
      calls: sum((result) => result.scripts.calls),
      ...counts,
      refusals: sum((result) => result.refusals),
      branches: branches.length,
      failures: failures.length,
      seconds: Number(seconds.toFixed(1)),
    })}\n`,
  )
  return failures.length > 0 || idle || few ? 1 : 0
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = 1
  },
)
