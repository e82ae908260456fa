import { Defect } from "../defect"

export const d30: Defect = {
  id: "D30",
  mechanism: "a page read before our write is applied after it",
  breaks: ["I1", "I5", "I9"],
  start: 131,
  seeds: 150,
  edits: [
    {
      file: "src/engine/freshness.ts",
      find: `return link.seq <= this.batch.read_seq || this.own.get(link.id) === link.seq`,
      replace: `return link.seq >= 0`,
    },
  ],
}
