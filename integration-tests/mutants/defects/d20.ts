import { Defect } from "../defect"

export const d20: Defect = {
  id: "D20",
  mechanism: "the unwritten side keeps its old base: endless rewriting",
  breaks: ["I1", "I4"],
  start: 1,
  seeds: 10,
  edits: [
    {
      file: "src/engine/commit.ts",
      find: `      settle(field, done.erp, done.medusa)
`,
      replace: `      settle(
        field,
        inMedusa ? (link.base_erp[field] ?? done.erp) : done.erp,
        inMedusa ? done.medusa : (link.base_medusa[field] ?? done.medusa),
      )
`,
    },
  ],
}
