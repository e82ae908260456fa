import { Defect } from "../defect"

export const d27: Defect = {
  id: "D27",
  mechanism: "sets are written whole: one side's addition removes the other's",
  breaks: ["I1", "I4", "I9"],
  start: 17,
  seeds: 60,
  edits: [
    {
      file: "src/engine/push.ts",
      find: `    patch: named((plan) => plan.decision.to),`,
      replace: `    patch: {
      ...(plans.some((plan) => plan.field.startsWith("category:"))
        ? Object.fromEntries(
            work.fields
              .filter((plan) => plan.field.startsWith("category:"))
              .map((plan) => [plan.field, plan.medusa]),
          )
        : {}),
      ...named((plan) => plan.decision.to),
    },`,
    },
  ],
}
