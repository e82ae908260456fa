import { Defect } from "../defect"

export const d24: Defect = {
  id: "D24",
  mechanism: "a refused blank stays changed and wins later conflicts",
  breaks: ["I2"],
  start: 6,
  seeds: 150,
  edits: [
    {
      file: "src/sync/decide.ts",
      find: `    erp: erp && !isRefused(state.erp, rule),
    medusa: medusa && !medusaRefused,`,
      replace: `    erp: erp || isRefused(state.erp, rule),
    medusa: medusa || medusaRefused,`,
    },
  ],
}
