import { Defect } from "../defect"

export const d04: Defect = {
  id: "D4",
  mechanism: "the stamp of a stock reading is taken after the select",
  breaks: ["I8"],
  start: 1,
  seeds: 100,
  edits: [
    {
      file: "src/engine/run.ts",
      find: `    const readAt = await context.ledger.now()
    const next = await iterator.next()`,
      replace: `    const next = await iterator.next()
    const readAt = await context.ledger.now()`,
    },
    {
      file: "src/engine/reconcile-stock.ts",
      find: `  const page = emptyPage(await context.ledger.now())`,
      replace: `  const page = emptyPage(await context.ledger.now())
  batch = { ...batch, read_at: page.now }`,
    },
  ],
}
