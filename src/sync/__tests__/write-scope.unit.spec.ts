import { heldByOther, heldFields, OtherLink, Wanted, WriteScope } from "../write-scope"
import { connectionId, erpId, medusaId } from "../ids"
import { PriceMapping, StockMapping } from "../rules"
import { Owner } from "../values"

const price = (currency: string): PriceMapping => ({
  erp: "list",
  currency,
  rounding: "half-up",
  digits: 2,
})
const stock = (location: string): StockMapping => ({
  erp: "WH",
  location_id: medusaId(location),
  basis: "available",
})

const ALL_STORE: Record<string, Owner> = {
  ...{ title: "medusa", description: "medusa", variant_title: "medusa", sku: "medusa" },
  ...{ barcode: "medusa", weight: "medusa", price: "medusa", stock: "medusa" },
}

type Changes = Partial<NonNullable<WriteScope["rules"]>> & { streams?: WriteScope["streams"] }

const scope = (id: string, { streams, ...rules }: Changes = {}): WriteScope => ({
  connection_id: connectionId(id),
  rules: { owners: {}, prices: [price("eur")], stock: [stock("main")], ...rules },
  streams: streams ?? ["categories", "products", "prices", "stock"],
})

/** Writes this alone. */
const only = (id: string, owners: Record<string, Owner>, changes: Changes = {}): WriteScope =>
  scope(id, { owners: { ...ALL_STORE, ...owners }, ...changes })

const WANTED: Wanted[] = [
  { entity: "product", medusa_id: medusaId("prod_1") },
  { entity: "variant", medusa_id: medusaId("variant_1") },
]

const link = (
  id: string,
  entity: OtherLink["entity"] = "product",
  owners: OtherLink["owners"] = {},
): OtherLink => ({
  connection_id: connectionId(id),
  entity,
  erp_id: erpId(entity === "variant" ? 51 : 41),
  medusa_id: medusaId(entity === "variant" ? "variant_1" : "prod_1"),
  owners,
})
const both = (id: string): OtherLink[] => [link(id), link(id, "variant")]

const held = (own: WriteScope, others: WriteScope[], links: OtherLink[], wanted = WANTED) =>
  heldByOther(own, others, wanted, links)

describe("a price list of the store", () => {
  const trade = { ...price("eur"), erp: "pricelist:1", price_list_id: medusaId("plist_1") }
  const other = { ...trade, price_list_id: medusaId("plist_2") }

  it("is written by one connection a variant", () => {
    const changes = { prices: [], stock: [], price_lists: [trade] }
    const own = only("b", { price_list: "erp" }, changes)
    expect(held(own, [only("a", { price_list: "erp" }, changes)], both("a"))?.fields).toEqual([
      "price_list:plist_1:eur",
    ])
    const apart = only("a", { price_list: "erp" }, { ...changes, price_lists: [other] })
    expect(held(own, [apart], both("a"))).toBeNull()
    const withoutPrices = { ...changes, streams: ["categories" as const] }
    expect(held(own, [only("a", { price_list: "erp" }, withoutPrices)], both("a"))).toBeNull()
  })
})

describe("a record that another connection links", () => {
  it("is held by all that both would write, of the product and of its variants", () => {
    expect(held(scope("b"), [scope("a")], both("a"))).toEqual({
      connection_id: "a",
      erp_id: "41",
      fields: ["barcode", "description", "price:eur", "sku", "stock:main", "title", "weight"],
    })
  })

  it.each<[string, WriteScope, WriteScope]>([
    ["titles and stock", only("a", { title: "both" }), only("b", { stock: "erp" })],
    [
      "title and variants' titles",
      only("a", { title: "erp" }),
      only("b", { variant_title: "erp" }),
    ],
    [
      "prices in two currencies",
      only("a", { price: "erp" }, { prices: [price("eur")] }),
      only("b", { price: "erp" }, { prices: [price("usd")] }),
    ],
    [
      "stock of two locations",
      only("a", { stock: "erp" }, { stock: [stock("main")] }),
      only("b", { stock: "erp" }, { stock: [stock("outlet")] }),
    ],
    [
      "what one's ERP does not have",
      only("a", { stock: "erp" }, { streams: ["products", "prices"] }),
      only("b", { stock: "erp" }),
    ],
  ])("is free where the fields differ: %s", (_name, a, b) => {
    expect(held(b, [a], both("a"))).toBeNull()
    expect(held(a, [b], both("b"))).toBeNull()
  })

  it.each<[string, Changes, string]>([
    ["a currency", { owners: { price: "erp" }, prices: [price("usd"), price("eur")] }, "price:eur"],
    ["a location", { owners: { stock: "erp" }, stock: [stock("main")] }, "stock:main"],
    ["a price alone", { owners: { "price:eur": "both" } }, "price:eur"],
    ["a barcode", { owners: { barcode: "both" } }, "barcode"],
  ])("is held by %s that both write", (_name, { owners, ...more }, field) => {
    const other = only("a", { ...owners }, more)
    expect(held(only("b", { ...owners }), [other], both("a"))?.fields).toEqual([field])
  })

  it.each<[string, WriteScope["streams"], string[] | null]>([
    ["prices, where the products carry them", ["products"], ["price:eur", "title"]],
    ["prices, where they come by themselves", ["prices"], ["price:eur"]],
    ["nothing of products, where only stock comes", ["stock"], null],
  ])("is held by what the ERP sends: %s", (_case, streams, fields) => {
    const writes: Record<string, Owner> = { price: "erp", variant_title: "erp" }
    const [a, b] = [only("a", writes, { streams }), only("b", writes)]
    expect(held(b, [a], both("a"))?.fields ?? null).toEqual(fields)
    expect(held(a, [b], both("b"))?.fields ?? null).toEqual(fields)
  })

  it("says which of the other's records it is: the variant's, where only that is shared", () => {
    const own = only("b", { sku: "erp" })
    expect(held(own, [scope("a")], both("a"))).toEqual({
      connection_id: "a",
      erp_id: "51",
      fields: ["sku"],
    })
  })

  it("is free of a record that is not its own, or of another kind", () => {
    const elsewhere = { ...link("a"), medusa_id: medusaId("prod_2") }
    const category = link("a", "category")
    expect(held(scope("b"), [scope("a")], [elsewhere, category])).toBeNull()
  })

  it("goes by what a person said of the linked record, for a field or a family", () => {
    const own = only("b", { title: "erp", price: "erp" })
    const mine: OtherLink["owners"] = { title: "medusa" }
    const links = [link("a", "product", mine), link("a", "variant", { price: "medusa" })]
    expect(held(own, [scope("a")], links)).toBeNull()
    const given = [link("a", "product", { title: "erp" })]
    expect(held(own, [only("a", {})], given)?.fields).toEqual(["title"])
  })

  it("is held in everything while the other's rules are unknown", () => {
    const unknown: WriteScope = { ...scope("a"), rules: null, streams: [] }
    expect(held(only("b", { title: "both" }), [unknown], both("a"))?.fields).toEqual(["title"])
    expect(held(only("b", {}), [unknown], both("a"))).toBeNull()
  })

  it("is not held by a connection that the options no longer name", () => {
    expect(held(scope("b"), [], both("a"))).toBeNull()
  })

  it("is held by the first of several, by their ids", () => {
    const [c, d] = [scope("c"), scope("d")]
    const links = [...both("d"), ...both("c")]
    expect(held(scope("b"), [d, c], links)?.connection_id).toBe("c")
    expect(held(scope("b"), [c, d], links)?.connection_id).toBe("c")
    expect(held(scope("b"), [c, d], both("d"))?.connection_id).toBe("d")
    expect(held(scope("b"), [only("c", {}), scope("d")], links)?.connection_id).toBe("d")
  })

  it("is a category, too: its name and its place", () => {
    const wanted: Wanted[] = [{ entity: "category", medusa_id: medusaId("prod_1") }]
    const links = [link("a", "category")]
    expect(held(scope("b"), [scope("a")], links, wanted)?.fields).toEqual(["name", "parent"])
    const without = scope("a", { streams: ["products"] })
    expect(held(scope("b"), [without], links, wanted)).toBeNull()
  })
})

describe("a linked record whose owners or options have changed", () => {
  const fields = (
    own: WriteScope,
    others: WriteScope[],
    linked: Wanted = { entity: "product", medusa_id: medusaId("prod_1") },
    links = others.map((other) => link(other.connection_id)),
  ) =>
    [...heldFields(own, others, linked, links)].map(([field, holding]) => [
      field,
      holding.connection_id,
    ])

  it("leaves each field to the connection that writes it too, the first by its id", () => {
    const others = [only("c", { title: "both" }), only("a", { title: "erp", description: "erp" })]
    expect(fields(scope("b"), others).sort()).toEqual([
      ["description", "a"],
      ["title", "a"],
    ])
  })

  it("goes by what a person said of either link", () => {
    const other = only("a", { description: "erp" })
    const said = link("a", "product", { title: "erp" })
    const linked: Wanted = { entity: "product", medusa_id: medusaId("prod_1") }
    expect(fields(scope("b"), [other], linked, [said]).sort()).toEqual([
      ["description", "a"],
      ["title", "a"],
    ])
    const owners = { title: "medusa", description: "medusa" } as const
    expect(fields(scope("b"), [other], { ...linked, owners }, [said])).toEqual([])
  })

  it("is not held by a connection that does not work, or did not link it before", () => {
    const idle: WriteScope = { connection_id: connectionId("a"), rules: null, streams: [] }
    expect(fields(scope("b"), [idle])).toEqual([])
    expect(fields(scope("b"), [scope("a")], undefined, [])).toEqual([])
  })
})
