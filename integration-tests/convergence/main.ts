import { parseArgs } from "node:util"
import { Outcome, Simulation } from "./simulation"

/** An idle simulation proves nothing: each seed has to reach so much on average. */
const FLOORS = { edits: 40, branches: 15, conflicts: 0.5 }

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "200" },
      start: { type: "string", default: "1" },
      keep: { type: "boolean", default: false },
    },
  })
  const began = process.hrtime.bigint()
  const totals = { seeds: 0, steps: 0, edits: 0, conflicts: 0, crashes: 0, faults: 0 }
  const branches = new Set<string>()
  let failed = 0
  for (let seed = Number(values.start); totals.seeds < Number(values.seeds); seed += 1) {
    const outcome = await new Simulation(seed).run()
    totals.seeds += 1
    totals.steps += outcome.steps
    totals.edits += outcome.edits
    totals.conflicts += outcome.conflicts
    totals.crashes += outcome.crashes
    totals.faults += outcome.faults
    outcome.branches.forEach((branch) => branches.add(branch))
    if (outcome.violations.length > 0) {
      failed += 1
      report(outcome, values.keep ? 0 : 60)
      if (!values.keep) {
        break
      }
    }
  }
  const idle = failed === 0 && isIdle(totals, branches.size)
  if (idle) {
    process.stderr.write("The simulation was idle: it proves nothing.\n")
  }
  process.stdout.write(
    `${JSON.stringify({
      ...totals,
      branches: branches.size,
      violations: failed,
      dialects: ["odoo"],
      seconds: Number((Number(process.hrtime.bigint() - began) / 1e9).toFixed(1)),
    })}\n`,
  )
  return failed > 0 || idle ? 1 : 0
}

const isIdle = (
  totals: { seeds: number; edits: number; conflicts: number; crashes: number },
  branches: number,
): boolean =>
  totals.edits < FLOORS.edits * totals.seeds ||
  totals.conflicts < FLOORS.conflicts * totals.seeds ||
  (totals.seeds >= 20 && (branches < FLOORS.branches || totals.crashes === 0))

const report = (outcome: Outcome, lines: number): void => {
  process.stderr.write(`seed ${outcome.seed}, ${outcome.steps} steps, ${outcome.edits} edits\n`)
  if (lines > 0) {
    process.stderr.write(`${outcome.trace.slice(-lines).join("\n")}\n`)
  }
  outcome.violations.slice(0, 5).forEach((line) => process.stderr.write(`  ${line}\n`))
  process.stderr.write(
    `again: npm run test:convergence -- --seeds 1 --start ${outcome.seed} (fewer edits in scenario.ts shorten it)\n`,
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
