import { Defect } from "../defect"

export const d25: Defect = {
  id: "D25",
  mechanism: "a product deleted in Medusa comes back with the next pull",
  breaks: ["I3"],
  start: 7,
  seeds: 60,
  edits: [
    {
      file: "src/engine/deleted-records.ts",
      find: `  const again = connected.rules.deleted === "recreate"`,
      replace: `  const again = connected.rules.deleted !== "archive_erp"`,
    },
    {
      file: "src/engine/product-work.ts",
      find: `of connected.rules.deleted === "recreate" ? children : []`,
      replace: `of connected.rules.deleted !== "archive_erp" ? children : []`,
    },
  ],
}
