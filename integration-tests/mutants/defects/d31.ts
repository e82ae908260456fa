import { Defect } from "../defect"

export const d31: Defect = {
  id: "D31",
  mechanism: "an acknowledgement newer than the ERP reading counts for it",
  breaks: ["I8"],
  start: 11,
  seeds: 150,
  edits: [
    {
      file: "src/sync/stock.ts",
      find: `          entry.line_item_id === line &&
          Date.parse(entry.known_at) < reading &&`,
      replace: `          entry.line_item_id === line &&
          reading > 0 &&`,
    },
    {
      file: "src/sync/stock.ts",
      find: `entry.line_item_id === line && Date.parse(entry.known_at) < reading,`,
      replace: `entry.line_item_id === line && reading > 0,`,
    },
  ],
}
