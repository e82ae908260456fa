import { Defect } from "../defect"

export const d05: Defect = {
  id: "D5",
  mechanism:
    "the remote is seen to be newer, is scheduled for import, and is overwritten all the same",
  breaks: ["I1"],
  start: 5,
  seeds: 100,
  edits: [
    {
      file: "src/engine/push.ts",
      find: `    expected: named((plan) => plan.decision.from),`,
      replace: `    expected: {},`,
    },
  ],
}
