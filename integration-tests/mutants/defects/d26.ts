import { Defect } from "../defect"

export const d26: Defect = {
  id: "D26",
  mechanism: "variants remade by the ERP under new ids are doubled instead of re-pointed",
  breaks: ["I3"],
  start: 2,
  seeds: 20,
  edits: [
    {
      file: "src/sync/match-variants.ts",
      find: `  const repointed = repoint(vanished, unmatched, links, product)`,
      replace: `  const repointed = repoint([], unmatched, links, product)`,
    },
  ],
}
