import { Trial } from "./trial"

/** What became of one defect, or of the code as it is (`none`). */
export interface Verdict extends Trial {
  id: string
  mechanism: string
  passed: boolean
}

/** A row of the table: whether it was caught, after how many seeds, and by what. */
export const line = ({ id, mechanism, passed, seeds, seconds, violation }: Verdict): string => {
  const found = violation ?? (id === "none" ? "nothing to complain of" : "SURVIVED")
  return [
    passed ? "good" : "FAIL",
    id.padEnd(4),
    `${String(seeds).padStart(4)} seeds`,
    `${seconds.toFixed(1).padStart(6)} s`,
    `${mechanism}: ${found}`,
  ].join("  ")
}

/** The same for machines, and the closing line of every kind of test here. */
export const closing = (verdicts: readonly Verdict[]): string => {
  const rows = verdicts.map(({ id, passed, seeds, seconds, violation }) => ({
    id,
    passed,
    seeds,
    seconds: Number(seconds.toFixed(1)),
    invariant: violation === null ? null : (violation.split(":", 1)[0] ?? null),
  }))
  const passed = verdicts.filter((verdict) => verdict.passed).length
  return `${JSON.stringify(rows)}\n${passed} passed, ${verdicts.length - passed} failed`
}
