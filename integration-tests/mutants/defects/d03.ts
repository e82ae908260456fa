import { Defect } from "../defect"

export const d03: Defect = {
  id: "D3",
  mechanism: "an echo is told by comparing the ERP's clock with ours",
  breaks: ["I1", "I2", "I5"],
  start: 2,
  seeds: 60,
  edits: [
    {
      file: "src/engine/reconcile-products.ts",
      find: `  if (!batch.may_skip) {
    return batch.records
  }
`,
      replace: `  const written = await context.ledger.linksByErp(
    connected.id,
    "product",
    batch.records.map((erp) => erp.id),
  )
  const ours = new Map(
    written.map((link) => [link.erp_id, Object.values(link.replaced).map(({ at }) => at)]),
  )
  const isEcho = ({ id, version }: ErpProduct): boolean =>
    (ours.get(id) ?? []).some((at) => Date.parse(at) > Date.parse(\`\${version}Z\`))
  batch = { ...batch, records: batch.records.filter((erp) => !isEcho(erp)) }
  if (!batch.may_skip) {
    return batch.records
  }
`,
    },
  ],
}
