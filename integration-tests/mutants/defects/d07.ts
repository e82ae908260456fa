import { Defect } from "../defect"

export const d07: Defect = {
  id: "D7",
  mechanism: "sync_date = now() at bind; an edit between read and bind is skipped",
  breaks: ["I2", "I5"],
  start: 4,
  seeds: 100,
  edits: [
    {
      file: "src/engine/create-products.ts",
      find: `        ...announced,
        ...(draft.erp.active`,
      replace: `        ...announced,
        sync_date: fresh.now,
        ...(draft.erp.active`,
    },
    {
      file: "src/engine/create-products.ts",
      find: `  await context.ledger.transaction(async (tx) => {
    const patches = created.flatMap(({ draft }) => completionPatches(connected.rules, draft, byKey))`,
      replace: `  const bound = { now: await context.ledger.now() }
  await context.ledger.transaction(async (tx) => {
    const patches = created.flatMap(({ draft }) =>
      completionPatches(connected.rules, draft, byKey, bound),
    )`,
    },
    {
      file: "src/engine/create-products.ts",
      find: `  byKey: ReadonlyMap<string, Link>,
): LinkPatch[] => {`,
      replace: `  byKey: ReadonlyMap<string, Link>,
  fresh: { now: string },
): LinkPatch[] => {`,
    },
    {
      file: "src/engine/reconcile-products.ts",
      find: `  if (!batch.may_skip) {
    return batch.records
  }
`,
      replace: `  const known = await context.ledger.linksByErp(
    connected.id,
    "product",
    batch.records.map((erp) => erp.id),
  )
  const bound = new Map(known.map((link) => [link.erp_id, link.kept["sync_date"]]))
  const isOld = ({ id, version }: ErpProduct): boolean =>
    Date.parse(\`\${version}Z\`) < Date.parse(String(bound.get(id)))
  batch = { ...batch, records: batch.records.filter((erp) => !isOld(erp)) }
  if (!batch.may_skip) {
    return batch.records
  }
`,
    },
  ],
}
