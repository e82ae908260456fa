import { Defect } from "../defect"

export const d38: Defect = {
  id: "D38",
  mechanism:
    "a count is sent without the figure that it was made of: goods that moved meanwhile are lost",
  breaks: ["I1"],
  start: 640,
  seeds: 60,
  edits: [
    {
      file: "src/engine/push-stock.ts",
      find: "  expected: { [`on_hand:${warehouse}`]: from },",
      replace: "  expected: {},",
    },
    {
      file: "src/engine/push-stock.ts",
      find: "const changeOf = (connected: Connected, { entry, warehouse, from, to }: Count): Change => ({",
      replace:
        "const changeOf = (connected: Connected, { entry, warehouse, to }: Count): Change => ({",
    },
  ],
}
