import { Outcome } from "./simulation"
import { DIALECTS } from "./world/dialects"

/** What many seeds came to. */
export interface Totals {
  seeds: number
  steps: number
  edits: number
  conflicts: number
  pushes: number
  /** Products of the store made in the ERP. */
  creations: number
  /** Counts of stock in the ERP. */
  counts: number
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

/** What only some worlds have is met by so many seeds, so often per seed on average. */
const EXTRAS = { seeds: 100, creations: 0.2, counts: 0.1, held: "parked/mass_change" }

export const nothing = (): Totals => ({
  seeds: 0,
  steps: 0,
  edits: 0,
  conflicts: 0,
  pushes: 0,
  creations: 0,
  counts: 0,
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
    creations: outcome.creations,
    counts: outcome.counts,
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
  creations: a.creations + b.creations,
  counts: a.counts + b.counts,
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

/** Of what only some worlds have there was too little; null when there was enough of it. */
export const lacksExtras = ({ seeds, creations, counts, branches }: Totals): string | null => {
  if (seeds < EXTRAS.seeds) {
    return null
  }
  if (creations < EXTRAS.creations * seeds) {
    return "creations"
  }
  if (counts < EXTRAS.counts * seeds) {
    return "counts"
  }
  return branches.includes(EXTRAS.held) ? null : "guarded changes"
}

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
