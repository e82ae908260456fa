import { Defect } from "../defect"

export const d10: Defect = {
  id: "D10",
  mechanism: "change detection hashes the import only; a local edit is never repaired or pushed",
  breaks: ["I2"],
  start: 13,
  seeds: 20,
  edits: [
    {
      file: "src/engine/reconcile-products.ts",
      find: `  if (!batch.may_skip) {
    return batch.records
  }
`,
      replace: ``,
    },
  ],
}
