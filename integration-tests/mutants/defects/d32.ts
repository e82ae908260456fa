import { Defect } from "../defect"

export const d32: Defect = {
  id: "D32",
  mechanism: "an intent whose write never happened moves the bases and reverts the source's edit",
  breaks: ["I1", "I9"],
  start: 3,
  seeds: 100,
  edits: [
    {
      file: "src/sync/decide.ts",
      find: `  if (intent?.source === "medusa" && rule.equalErp(state.erp, intent.target_value)) {
    return { base_erp: state.erp, base_medusa: intent.source_value }
  }
`,
      replace: `  if (intent?.source === "medusa") {
    return { base_erp: intent.target_value, base_medusa: intent.source_value }
  }
`,
    },
  ],
}
