import { Defect } from "../defect"

export const d40: Defect = {
  id: "D40",
  mechanism: "the guard counts what went out of sale in the store alone: the ERP is emptied",
  breaks: ["I7"],
  start: 61,
  seeds: 60,
  edits: [
    {
      file: "src/engine/reconcile-products.ts",
      find: `    await guardArchives(context, connected, page)
`,
      replace: ``,
    },
    {
      file: "src/engine/reconcile-products.ts",
      find: `import { guardArchives, guardPrices } from "./guards"`,
      replace: `import { guardPrices } from "./guards"`,
    },
  ],
}
