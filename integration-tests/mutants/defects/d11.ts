import { Defect } from "../defect"

export const d11: Defect = {
  id: "D11",
  mechanism: "a partial read is taken for a full one and the rest is deleted",
  breaks: ["I7"],
  start: 1,
  seeds: 60,
  edits: [
    {
      file: "src/engine/gone.ts",
      find: `      records: result.records,
      rejected: result.rejected,
      missing: result.missing,`,
      replace: `      records: [],
      rejected: [],
      missing: suspects.map((link) => link.erp_id),`,
    },
  ],
}
