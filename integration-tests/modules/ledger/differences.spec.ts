import { Look, NewLink } from "../../../src/engine/ports"
import { erpId, medusaId } from "../../../src/sync/ids"
import { Difference, Link } from "../../../src/sync/values"
import { CONNECTION, LedgerDatabase, openLedgerDatabase } from "./database"

let database: LedgerDatabase
const ledger = () => database.ledger

beforeAll(async () => {
  database = await openLedgerDatabase("ledger_differences")
})
beforeEach(() => database.reset())
afterAll(() => database.close())

const product = (id: number, more: Partial<NewLink> = {}): NewLink => ({
  entity: "product",
  erp_id: erpId(id),
  parent_erp_id: null,
  medusa_id: medusaId(`prod_${id}`),
  state: "linked",
  fingerprint: "f",
  match_key: null,
  base_erp: {},
  base_medusa: { title: `Chair ${id}` },
  ...more,
})

const variantOf = (id: number): NewLink =>
  product(id, {
    entity: "variant",
    erp_id: erpId(id + 100),
    parent_erp_id: erpId(id),
    medusa_id: medusaId(`variant_${id}`),
  })

const link = async (...links: NewLink[]): Promise<Link[]> =>
  ledger().transaction((tx) => ledger().insertLinks(tx, CONNECTION, links))

const linkOne = async (id = 1): Promise<Link> => {
  const [made] = await link(product(id))
  if (!made) throw new Error("not linked")
  return made
}

const drift = (link_id: string, more: Partial<Difference> = {}): Difference => ({
  link_id,
  field: "title",
  kind: "drift",
  reason: "owner_medusa",
  message: null,
  erp: "Chair",
  medusa: "Stool",
  ...more,
})

const save = (looked: Look[], ...found: Difference[]) =>
  ledger().transaction((tx) => ledger().saveDifferences(tx, CONNECTION, looked, found))

const rows = async (): Promise<Record<string, unknown>[]> =>
  (
    await database.pg.raw<{ rows: Record<string, unknown>[] }>(
      `select link_id, field, kind, reason, erp_value, medusa_value, created_at, xmin::text as touched
       from erp_difference order by link_id, field`,
    )
  ).rows

const list = (filter: Parameters<LedgerDatabase["ledger"]["differencesAfter"]>[0] = {}) =>
  ledger().listDifferences({ ...filter, limit: 50, offset: 0 })

describe("saving what stands open", () => {
  it("keeps exactly what was found of the fields that were looked at", async () => {
    const { id } = await linkOne()
    const both = [{ link_id: id, fields: ["title", "description"] }]
    const first = await save(both, drift(id), drift(id, { field: "description", erp: null }))
    expect(first.opened.map(({ field }) => field)).toEqual(["description", "title"])
    expect(first.opened[1]).toEqual(drift(id))
    // Another field was not looked at: it stays.
    await save([{ link_id: id, fields: ["title"] }])
    expect(await rows()).toEqual([
      expect.objectContaining({ field: "description", erp_value: null, medusa_value: "Stool" }),
    ])
  })

  it("leaves what a newer look said where a link has moved since: its own, or its product's", async () => {
    const own = await linkOne(1)
    const whole = await linkOne(2)
    const seqs = { [own.id]: own.seq, [whole.id]: whole.seq }
    const look = { link_id: own.id, fields: ["title"], seqs }
    expect((await save([look], drift(own.id))).stale).toEqual([])
    const { seqs: moved } = await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [
        {
          id: whole.id,
          expected: { lane: "catalog", seq: whole.seq },
          content_hash: { products: "newer" },
        },
      ]),
    )
    expect(await save([look])).toEqual({ opened: [], stale: [own.id] })
    expect(await rows()).toHaveLength(1)
    const newer = { ...look, seqs: { ...seqs, ...Object.fromEntries(moved) } }
    expect(await save([newer])).toEqual({ opened: [], stale: [] })
    expect(await rows()).toEqual([])
  })

  it("leaves what a newer look at the stock said, or one at the record it was pointed to", async () => {
    const { id, erp_id, stock_seq } = await linkOne()
    const look = { link_id: id, fields: ["title"], stock: { erp_id, stock_seq } }
    // A change in the catalog's lane says nothing of the stock.
    await ledger().transaction(async (tx) => {
      const [link] = await ledger().linksByErp(CONNECTION, "product", [erp_id])
      const expected = { lane: "catalog", seq: link?.seq ?? 0 } as const
      await ledger().patchLinks(tx, [{ id, expected, content_hash: { products: "newer" } }])
    })
    expect((await save([look], drift(id))).stale).toEqual([])
    const other = { ...look, stock: { erp_id: erpId(2), stock_seq } }
    expect(await save([other])).toEqual({ opened: [], stale: [id] })
    await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [
        { id, expected: { lane: "stock", seq: stock_seq }, base_erp: { s: "1" } },
      ]),
    )
    expect(await save([look])).toEqual({ opened: [], stale: [id] })
    expect(await rows()).toHaveLength(1)
  })

  it("touches nothing that stays the same, not even with a lock", async () => {
    const { id } = await linkOne()
    const looked = [{ link_id: id, fields: ["title"] }]
    await save(looked, drift(id, { message: "why", erp: true, medusa: null }))
    const before = await rows()
    const again = await save(looked, drift(id, { message: "why", erp: true, medusa: null }))
    expect(again.opened).toEqual([])
    expect(await rows()).toEqual(before)
    const { rows: locks } = await database.pg.raw<{ rows: { xmax: string }[] }>(
      `select xmax::text from erp_difference`,
    )
    expect(locks).toEqual([{ xmax: "0" }])
  })

  it("keeps since when it stands open while values change, and begins anew with another kind", async () => {
    const { id } = await linkOne()
    const looked = [{ link_id: id, fields: ["title"] }]
    await save(looked, drift(id))
    const [before] = await rows()
    expect((await save(looked, drift(id, { medusa: "Bench" }))).opened).toEqual([])
    const [changed] = await rows()
    expect(changed).toMatchObject({ medusa_value: "Bench", created_at: before?.created_at })
    const conflict = drift(id, { kind: "conflict", reason: "both_changed" })
    expect((await save(looked, conflict)).opened).toEqual([conflict])
    const [after] = await rows()
    expect(after?.created_at).not.toEqual(before?.created_at)
  })

  it("takes a thousand fields in one statement, and one field named twice once", async () => {
    const links = await link(...Array.from({ length: 200 }, (_, id) => product(id + 1)))
    const fields = ["a", "b", "c", "d", "e"]
    const looked = links.map(({ id }) => ({ link_id: id, fields }))
    const found = links.flatMap(({ id }) => fields.map((field) => drift(id, { field })))
    expect((await save(looked, ...found, ...found)).opened).toHaveLength(1000)
    expect((await save([...looked, ...looked])).opened).toEqual([])
    expect(await rows()).toEqual([])
  })

  it("lets two who look at the same field at once come to one row", async () => {
    const { id } = await linkOne()
    const looked = [{ link_id: id, fields: ["title"] }]
    await Promise.all([save(looked, drift(id)), save(looked, drift(id, { medusa: "Bench" }))])
    expect(await rows()).toHaveLength(1)
  })

  it("forgets what stood open of a link that becomes a tombstone", async () => {
    const { id, seq } = await linkOne()
    await save([{ link_id: id, fields: ["title"] }], drift(id))
    await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [
        { id, expected: { lane: "catalog", seq: seq + 1000 }, state: "tombstone" },
      ]),
    )
    expect(await rows()).toHaveLength(1)
    await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [{ id, expected: { lane: "catalog", seq }, state: "tombstone" }]),
    )
    expect(await rows()).toEqual([])
  })

  it("forgets what stood open of the variants of a product that becomes a tombstone", async () => {
    const [one, two] = await link(product(1), product(2))
    const [first, second] = await link(variantOf(1), variantOf(2))
    if (!one || !two || !first || !second) throw new Error("not linked")
    const price = { field: "price:usd", kind: "pending", reason: "unsupported" } as const
    for (const { id } of [first, second]) {
      await save([{ link_id: id, fields: ["price:usd"] }], drift(id, price))
    }
    await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [
        { id: one.id, expected: { lane: "catalog", seq: one.seq }, state: "tombstone" },
      ]),
    )
    expect((await rows()).map(({ link_id }) => link_id)).toEqual([second.id])
    // A look that was planned before says nothing any more.
    const overtaken = { link_id: first.id, fields: ["price:usd"], seqs: { [first.id]: first.seq } }
    expect((await save([overtaken], drift(first.id, price))).stale).toEqual([first.id])
    expect(await rows()).toHaveLength(1)
  })
})

describe("listing", () => {
  const seed = async () => {
    const [one, two] = await link(
      product(1, { base_medusa: { title: "50% Chair", sku: "CH-1" } }),
      product(2, {
        entity: "variant",
        parent_erp_id: erpId(1),
        medusa_id: medusaId("variant_2"),
      }),
    )
    if (!one || !two) throw new Error("not linked")
    const found = [
      drift(one.id),
      drift(one.id, { field: "description", kind: "conflict", reason: "both_changed" }),
      drift(two.id, { field: "price:eur", kind: "pending", reason: "push_off", erp: "10" }),
      drift(two.id, { field: "price:usd", kind: "pending", reason: "unsupported", erp: "11" }),
    ]
    const looked = [one, two].map(({ id }) => ({
      link_id: id,
      fields: ["title", "description", "price:eur", "price:usd"],
    }))
    await save(looked, ...found)
    return { one, two }
  }

  it("shows the record, both values, the reason and since when", async () => {
    const { one } = await seed()
    const { differences, count } = await list({ kind: "drift" })
    expect(count).toBe(1)
    expect(differences).toEqual([
      {
        connection_id: CONNECTION,
        link_id: one.id,
        field: "title",
        kind: "drift",
        reason: "owner_medusa",
        message: null,
        erp: "Chair",
        medusa: "Stool",
        entity: "product",
        erp_id: "1",
        parent_erp_id: null,
        medusa_id: "prod_1",
        link_state: "linked",
        title: "50% Chair",
        sku: "CH-1",
        resolution: null,
        since: expect.stringMatching(/Z$/),
        updated_at: expect.stringMatching(/Z$/),
      },
    ])
  })

  it.each<[Parameters<typeof list>[0], string[]]>([
    [{}, ["description", "price:eur", "price:usd", "title"]],
    [{ kind: "pending" }, ["price:eur", "price:usd"]],
    [{ reason: "push_off" }, ["price:eur"]],
    [{ field: "price" }, ["price:eur", "price:usd"]],
    [{ field: "price:usd" }, ["price:usd"]],
    [{ field: "pric_" }, []],
    [{ entity: "variant" }, ["price:eur", "price:usd"]],
    [{ connection_id: "other" }, []],
    [{ q: "variant_2" }, ["price:eur", "price:usd"]],
    [{ q: "ch-1" }, ["description", "title"]],
    [{ q: "50% ch" }, ["description", "title"]],
    [{ q: "5_%" }, []],
    [{ q: "11" }, ["price:usd"]],
  ])("finds %j", async (filter, fields) => {
    await seed()
    const { differences, count } = await list(filter)
    expect(differences.map(({ field }) => field).sort()).toEqual(fields)
    expect(count).toBe(fields.length)
  })

  it("counts kinds and reasons, and pages", async () => {
    const { one, two } = await seed()
    expect(await ledger().countDifferences()).toEqual([
      { connection_id: CONNECTION, kind: "conflict", reason: "both_changed", count: 1 },
      { connection_id: CONNECTION, kind: "drift", reason: "owner_medusa", count: 1 },
      { connection_id: CONNECTION, kind: "pending", reason: "push_off", count: 1 },
      { connection_id: CONNECTION, kind: "pending", reason: "unsupported", count: 1 },
    ])
    expect(await ledger().countDifferences("other")).toEqual([])
    const page = await ledger().listDifferences({ limit: 3, offset: 3 })
    expect(page.differences).toHaveLength(1)
    expect(page.count).toBe(4)
    const first = await ledger().differencesAfter({}, null, 2)
    const last = first.at(-1)
    if (!last) throw new Error("nothing listed")
    const rest = await ledger().differencesAfter({}, last, 9)
    expect([...first, ...rest].map(({ link_id, field }) => `${link_id} ${field}`)).toEqual([
      `${one.id} description`,
      `${one.id} title`,
      `${two.id} price:eur`,
      `${two.id} price:usd`,
    ])
  })
})
