import { Defect } from "../defect"

export const d33: Defect = {
  id: "D33",
  mechanism: "the base of a set moves as a whole: an element edited meanwhile is taken for agreed",
  breaks: ["I1"],
  start: 1,
  seeds: 60,
  edits: [
    {
      file: "src/engine/commit.ts",
      find: `    const inMedusa = applied.written.get(link.id)?.get(field)
`,
      replace: `    const inMedusa = applied.written.get(link.id)?.get(field)
    const elements = [...(applied.written.get(link.id)?.keys() ?? [])]
    if (field.startsWith("category:") && elements.some((name) => name.startsWith("category:"))) {
      settle(field, plan.erp, plan.medusa)
    }
`,
    },
  ],
}
