import { fork } from "node:child_process"
import { parseArgs } from "node:util"
import { isIdle, lacksExtras, merge, nothing, Totals, withOutcome } from "./totals"
import { Outcome, Simulation } from "./simulation"

interface Order {
  start: number
  seeds: number
  /** Every so many seeds one is taken. */
  stride: number
  keep: boolean
  /** No seed is begun after so many seconds. */
  budget: number
}

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "200" },
      start: { type: "string", default: "1" },
      keep: { type: "boolean", default: false },
      budget: { type: "string", default: "0" },
      least: { type: "string", default: "1" },
      jobs: { type: "string", default: "1" },
      stride: { type: "string", default: "1" },
    },
  })
  const began = process.hrtime.bigint()
  const order = {
    start: Number(values.start),
    seeds: Number(values.seeds),
    stride: Number(values.stride),
    keep: values.keep,
    budget: Number(values.budget) || Infinity,
  }
  const jobs = Number(values.jobs)
  const totals = jobs > 1 ? await together(order, jobs) : await runSeeds(order)
  if (process.send) {
    process.send(totals)
    process.disconnect()
    return 0
  }
  const idle = totals.violations === 0 ? (isIdle(totals) ?? lacksExtras(totals)) : null
  if (idle) {
    process.stderr.write(`The simulation was idle: it proves nothing. Too few ${idle}.\n`)
  }
  const few = totals.violations === 0 && totals.seeds < Number(values.least)
  if (few) {
    process.stderr.write(`Only ${totals.seeds} seeds of at least ${values.least} were tried.\n`)
  }
  const { branches, ...counts } = totals
  const seconds = Number((Number(process.hrtime.bigint() - began) / 1e9).toFixed(1))
  process.stdout.write(`${JSON.stringify({ ...counts, branches: branches.length, seconds })}\n`)
  return totals.violations > 0 || idle || few ? 1 : 0
}

const runSeeds = async (order: Order): Promise<Totals> => {
  const began = process.hrtime.bigint()
  let totals = nothing()
  const end = order.start + order.seeds
  for (let seed = order.start; seed < end; seed += order.stride) {
    if (Number(process.hrtime.bigint() - began) / 1e9 > order.budget) {
      break
    }
    const outcome = await new Simulation(seed).run()
    totals = withOutcome(totals, outcome)
    if (outcome.violations.length > 0) {
      report(outcome, order.keep ? 0 : 60)
      if (!order.keep) {
        break
      }
    }
  }
  return totals
}

/** The same seeds, shared out among processes. */
const together = async (order: Order, jobs: number): Promise<Totals> => {
  const parts = await Promise.all(
    Array.from({ length: jobs }, (_, job) =>
      inProcess([
        ...["--start", String(order.start + job), "--stride", String(jobs)],
        ...["--seeds", String(order.seeds - job)],
        ...(order.keep ? ["--keep"] : []),
        ...(order.budget === Infinity ? [] : ["--budget", String(order.budget)]),
      ]),
    ),
  )
  return parts.reduce(merge, nothing())
}

const inProcess = (args: string[]): Promise<Totals> =>
  new Promise((resolve, reject) => {
    const child = fork(process.argv[1] ?? "", args)
    let totals: Totals | null = null
    child.on("message", (message) => {
      totals = message as Totals
    })
    child.on("error", reject)
    child.on("exit", (code) =>
      totals
        ? resolve(totals)
        : reject(new Error(`a process of the simulation ended with ${code}`)),
    )
  })

const report = (outcome: Outcome, lines: number): void => {
  const { seed, dialect, steps, edits } = outcome
  process.stderr.write(`seed ${seed} (${dialect}), ${steps} steps, ${edits} edits\n`)
  if (lines > 0) {
    process.stderr.write(`${outcome.trace.slice(-lines).join("\n")}\n`)
  }
  outcome.violations.slice(0, 5).forEach((line) => process.stderr.write(`  ${line}\n`))
  process.stderr.write(
    `again: npm run test:convergence -- --seeds 1 --start ${seed} (fewer edits in scenario.ts shorten it)\n`,
  )
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
