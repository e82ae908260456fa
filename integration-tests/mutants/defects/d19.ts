import { Defect } from "../defect"

export const d19: Defect = {
  id: "D19",
  mechanism: "a merchant's save between our read and our write in Medusa is overwritten",
  breaks: ["I1"],
  start: 52,
  seeds: 100,
  edits: [
    {
      file: "src/engine/commit.ts",
      find: `    const applied = applyOutcomes(staged, result.outcomes, batch)`,
      replace: `    for (const [index, outcome] of result.outcomes.entries()) {
      const entry = staged[index]
      if (outcome.outcome === "moved" && entry) {
        const blind = { ...entry.write, from: outcome.present }
        const again = await context.catalog.writeValues(tx, [blind])
        result.outcomes[index] = again.outcomes[0] ?? outcome
      }
    }
    const applied = applyOutcomes(staged, result.outcomes, batch)`,
    },
  ],
}
