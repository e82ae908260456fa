import { Defect } from "../defect"

export const d21: Defect = {
  id: "D21",
  mechanism: "after a crash our own write is taken for the ERP's edit and reverts a newer one",
  breaks: ["I1"],
  start: 11,
  seeds: 150,
  edits: [
    {
      file: "src/sync/decide.ts",
      find: `  if (intent?.source === "medusa" && rule.equalErp(state.erp, intent.target_value)) {
    return { base_erp: state.erp, base_medusa: intent.source_value }
  }
`,
      replace: ``,
    },
  ],
}
