import { ExecArgs } from "@medusajs/framework/types"
import { writeFileSync } from "node:fs"
import { nothing, withOutcome } from "../totals"
import { Outcome } from "../simulation"
import { Order, ORDER_VARIABLE, Result, RESULT_VARIABLE } from "./order"
import { RealSimulation } from "./real-simulation"
import { RealStore } from "./real-store"
import { replay } from "./replay/replay"

const TRACE_LINES = 60

/** `medusa exec`: plays scripts and seeds on the store that was booted. */
export default async function convergenceTask({ container }: ExecArgs): Promise<void> {
  const order: Order = JSON.parse(process.env[ORDER_VARIABLE] ?? "{}")
  const store = await RealStore.open(container, process.env.DATABASE_URL ?? "")
  const result: Result = {
    totals: nothing(),
    scripts: { played: 0, calls: 0 },
    failures: [],
    refusals: 0,
  }
  await playScripts(store, order, result)
  await playSeeds(store, order, result)
  writeFileSync(process.env[RESULT_VARIABLE] ?? "convergence.json", JSON.stringify(result))
  await store.close()
}

const playScripts = async (store: RealStore, order: Order, result: Result): Promise<void> => {
  for (let seed = order.start; seed < order.start + order.scripts; seed += order.stride) {
    const { steps, difference } = await replay(store, seed)
    result.scripts.played += 1
    result.scripts.calls += steps
    if (difference !== null) {
      result.failures.push(
        `script ${seed} is answered differently after ${steps} calls: ${difference}`,
      )
      if (!order.keep) {
        return
      }
    }
  }
}

const playSeeds = async (store: RealStore, order: Order, result: Result): Promise<void> => {
  const began = process.hrtime.bigint()
  for (let seed = order.start; seed < order.start + order.seeds; seed += order.stride) {
    const outOfTime = Number(process.hrtime.bigint() - began) / 1e9 > order.budget
    if (outOfTime || (result.failures.length > 0 && !order.keep)) {
      return
    }
    const outcome = await RealSimulation.play(store, seed)
    result.totals = withOutcome(result.totals, outcome)
    result.refusals += store.takeRefusals().length
    if (outcome.violations.length > 0) {
      result.failures.push(told(outcome))
    }
  }
}

const told = ({ seed, dialect, steps, edits, violations, trace }: Outcome): string =>
  [
    `seed ${seed} (${dialect}), ${steps} steps, ${edits} edits`,
    ...trace.slice(-TRACE_LINES),
    ...violations.slice(0, 5).map((line) => `  ${line}`),
    `again: npm run test:convergence:real -- --scripts 0 --seeds 1 --start ${seed}`,
  ].join("\n")
