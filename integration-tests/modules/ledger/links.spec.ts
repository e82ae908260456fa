import { NewLink } from "../../../src/engine/ports"
import { connectionId, erpId, medusaId } from "../../../src/sync/ids"
import { Intent, Link, Replaced } from "../../../src/sync/values"
import { CONNECTION, LedgerDatabase, openLedgerDatabase } from "./database"

let database: LedgerDatabase
const ledger = () => database.ledger

beforeAll(async () => {
  database = await openLedgerDatabase("ledger_links")
})
beforeEach(() => database.reset())
afterAll(() => database.close())

const product = (id: number, more: Partial<NewLink> = {}): NewLink => ({
  entity: "product",
  erp_id: erpId(id),
  parent_erp_id: null,
  medusa_id: medusaId(`prod_${id}`),
  state: "linked",
  fingerprint: "f1",
  match_key: null,
  base_erp: { title: "Chair" },
  base_medusa: { title: "Chair" },
  ...more,
})

const variant = (id: number, parent: number): NewLink =>
  product(id, {
    entity: "variant",
    parent_erp_id: erpId(parent),
    medusa_id: medusaId(`variant_${id}`),
    match_key: "1,2",
  })

const insert = (...links: NewLink[]) =>
  ledger().transaction((tx) => ledger().insertLinks(tx, CONNECTION, links))

const insertOne = async (link: NewLink): Promise<Link> => {
  const [standing] = await insert(link)
  if (!standing) throw new Error("not inserted")
  return standing
}

const read = async (id: number): Promise<Link> => {
  const [link] = await ledger().linksByErp(CONNECTION, "product", [erpId(id)])
  if (!link) throw new Error(`product ${id} is not linked`)
  return link
}

const intent: Intent = {
  source: "erp",
  source_value: null,
  target_value: "Stool",
  replaced_value: "Chair",
  target_version: null,
  at: "2026-11-24T10:00:00.000Z",
  until: "2026-11-24T10:05:00.000Z",
}

describe("inserting links", () => {
  it("returns what stands, with numbers for sequences", async () => {
    const link = await insertOne(product(1, { content_hash: { products: "h" } }))
    expect(link).toEqual({
      id: expect.stringMatching(/^elnk_[0-9a-f]{14}$/),
      entity: "product",
      erp_id: "1",
      parent_erp_id: null,
      medusa_id: "prod_1",
      state: "linked",
      fingerprint: "f1",
      match_key: null,
      base_erp: { title: "Chair" },
      base_medusa: { title: "Chair" },
      content_hash: { products: "h" },
      version: {},
      intents: {},
      replaced: {},
      kept: {},
      owners: {},
      resolutions: {},
      seq: expect.any(Number),
      stock_seq: expect.any(Number),
      stock_read_at: null,
    })
  })

  it("leaves a link that is there as it is", async () => {
    const first = await insertOne(product(1))
    const [second] = await insert(product(1, { medusa_id: medusaId("prod_9"), fingerprint: "f2" }))
    expect(second).toEqual(first)
  })

  it("refuses a second ERP record for one Medusa record, unless the first is a tombstone", async () => {
    await insert(product(1, { medusa_id: medusaId("prod_1") }))
    expect(await insert(product(2, { medusa_id: medusaId("prod_1") }))).toEqual([])
    await insert(product(3, { medusa_id: medusaId("prod_3"), state: "tombstone" }))
    expect(await insert(product(4, { medusa_id: medusaId("prod_3") }))).toHaveLength(1)
    const found = await ledger().linksByMedusa(CONNECTION, "product", [medusaId("prod_3")])
    expect(found.map(({ erp_id, state }) => [erp_id, state])).toEqual([
      ["4", "linked"],
      ["3", "tombstone"],
    ])
  })

  it("makes one link each when two insert the same at once, in opposite orders", async () => {
    const ids = Array.from({ length: 200 }, (_, index) => index + 1)
    const one = ids.map((id) => product(id, { medusa_id: medusaId(`prod_a${id}`) }))
    const other = [...ids]
      .reverse()
      .map((id) => product(id, { medusa_id: medusaId(`prod_b${id}`) }))
    const [first, second] = await Promise.all([insert(...one), insert(...other)])
    const byErp = (links: Link[]) => new Map(links.map((link) => [link.erp_id, link.medusa_id]))
    expect(byErp(first).size).toBe(200)
    expect(byErp(second)).toEqual(byErp(first))
  })

  it("stores texts that PostgreSQL cannot hold with a replacement character", async () => {
    const link = await insertOne(
      product(1, { base_erp: { title: "a\u0000b\ud83d", other: "\ud83d\ude00" } }),
    )
    expect(link.base_erp).toEqual({ title: "a\ufffdb\ufffd", other: "\ud83d\ude00" })
  })

  it("notes when the first link was made", async () => {
    const before = await ledger().connection(CONNECTION)
    await insert(product(1))
    const after = await ledger().connection(CONNECTION)
    expect((after?.created_at ?? "") > (before?.created_at ?? "")).toBe(true)
    await insert(product(2))
    expect((await ledger().connection(CONNECTION))?.created_at).toBe(after?.created_at)
  })
})

describe("finding links", () => {
  it("finds children by their parent, whatever their entity, and counts the living", async () => {
    await insert(product(1), variant(11, 1), variant(12, 1), variant(21, 2))
    await insert(product(3, { state: "tombstone" }), product(4, { state: "creating" }))
    const children = await ledger().linksByParent(CONNECTION, [erpId(1)])
    expect(children.map(({ erp_id }) => erp_id)).toEqual(["11", "12"])
    expect(await ledger().linkCounts(CONNECTION)).toEqual({
      category: 0,
      product: 2,
      variant: 3,
      option: 0,
      option_value: 0,
    })
  })

  it("keeps connections apart", async () => {
    await insert(product(1))
    const other = connectionId("other")
    expect(await ledger().linksByErp(other, "product", [erpId(1)])).toEqual([])
    expect(await ledger().linksByMedusa(other, "product", [medusaId("prod_1")])).toEqual([])
  })
})

describe("patching links", () => {
  it("merges maps per key: a null is a value in a base and ends a key elsewhere", async () => {
    const link = await insertOne(product(1, { base_erp: { title: "Chair", weight: "1" } }))
    const patch = (seq: number, more: object) =>
      ledger().transaction((tx) =>
        ledger().patchLinks(tx, [{ id: link.id, expected: { lane: "catalog", seq }, ...more }]),
      )
    const replaced: Replaced = {
      value: "Chair",
      to: "Stool",
      side: "medusa",
      at: intent.at,
      turns: 1,
      since: intent.at,
    }
    const first = await patch(link.seq, {
      base_erp: { title: "Stool", description: null },
      intents: { title: intent, weight: intent },
      replaced: { title: replaced },
      kept: { status: "published", backorder: true },
      content_hash: { products: "h2" },
    })
    const seq = first.seqs.get(link.id) ?? 0
    expect(seq).toBeGreaterThan(link.seq)
    await patch(seq, { intents: { title: null }, kept: { status: null } })
    expect(await read(1)).toMatchObject({
      base_erp: { title: "Stool", weight: "1", description: null },
      base_medusa: { title: "Chair" },
      intents: { weight: intent },
      replaced: { title: replaced },
      kept: { backorder: true },
      content_hash: { products: "h2" },
      stock_seq: link.stock_seq,
    })
    expect(Object.keys((await read(1)).intents)).toEqual(["weight"])
  })

  it("drops a patch whose fence moved, and says so", async () => {
    const a = await insertOne(product(1))
    const b = await insertOne(product(2))
    const { lost, seqs } = await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [
        { id: a.id, expected: { lane: "catalog", seq: a.seq - 1 }, base_erp: { title: "no" } },
        { id: b.id, expected: { lane: "catalog", seq: b.seq }, state: "gone", agreed: true },
      ]),
    )
    expect(lost).toEqual([a.id])
    expect([...seqs.keys()]).toEqual([b.id])
    expect((await read(1)).base_erp).toEqual({ title: "Chair" })
    expect((await read(2)).state).toBe("gone")
    const [record] = await ledger().linkedRecords("product", "prod_2")
    expect(record?.agreed_at).toMatch(/^\d{4}-.*Z$/)
  })

  it("changes ids and the match key, and clears them with null", async () => {
    await insert(variant(11, 1))
    const [link] = await ledger().linksByErp(CONNECTION, "variant", [erpId(11)])
    if (!link) throw new Error("not linked")
    await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [
        {
          id: link.id,
          expected: { lane: "catalog", seq: link.seq },
          erp_id: erpId(99),
          parent_erp_id: null,
          match_key: null,
          medusa_id: medusaId("variant_99"),
        },
      ]),
    )
    const [moved] = await ledger().linksByErp(CONNECTION, "variant", [erpId(99)])
    expect(moved).toMatchObject({ parent_erp_id: null, match_key: null, medusa_id: "variant_99" })
  })

  it("lets both lanes change one link at once without losing a field", async () => {
    const ids = Array.from({ length: 300 }, (_, index) => index + 1)
    const links = await insert(...ids.map((id) => product(id)))
    const catalog = links.map((link) => ({
      id: link.id,
      expected: { lane: "catalog", seq: link.seq } as const,
      base_erp: { title: "New" },
      base_medusa: { title: "New" },
    }))
    const stock = [...links].reverse().map((link) => ({
      id: link.id,
      expected: { lane: "stock", seq: link.stock_seq } as const,
      base_erp: { "stock:sloc_1": "5" },
      stock_read_at: "2026-11-24T10:00:00.123456Z",
    }))
    const results = await Promise.all(
      [catalog, stock].map((patches) =>
        ledger().transaction((tx) => ledger().patchLinks(tx, patches)),
      ),
    )
    expect(results.map(({ lost }) => lost)).toEqual([[], []])
    const after = await ledger().linksByErp(CONNECTION, "product", ids.map(erpId))
    expect(after).toHaveLength(300)
    for (const link of after) {
      expect(link.base_erp).toEqual({ title: "New", "stock:sloc_1": "5" })
      expect(link.stock_read_at).toBe("2026-11-24T10:00:00.123456Z")
    }
  })

  it("gives one of two plans made on the same sequence its turn, for every link", async () => {
    const links = await insert(...Array.from({ length: 100 }, (_, index) => product(index + 1)))
    const plan = (title: string) =>
      ledger().transaction((tx) =>
        ledger().patchLinks(
          tx,
          links.map((link) => ({
            id: link.id,
            expected: { lane: "catalog", seq: link.seq },
            base_erp: { title },
          })),
        ),
      )
    const [one, other] = await Promise.all([plan("one"), plan("other")])
    expect(one.lost.length + other.lost.length).toBe(100)
    expect(one.seqs.size + other.seqs.size).toBe(100)
  })

  it("applies patches of one link in both lanes in one call", async () => {
    const link = await insertOne(product(1))
    const { lost } = await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [
        { id: link.id, expected: { lane: "catalog", seq: link.seq }, base_erp: { title: "T" } },
        { id: link.id, expected: { lane: "stock", seq: link.stock_seq }, base_erp: { s: "1" } },
      ]),
    )
    expect(lost).toEqual([])
    expect((await read(1)).base_erp).toEqual({ title: "T", s: "1" })
  })

  it("undoes everything when the transaction fails", async () => {
    const link = await insertOne(product(1))
    await expect(
      ledger().transaction(async (tx) => {
        await ledger().patchLinks(tx, [
          { id: link.id, expected: { lane: "catalog", seq: link.seq }, state: "gone" },
        ])
        await ledger().saveCursor(tx, CONNECTION, "products", { at: 1 })
        throw new Error("crash")
      }),
    ).rejects.toThrow("crash")
    expect((await read(1)).state).toBe("linked")
    expect(await ledger().cursor(CONNECTION, "products")).toBeNull()
  })
})

describe("locking links", () => {
  it("leaves out what another transaction holds", async () => {
    const a = await insertOne(product(1))
    const b = await insertOne(product(2))
    await ledger().transaction(async (tx) => {
      expect([...(await ledger().lockLinks(tx, [a.id])).keys()]).toEqual([a.id])
      await ledger().transaction(async (other) => {
        const locked = await ledger().lockLinks(other, [a.id, b.id])
        expect([...locked]).toEqual([
          [b.id, { seq: b.seq, stock_seq: b.stock_seq, erp_id: b.erp_id }],
        ])
      })
    })
  })

  it("calls a wait for a held row transient", async () => {
    const a = await insertOne(product(1))
    await ledger().transaction(async (tx) => {
      await ledger().lockLinks(tx, [a.id])
      const waiting = ledger().transaction((other) =>
        ledger().patchLinks(other, [
          { id: a.id, expected: { lane: "catalog", seq: a.seq }, state: "gone" },
        ]),
      )
      await expect(waiting).rejects.toMatchObject({ kind: "transient", code: "database_busy" })
    })
  })

  it("grants a free key to one holder at a time", async () => {
    await ledger().exclusively(["sku:A", "sku:B", "sku:A"], async (granted) => {
      expect([...granted].sort()).toEqual(["sku:A", "sku:B"])
      await ledger().exclusively(["sku:B", "sku:C"], async (inner) => {
        expect([...inner]).toEqual(["sku:C"])
      })
    })
    await expect(
      ledger().exclusively(["sku:A"], async () => {
        throw new Error("crash")
      }),
    ).rejects.toThrow("crash")
    await ledger().exclusively(["sku:A"], async (granted) =>
      expect([...granted]).toEqual(["sku:A"]),
    )
  })
})

describe("links of other connections", () => {
  const OTHER = connectionId("odoo-outlet")
  const ours = ["prod_1", "prod_2", "prod_3"].map(medusaId)

  it("are those to the records asked for, alive, of this kind, with what a person said of them", async () => {
    const [first] = await insert(
      product(1),
      product(2, { state: "gone" }),
      product(3, { state: "tombstone" }),
      product(4),
      { ...variant(11, 1), medusa_id: medusaId("prod_1") },
    )
    await ledger().setOwners(first?.id ?? "", { title: "medusa" })
    const link = { connection_id: CONNECTION, entity: "product" }
    expect(await ledger().linksOfOthers(OTHER, "product", ours)).toEqual([
      { ...link, erp_id: "1", medusa_id: "prod_1", owners: { title: "medusa" } },
      { ...link, erp_id: "2", medusa_id: "prod_2", owners: {} },
    ])
  })

  it("are none of a connection's own", async () => {
    await insert(product(1))
    await ledger().transaction((tx) => ledger().insertLinks(tx, OTHER, [product(9)]))
    expect(await ledger().linksOfOthers(CONNECTION, "product", ours)).toEqual([])
    expect(await ledger().linksOfOthers(CONNECTION, "product", [])).toEqual([])
    const [held] = await ledger().linksOfOthers(CONNECTION, "product", [medusaId("prod_9")])
    expect(held).toMatchObject({ connection_id: OTHER, erp_id: "9" })
  })

  it("come first where they were made first, each with the link that is behind it", async () => {
    await insert(product(1), product(2), product(3, { state: "tombstone" }))
    const given = [product(7), product(8), product(9)].map((link, index) => ({
      ...link,
      medusa_id: medusaId(`prod_${index + 1}`),
    }))
    const later = await ledger().transaction((tx) => ledger().insertLinks(tx, OTHER, given))
    const ids = later.map(({ id }) => id)
    const found = await ledger().earlierLinks(ids)
    expect(found.map(({ link_id, ...link }) => [ids.indexOf(link_id), link]).sort()).toEqual(
      [1, 2].map((id) => [
        id - 1,
        {
          ...{ connection_id: CONNECTION, entity: "product", erp_id: String(id) },
          ...{ medusa_id: `prod_${id}`, owners: {} },
        },
      ]),
    )
    const own = await ledger().linksByErp(CONNECTION, "product", [erpId(1), erpId(2)])
    expect(await ledger().earlierLinks(own.map(({ id }) => id))).toEqual([])
  })
})

describe("sweep marks", () => {
  it("finds living links that neither they nor their product were marked, in pages", async () => {
    await insert(product(1), product(2), product(3), product(4, { state: "gone" }))
    await insert(variant(11, 1), variant(21, 2), variant(31, 3))
    await ledger().transaction(async (tx) => {
      await ledger().markSwept(tx, "run", "product", [erpId(1), erpId(1)])
      await ledger().markSwept(tx, "run", "product", [erpId(1)])
      await ledger().markSwept(tx, "run", "variant", [erpId(31)])
    })
    const unswept = async (entity: "product" | "variant", run: string, after: string | null) =>
      (
        await ledger().unsweptLinks(
          CONNECTION,
          run,
          entity,
          after === null ? null : erpId(after),
          1,
        )
      ).map(({ erp_id }) => erp_id)
    expect(await unswept("product", "run", null)).toEqual(["2"])
    expect(await unswept("product", "run", "2")).toEqual(["3"])
    expect(await unswept("product", "run", "3")).toEqual([])
    expect(await unswept("variant", "run", null)).toEqual(["21"])
    expect(await unswept("variant", "run", "21")).toEqual([])
    expect(await unswept("product", "another run", null)).toEqual(["1"])
    await ledger().clearSwept("run")
    expect(await unswept("product", "run", null)).toEqual(["1"])
  })
})
