import { Outcome } from "./simulation"
import { DIALECTS } from "./world/dialects"

/** What many seeds came to. */
export interface Totals {
  seeds: number
  steps: number
  edits: number
  conflicts: number
  pushes: number
  /** Edits of the ERP lost in the window of an ERP that cannot compare and set. */
  windows: number
  decisions: number
  crashes: number
  faults: number
  violations: number
  dialects: Record<string, number>
  branches: string[]
}

/** An idle simulation proves nothing: each seed has to reach so much on average. */
const FLOORS = { edits: 40, conflicts: 0.5, pushes: 2 } as const

/** So many seeds are enough to meet everything. */
const MANY = { seeds: 20, branches: 20 }

export const nothing = (): Totals => ({
  seeds: 0,
  steps: 0,
  edits: 0,
  conflicts: 0,
  pushes: 0,
  windows: 0,
  decisions: 0,
  crashes: 0,
  faults: 0,
  violations: 0,
  dialects: Object.fromEntries(DIALECTS.map(({ name }) => [name, 0])),
  branches: [],
})

export const withOutcome = (totals: Totals, outcome: Outcome): Totals =>
  merge(totals, {
    ...nothing(),
    seeds: 1,
    steps: outcome.steps,
    edits: outcome.edits,
    conflicts: outcome.conflicts,
    pushes: outcome.pushes,
    windows: outcome.windows,
    decisions: outcome.decisions,
    crashes: outcome.crashes,
    faults: outcome.faults,
    violations: outcome.violations.length > 0 ? 1 : 0,
    dialects: { [outcome.dialect]: 1 },
    branches: [...outcome.branches],
  })

export const merge = (a: Totals, b: Totals): Totals => ({
  seeds: a.seeds + b.seeds,
  steps: a.steps + b.steps,
  edits: a.edits + b.edits,
  conflicts: a.conflicts + b.conflicts,
  pushes: a.pushes + b.pushes,
  windows: a.windows + b.windows,
  decisions: a.decisions + b.decisions,
  crashes: a.crashes + b.crashes,
  faults: a.faults + b.faults,
  violations: a.violations + b.violations,
  dialects: Object.fromEntries(
    Object.entries(a.dialects).map(([name, count]) => [name, count + (b.dialects[name] ?? 0)]),
  ),
  branches: [...new Set([...a.branches, ...b.branches])],
})

/** Of what there was too little, null when there was enough of everything. */
export const isIdle = (totals: Totals): string | null => {
  const { seeds } = totals
  for (const name of ["edits", "conflicts", "pushes"] as const) {
    if (totals[name] < FLOORS[name] * seeds) {
      return name
    }
  }
  if (seeds < MANY.seeds) {
    return null
  }
  if (Object.values(totals.dialects).includes(0)) {
    return "dialects"
  }
  if (totals.crashes === 0) {
    return "crashes"
  }
  return totals.branches.length < MANY.branches ? "branches" : null
}
