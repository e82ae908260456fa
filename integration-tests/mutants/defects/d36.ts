import { Defect } from "../defect"

export const d36: Defect = {
  id: "D36",
  mechanism: "a request given up lands late and is taken for the ERP's edit",
  breaks: ["I1", "I4"],
  start: 11,
  seeds: 150,
  edits: [
    {
      file: "src/sync/decide.ts",
      find: `  Date.parse(state.intent.until) > Date.parse(state.now) &&`,
      replace: `  Date.parse(state.intent.at) > Date.parse(state.now) &&`,
    },
  ],
}
