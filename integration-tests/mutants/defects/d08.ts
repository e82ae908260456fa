import { Defect } from "../defect"

export const d08: Defect = {
  id: "D8",
  mechanism: "the content hash is stored before the load succeeded",
  breaks: ["I5", "I3"],
  start: 226,
  seeds: 100,
  edits: [
    {
      file: "src/engine/reconcile-products.ts",
      find: `  const changed = await dropUnchanged(context, connected, batch, page.tally)
`,
      replace: `  const changed = await dropUnchanged(context, connected, batch, page.tally)
  const hashes = new Map(
    changed.map((erp) => [erp.id, contentHash(erp, connected.rules.fingerprint)]),
  )
  const seen = await context.ledger.linksByErp(connected.id, "product", [...hashes.keys()])
  const stored = await context.ledger.transaction((tx) =>
    context.ledger.patchLinks(
      tx,
      seen
        .filter((link) => link.state === "linked" && fresh.isCurrent(link))
        .filter((link) => link.content_hash.products !== hashes.get(link.erp_id))
        .map((link) => ({
          id: link.id,
          expected: { lane: "catalog", seq: link.seq },
          content_hash: { products: hashes.get(link.erp_id) ?? "" },
        })),
    ),
  )
  fresh.trust(stored.seqs)
`,
    },
  ],
}
