import { Defect } from "../defect"

export const d29: Defect = {
  id: "D29",
  mechanism: "stock written without what the ERP's figure does not count",
  breaks: ["I8"],
  start: 1,
  seeds: 20,
  edits: [
    {
      file: "src/sync/stock.ts",
      find: `subtractDecimals(addDecimals(figure, reserved), uncounted)`,
      replace: `subtractDecimals(addDecimals(figure, reserved), uncounted && "0")`,
    },
  ],
}
