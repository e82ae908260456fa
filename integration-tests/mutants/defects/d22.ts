import { Defect } from "../defect"

export const d22: Defect = {
  id: "D22",
  mechanism: "the ERP's rounding is taken for an edit and overwrites the user's value",
  breaks: ["I1", "I9"],
  start: 3,
  seeds: 60,
  edits: [
    {
      file: "src/engine/push.ts",
      find: `          erp: held === undefined ? plan.decision.to : held,`,
      replace: `          erp: plan.decision.base_medusa,`,
    },
    {
      file: "src/sync/decide.ts",
      find: `    rule.equalErp(rule.toErp(state.medusa), state.erp))`,
      replace: `    rule.equalErp(state.medusa, state.erp))`,
    },
  ],
}
