import type { Json, OdooSimulator, World } from ".."
import { emptyShop, goods, mainStock, productWith, variantsOf } from "./shop"

const TEMPLATE = "product.template"

describe("searching", () => {
  let simulator: OdooSimulator
  let world: World
  let mug: number
  let lamp: number
  let hidden: number
  let above: number
  let below: number
  let tag: number

  beforeAll(async () => {
    const shop = await emptyShop(19)
    ;({ simulator, world } = shop)
    above = world.create("product.category", { name: "House" })
    below = world.create("product.category", { name: "Kitchen", parent_id: above })
    tag = world.create("product.tag", { name: "New" })
    mug = productWith(world, 19, shop.color, shop.values.slice(0, 2))
    world.write(TEMPLATE, mug, { categ_id: below, product_tag_ids: [[6, 0, [tag]]], sequence: 3 })
    lamp = world.create(TEMPLATE, {
      name: "Lamp",
      categ_id: above,
      list_price: 40,
      sequence: 2,
      default_code: "L-1",
      ...goods(19),
    })
    hidden = world.create(TEMPLATE, { name: "Hidden", active: false, list_price: 0, sequence: 1 })
    world.setStock(variantsOf(world, lamp)[0] ?? 0, mainStock(world), 5)
  })
  afterAll(() => simulator.close())

  const find = (domain: Json, context = {}) => world.search(TEMPLATE, domain, context)

  it("hides archived records unless they are asked for", () => {
    expect(find([])).toEqual([mug, lamp])
    expect(find([["active", "=", false]])).toEqual([hidden])
    expect(find([["active", "in", [true, false]]])).toEqual([mug, lamp, hidden])
    expect(find([], { active_test: false })).toEqual([mug, lamp, hidden])
    expect(find(["|", ["name", "=", "Hidden"], ["active", "=", true]])).toEqual([mug, lamp, hidden])
  })

  const domains: ReadonlyArray<readonly [string, (ids: readonly number[]) => Json, string]> = [
    [
      "conditions in a row",
      () => [
        ["name", "=", "Mug"],
        ["list_price", "=", 10],
      ],
      "mug",
    ],
    ["or", () => ["|", ["name", "=", "Mug"], ["name", "=", "Lamp"]], "mug lamp"],
    ["not", () => ["!", ["name", "=", "Mug"]], "lamp"],
    [
      "nested",
      () => ["&", "!", ["name", "=", "x"], "|", ["id", "=", 0], ["name", "=", "Lamp"]],
      "lamp",
    ],
    ["like with wildcards", () => [["name", "like", "M%g"]], "mug"],
    ["ilike", () => [["name", "ilike", "LAM"]], "lamp"],
    ["=ilike", () => [["name", "=ilike", "lam_"]], "lamp"],
    ["not ilike", () => [["name", "not ilike", "lam"]], "mug"],
    ["in", () => [["name", "in", ["Mug", "x"]]], "mug"],
    ["not in", () => [["name", "not in", ["Mug"]]], "lamp"],
    ["empty", () => [["default_code", "=", false]], "mug"],
    ["not empty", () => [["default_code", "!=", false]], "lamp"],
    ["unequal finds the empty ones too", () => [["default_code", "!=", "L-1"]], "mug"],
    ["a number", () => [["list_price", ">", 10]], "lamp"],
    [
      "between",
      () => [
        ["list_price", ">=", 10],
        ["list_price", "<", 40],
      ],
      "mug",
    ],
    ["=?", () => [["list_price", "=?", false]], "mug lamp"],
    ["always", () => [[1, "=", 1]], "mug lamp"],
    ["never", () => [[0, "=", 1]], ""],
    ["a path", () => [["categ_id.name", "=", "Kitchen"]], "mug"],
    ["a path through a list", () => [["product_variant_ids.default_code", "=", "L-1"]], "lamp"],
    [
      "a long path",
      () => [["product_variant_ids.product_template_attribute_value_ids.name", "=", "Black"]],
      "mug",
    ],
    ["any", () => [["categ_id", "any", [["name", "=", "House"]]]], "lamp"],
    ["child_of", ([, , , top = 0]) => [["categ_id", "child_of", top]], "mug lamp"],
    ["child_of a name", () => [["categ_id", "child_of", "House / Kitchen"]], "mug"],
    ["parent_of", ([, , , , leaf = 0]) => [["categ_id", "parent_of", [leaf]]], "mug lamp"],
    ["a link by name", () => [["categ_id", "ilike", "kitch"]], "mug"],
    ["a list that holds", ([, , , , , label = 0]) => [["product_tag_ids", "in", [label]]], "mug"],
    ["an empty list", () => [["product_tag_ids", "=", false]], "lamp"],
    ["a computed figure", () => [["qty_available", ">", 0]], "lamp"],
  ]

  test.each(domains)("finds by %s", (_name, domain, expected) => {
    const names = new Map([
      ["mug", mug],
      ["lamp", lamp],
    ])
    const ids = expected.split(" ").flatMap((name) => names.get(name) ?? [])
    expect(find(domain([mug, lamp, hidden, above, below, tag]))).toEqual(ids)
  })

  it("refuses domains that do not add up", () => {
    expect(() => find(["|", ["name", "=", "x"]])).toThrow("Malformed domain")
    expect(() => find([["name", "="]])).toThrow("Malformed domain")
  })

  it("orders, skips and limits", () => {
    const search = (options: Readonly<Record<string, Json>>) =>
      world.call(TEMPLATE, "search", { domain: [], context: { active_test: false }, ...options })
    expect(search({ order: "sequence" })).toEqual([hidden, lamp, mug])
    expect(search({ order: "id desc", limit: 2 })).toEqual([hidden, lamp])
    expect(search({ order: "list_price desc, id" })).toEqual([lamp, mug, hidden])
    expect(search({ order: "categ_id, id" })).toEqual([lamp, mug, hidden])
    expect(search({ offset: 1, limit: 0 })).toHaveLength(2)
    expect(search({ limit: false })).toHaveLength(3)
    expect(() => search({ order: "name; drop table" })).toThrow('Invalid "order" specified')
  })
})
