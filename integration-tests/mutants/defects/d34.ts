import { Defect } from "../defect"

export const d34: Defect = {
  id: "D34",
  mechanism: "an edit in Medusa that no event told is never found",
  breaks: ["I2"],
  start: 4,
  seeds: 20,
  edits: [
    {
      file: "src/engine/run.ts",
      find: `may_skip: run.kind === "delta",`,
      replace: `may_skip: true,`,
    },
  ],
}
