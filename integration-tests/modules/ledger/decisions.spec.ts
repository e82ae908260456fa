import { NewLink } from "../../../src/engine/ports"
import { connectionId, erpId, medusaId } from "../../../src/sync/ids"
import { Difference, Intent, Link } from "../../../src/sync/values"
import { CONNECTION, LedgerDatabase, openLedgerDatabase } from "./database"

let database: LedgerDatabase
const ledger = () => database.ledger

beforeAll(async () => {
  database = await openLedgerDatabase("ledger_decisions")
})
beforeEach(() => database.reset())
afterAll(() => database.close())

const base: Omit<NewLink, "entity" | "erp_id" | "medusa_id" | "parent_erp_id"> = {
  state: "linked",
  fingerprint: "f",
  match_key: null,
  base_erp: { title: "Chair" },
  base_medusa: { title: "Chair" },
  content_hash: { products: "h" },
}

/** A product of one variant and one option, and a category. */
const seed = async (): Promise<{ product: Link; variant: Link; option: Link; category: Link }> => {
  const given: NewLink[] = [
    { ...base, entity: "product", erp_id: erpId(1), parent_erp_id: null, medusa_id: medusaId("p") },
    {
      ...base,
      entity: "variant",
      erp_id: erpId(11),
      parent_erp_id: erpId(1),
      medusa_id: medusaId("v"),
    },
    {
      ...base,
      entity: "option",
      erp_id: erpId("1:7"),
      parent_erp_id: erpId(1),
      medusa_id: medusaId("o"),
    },
    {
      ...base,
      entity: "category",
      erp_id: erpId(5),
      parent_erp_id: null,
      medusa_id: medusaId("c"),
    },
  ]
  const made = await ledger().transaction((tx) => ledger().insertLinks(tx, CONNECTION, given))
  const of = (entity: Link["entity"]): Link => {
    const found = made.find((link) => link.entity === entity)
    if (!found) throw new Error(`no ${entity}`)
    return found
  }
  return {
    product: of("product"),
    variant: of("variant"),
    option: of("option"),
    category: of("category"),
  }
}

const read = async (id: string) => {
  const [link] = await ledger().linksById([id])
  if (!link) throw new Error(`no link ${id}`)
  return link
}

const open = (...found: Difference[]) =>
  ledger().transaction((tx) =>
    ledger().saveDifferences(
      tx,
      CONNECTION,
      found.map(({ link_id, field }) => ({ link_id, fields: [field] })),
      found,
    ),
  )

const difference = (link_id: string, more: Partial<Difference> = {}): Difference => ({
  link_id,
  field: "title",
  kind: "conflict",
  reason: "both_changed",
  message: null,
  erp: "A",
  medusa: "B",
  ...more,
})

const dirtyKeys = async () =>
  (
    await database.pg.raw<{ rows: { key: string }[] }>(
      `select stream || ':' || erp_id || ' ' || reason as key from erp_dirty order by 1`,
    )
  ).rows.map(({ key }) => key)

const intent: Intent = {
  source: "medusa",
  source_value: "B",
  target_value: "B",
  replaced_value: "A",
  target_version: null,
  at: "2026-11-24T10:00:00.000Z",
  until: "2026-11-24T10:05:00.000Z",
}

describe("owners of a record's fields", () => {
  it("are set one by one, taken back by null, and void plans under way", async () => {
    const { product } = await seed()
    await ledger().setOwners(product.id, { title: "erp", description: "medusa" })
    const after = await ledger().setOwners(product.id, { title: null, category: "both" })
    expect(after).toMatchObject({
      connection_id: CONNECTION,
      owners: { description: "medusa", category: "both" },
      content_hash: {},
    })
    const { lost } = await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [
        { id: product.id, expected: { lane: "catalog", seq: product.seq }, match_key: "x" },
      ]),
    )
    expect(lost).toEqual([product.id])
    expect(await ledger().setOwners("elnk_none", { title: "erp" })).toBeNull()
  })
})

describe("deciding conflicts", () => {
  it("stores a side for what is a conflict, and for nothing else", async () => {
    const { product, variant } = await seed()
    await open(
      difference(product.id),
      difference(product.id, { field: "description" }),
      difference(variant.id, { kind: "drift", reason: "owner_medusa" }),
    )
    const ids = [
      { link_id: product.id, field: "title" },
      { link_id: product.id, field: "title" },
      { link_id: product.id, field: "weight" },
      { link_id: variant.id, field: "title" },
      { link_id: "elnk_none", field: "title" },
    ]
    expect(await ledger().resolve(ids, "medusa")).toEqual([{ link_id: product.id, field: "title" }])
    const decided = await read(product.id)
    expect(decided).toMatchObject({ resolutions: { title: "medusa" }, content_hash: {} })
    expect(decided.seq).toBeGreaterThan(product.seq)
    const { differences } = await ledger().listDifferences({ q: "p", limit: 9, offset: 0 })
    expect(differences.map(({ field, resolution }) => [field, resolution])).toEqual([
      ["description", null],
      ["title", "medusa"],
    ])
  })

  it("takes a decision back while no look has applied it", async () => {
    const { product } = await seed()
    const ids = [
      { link_id: product.id, field: "title" },
      { link_id: product.id, field: "description" },
    ]
    await open(difference(product.id), difference(product.id, { field: "description" }))
    await ledger().resolve(ids, "erp")
    const { seq } = await read(product.id)
    // A look that applied the title's.
    await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [
        { id: product.id, expected: { lane: "catalog", seq }, resolutions: { title: null } },
      ]),
    )
    expect(await ledger().takeBack(ids)).toEqual([ids[1]])
    expect((await read(product.id)).resolutions).toEqual({})
    expect(await ledger().takeBack(ids)).toEqual([])
  })
})

describe("marking fields for a look", () => {
  it("goes to the stream and key under which each is looked at", async () => {
    const { product, variant, category } = await seed()
    const fields = [
      { link_id: product.id, field: "title" },
      { link_id: variant.id, field: "sku" },
      { link_id: variant.id, field: "price:eur" },
      { link_id: variant.id, field: "stock:sloc_1" },
      { link_id: category.id, field: "name" },
      { link_id: "elnk_none", field: "name" },
    ]
    expect(await ledger().markFields(fields, "decided")).toBe(4)
    expect(await dirtyKeys()).toEqual([
      "categories:5 decided",
      "prices:11 decided",
      "products:1 decided",
      "stock:11 decided",
    ])
    expect(await ledger().markFields([], "decided")).toBe(0)
  })

  it("may wait", async () => {
    const { product } = await seed()
    await ledger().markFields([{ link_id: product.id, field: "title" }], "decided", 60_000)
    const claim = () => ledger().claimDirty(CONNECTION, ["products"], 9, { owner: "a", ms: 1000 })
    expect(await claim()).toEqual([])
  })

  it("finds the records of open intents, of one connection", async () => {
    const { product, variant, category } = await seed()
    await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [
        {
          id: variant.id,
          expected: { lane: "catalog", seq: variant.seq },
          intents: { sku: intent, "price:eur": intent },
        },
        {
          id: product.id,
          expected: { lane: "catalog", seq: product.seq },
          intents: { title: intent },
        },
        {
          id: category.id,
          expected: { lane: "catalog", seq: category.seq },
          intents: { name: intent },
          state: "tombstone",
        },
      ]),
    )
    expect(await ledger().markOpenIntents(connectionId("other"))).toBe(0)
    expect(await ledger().markOpenIntents(CONNECTION)).toBe(2)
    expect(await dirtyKeys()).toEqual(["prices:11 open_intent", "products:1 open_intent"])
    expect((await read(variant.id)).intents).toEqual({ sku: intent, "price:eur": intent })
  })
})

describe("ending and making links by hand", () => {
  it("ends a product's link with its variants and options, and what stood open of them", async () => {
    const { product, variant, option, category } = await seed()
    await open(difference(variant.id), difference(category.id, { field: "name" }))
    await ledger().transaction((tx) =>
      ledger().park(tx, CONNECTION, [
        {
          stream: "products",
          entity: "variant",
          erp_id: erpId(11),
          field: "sku",
          reason: "duplicate_sku",
          message: "",
          value: null,
          remedy: "",
          version: null,
        },
      ]),
    )
    const ended = await ledger().transaction((tx) => ledger().endLink(tx, product.id))
    expect(ended.map(({ id }) => id).sort()).toEqual([product.id, variant.id, option.id].sort())
    expect((await read(variant.id)).state).toBe("tombstone")
    expect((await read(category.id)).state).toBe("linked")
    const left = await ledger().listDifferences({ limit: 9, offset: 0 })
    expect(left.differences.map(({ link_id }) => link_id)).toEqual([category.id])
    expect((await ledger().listParked({ limit: 9, offset: 0 })).count).toBe(0)
    expect(await ledger().transaction((tx) => ledger().endLink(tx, product.id))).toEqual([])
  })

  it("ties a pair anew in place of its tombstone, with nothing agreed", async () => {
    const { product } = await seed()
    const pair = {
      entity: "product" as const,
      erp_id: erpId(1),
      parent_erp_id: null,
      medusa_id: medusaId("other"),
      fingerprint: "f2",
    }
    const tie = (more: Partial<typeof pair> = {}) =>
      ledger().transaction((tx) => ledger().linkByHand(tx, CONNECTION, { ...pair, ...more }))
    expect(await tie()).toBeNull()
    await ledger().transaction((tx) => ledger().endLink(tx, product.id))
    expect(await tie()).toMatchObject({
      id: product.id,
      medusa_id: "other",
      state: "linked",
      fingerprint: "f2",
      base_erp: {},
      base_medusa: {},
      content_hash: {},
    })
    expect(await tie({ erp_id: erpId(2), medusa_id: medusaId("third") })).toMatchObject({
      erp_id: "2",
    })
    // The store's record is another link's.
    await expect(tie({ erp_id: erpId(3) })).rejects.toMatchObject({ code: "23505" })
  })
})

describe("elements of a set whose record was made again", () => {
  it("lose their bases and announcements, with a new fence, and nothing else does", async () => {
    const { product } = await seed()
    const { seqs } = await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [
        {
          id: product.id,
          expected: { lane: "catalog", seq: product.seq },
          base_erp: { "category:5": true },
          base_medusa: { "category:5": true },
          intents: { "category:5": intent, title: intent },
        },
      ]),
    )
    const none = await ledger().transaction((tx) =>
      ledger().voidElements(tx, CONNECTION, ["category:6"]),
    )
    expect(none).toEqual([])
    const found = await ledger().transaction((tx) =>
      ledger().voidElements(tx, CONNECTION, ["category:5"]),
    )
    expect(found).toEqual(["1"])
    const [after] = await ledger().linksByErp(CONNECTION, "product", [erpId(1)])
    expect(after).toMatchObject({ base_erp: { title: "Chair" }, base_medusa: { title: "Chair" } })
    expect(Object.keys(after?.base_erp ?? {})).toEqual(["title"])
    expect(Object.keys(after?.intents ?? {})).toEqual(["title"])
    expect(after?.seq).toBeGreaterThan(seqs.get(product.id) ?? 0)
  })

  it("are found by their announcement alone", async () => {
    const { product } = await seed()
    const { seq, id } = product
    await ledger().transaction((tx) =>
      ledger().patchLinks(tx, [
        { id, expected: { lane: "catalog", seq }, intents: { "category:9": intent } },
      ]),
    )
    const found = await ledger().transaction((tx) =>
      ledger().voidElements(tx, CONNECTION, ["category:9"]),
    )
    expect(found).toEqual(["1"])
  })
})
