import { NewLink } from "../../../src/engine/ports"
import { erpId, medusaId } from "../../../src/sync/ids"
import { CONNECTION, LedgerDatabase, openLedgerDatabase } from "./database"
let database: LedgerDatabase
beforeAll(async () => { database = await openLedgerDatabase("ledger_perf") })
afterAll(() => database.close())
const out: string[] = []
const time = async <T>(name: string, n: number, work: () => Promise<T>): Promise<T> => {
  const t = performance.now(); const r = await work(); const ms = performance.now() - t
  out.push(`${name}: ${ms.toFixed(1)} ms, ${(n / ms * 1000).toFixed(0)}/s`); return r
}
it("measures", async () => {
  await database.reset()
  const l = database.ledger
  const base = { title: "Chair of oak number", sku: "SKU-123", barcode: "40000000", weight: "1200", description: "x".repeat(300), "price:eur": "12.50" }
  const N = 10000
  const links: NewLink[] = Array.from({ length: N }, (_, i) => ({ entity: "variant", erp_id: erpId(i), parent_erp_id: erpId(Math.floor(i / 5)), medusa_id: medusaId(`variant_${i}`), state: "linked", fingerprint: "f".repeat(40), match_key: "1,2", base_erp: base, base_medusa: base, content_hash: { products: "h".repeat(40) } }))
  for (let round = 0; round < 2; round++) {
    await database.reset()
    const all = await time("insert 10,000 in 2,000s", N, async () => { const r = []; for (let i = 0; i < N; i += 2000) r.push(...await l.transaction((tx) => l.insertLinks(tx, CONNECTION, links.slice(i, i + 2000)))); return r })
    let cur = all
    for (let k = 0; k < 3; k++) cur = await time("patch 10,000 in 2,000s", N, async () => { const r = []; for (let i = 0; i < N; i += 2000) { const part = cur.slice(i, i + 2000); const res = await l.transaction(async (tx) => { await l.lockLinks(tx, part.map((p) => p.id)); return l.patchLinks(tx, part.map((p) => ({ id: p.id, expected: { lane: "catalog" as const, seq: p.seq }, base_erp: { title: "new" + k, "price:eur": "13" }, base_medusa: { title: "new" + k }, replaced: { title: { value: "old", at: "2026-11-24T00:00:00.000Z" } }, content_hash: { products: "g".repeat(40) }, agreed: true }))) }); if (res.lost.length) throw new Error("lost"); r.push(...part.map((p) => ({ ...p, seq: res.seqs.get(p.id) ?? 0 }))) } return r })
    await time("patch 10,000 stock small", N, async () => { for (let i = 0; i < N; i += 2000) { const part = cur.slice(i, i + 2000); await l.transaction((tx) => l.patchLinks(tx, part.map((p) => ({ id: p.id, expected: { lane: "stock" as const, seq: p.stock_seq }, base_erp: { "stock:sloc": "5" }, agreed: true })))) } })
    await time("linksByErp 10,000 in 2,000s", N, async () => { for (let i = 0; i < N; i += 2000) await l.linksByErp(CONNECTION, "variant", links.slice(i, i + 2000).map((x) => x.erp_id)) })
    await time("linksByMedusa 10,000 in 2,000s", N, async () => { for (let i = 0; i < N; i += 2000) await l.linksByMedusa(CONNECTION, "variant", links.slice(i, i + 2000).map((x) => x.medusa_id)) })
    await time("linksByParent 2,000 (10,000 rows) in 400s", N, async () => { for (let i = 0; i < 2000; i += 400) await l.linksByParent(CONNECTION, Array.from({ length: 400 }, (_, j) => erpId(i + j))) })
    await time("markDirty 10,000 in 2,000s", N, async () => { for (let i = 0; i < N; i += 2000) await l.markDirty(CONNECTION, links.slice(i, i + 2000).map((x) => ({ stream: "stock" as const, erp_id: x.erp_id, reason: "x" }))) })
    await time("markDirtyByMedusa 10,000 in 2,000s (again)", N, async () => { for (let i = 0; i < N; i += 2000) await l.markDirtyByMedusa(CONNECTION, "variant", links.slice(i, i + 2000).map((x) => x.medusa_id), "stock", "edit") })
    await time("claim+finish 10,000 in 500s", N, async () => { for (;;) { const c = await l.claimDirty(CONNECTION, ["stock", "prices"], 500, { owner: "a", ms: 60000 }); if (!c.length) break; await l.transaction((tx) => l.finishDirty(tx, CONNECTION, c, "a")) } })
    await time("markSwept 10,000 in 2,000s", N, async () => { for (let i = 0; i < N; i += 2000) await l.transaction((tx) => l.markSwept(tx, "r", "product", links.slice(i, i + 2000).map((x) => x.erp_id))) })
    await time("unsweptLinks (none of 10,000)", N, () => l.unsweptLinks(CONNECTION, "r", "variant", null, 500))
    await time("journal 10,000 in 2,000s", N, async () => { for (let i = 0; i < N; i += 2000) await l.transaction((tx) => l.journal(tx, CONNECTION, links.slice(i, i + 2000).map((x) => ({ run_id: "r", entity: "variant" as const, erp_id: x.erp_id, medusa_id: x.medusa_id, field: "title", side: "medusa" as const, kind: "write" as const, from: "a", to: "b", rule: "erp_changed" })))) })
    await time("park 10,000 in 2,000s", N, async () => { for (let i = 0; i < N; i += 2000) await l.transaction((tx) => l.park(tx, CONNECTION, links.slice(i, i + 2000).map((x) => ({ stream: "products" as const, entity: "variant" as const, erp_id: x.erp_id, field: "sku", reason: "dup", message: "m", value: "v", remedy: "r", version: null })))) })
    await time("unpark 10,000 in 2,000s", N, async () => { for (let i = 0; i < N; i += 2000) await l.transaction((tx) => l.unpark(tx, CONNECTION, "products", links.slice(i, i + 2000).map((x) => ({ entity: "variant" as const, erp_id: x.erp_id, except: [] })))) })
    await time("queue+confirm 10,000 events", N, async () => { for (let i = 0; i < N; i += 2000) { const ids = await l.transaction((tx) => l.queueEvents(tx, "g", links.slice(i, i + 2000).map((x) => ({ name: "e", data: { id: x.medusa_id } })))); await l.confirmEvents(ids) } })
    await time("health", 1, () => l.health())
    out.push("--")
  }
  require("node:fs").writeFileSync("/tmp/ledgerpg/perf.txt", out.join("\n"))
})
