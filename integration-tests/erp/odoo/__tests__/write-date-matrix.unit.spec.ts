import type { Json, OdooSimulator, OdooVersion, World } from ".."
import { emptyShop, mainStock, productWith, variantsOf, VERSIONS, type TestClock } from "./shop"

const WATCHED = [
  ...["product.template", "product.product", "product.template.attribute.line"],
  ...["product.template.attribute.value", "product.attribute", "product.attribute.value"],
  ...["product.category", "product.tag", "product.pricelist", "product.pricelist.item"],
  ...["stock.quant", "stock.move.line", "stock.location", "ir.attachment", "uom.uom"],
]

/** A PNG of one pixel. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

interface Stage {
  readonly version: OdooVersion
  readonly world: World
  readonly template: number
  readonly first: number
  readonly second: number
  readonly values: readonly [number, number, number]
  readonly color: number
  readonly line: number
  readonly ptav: number
  readonly categories: readonly [number, number]
  readonly tag: number
  readonly stock: number
}

type Effect = Readonly<Record<string, { touched?: number; created?: number; gone?: number }>>

function snapshot(world: World): Map<string, Map<number, number>> {
  return new Map(
    WATCHED.map((model) => [
      model,
      new Map(world.ids(model).map((id) => [id, Number(world.row(model, id)?.["write_date"])])),
    ]),
  )
}

/** How many records of each model were stamped, came or went during some work. */
function effectOf(world: World, clock: TestClock, work: () => void): Effect {
  const before = snapshot(world)
  clock.tick()
  work()
  const effect: Record<string, { touched?: number; created?: number; gone?: number }> = {}
  for (const [model, now] of snapshot(world)) {
    const old = before.get(model) ?? new Map<number, number>()
    const touched = [...now].filter(([id, stamp]) => old.has(id) && old.get(id) !== stamp).length
    const created = [...now.keys()].filter((id) => !old.has(id)).length
    const gone = [...old.keys()].filter((id) => !now.has(id)).length
    const counts = {
      ...(touched > 0 ? { touched } : {}),
      ...(created > 0 ? { created } : {}),
      ...(gone > 0 ? { gone } : {}),
    }
    if (Object.keys(counts).length > 0) effect[model] = counts
  }
  return effect
}

const WHOLE_PRODUCT: Effect = {
  "product.template": { touched: 1 },
  "product.product": { touched: 2 },
}
const ONE_VARIANT: Effect = { "product.product": { touched: 1 } }
const VARIANT_AND_PRODUCT: Effect = {
  "product.template": { touched: 1 },
  "product.product": { touched: 1 },
}

type Row = readonly [title: string, work: (stage: Stage) => void, effect: Effect]

const template =
  (vals: Readonly<Record<string, Json>>, context = {}) =>
  ({ world, template: id }: Stage) =>
    world.write("product.template", id, vals, context)

const variant =
  (vals: Readonly<Record<string, Json>>) =>
  ({ world, first }: Stage) =>
    world.write("product.product", first, vals)

/** Row by row, in this order: later rows build on what earlier ones left. */
const CATALOG_ROWS: readonly Row[] = [
  ["a new title", template({ name: "Cup" }), WHOLE_PRODUCT],
  ["the same title again", template({ name: "Cup" }), WHOLE_PRODUCT],
  ["a new price", template({ list_price: 11 }), WHOLE_PRODUCT],
  ["the same price again", template({ list_price: 11 }), WHOLE_PRODUCT],
  ["nothing at all", template({}), WHOLE_PRODUCT],
  ["a title in the source language", template({ name: "Cup" }, { lang: "en_US" }), WHOLE_PRODUCT],
  ["a translated title", template({ name: "Tasse" }, { lang: "de_DE" }), WHOLE_PRODUCT],
  ["a sales description", template({ description_sale: "Big" }), WHOLE_PRODUCT],
  [
    "another category",
    ({ world, template: id, categories }) =>
      world.write("product.template", id, { categ_id: categories[1] }),
    WHOLE_PRODUCT,
  ],
  ["a code, with several variants", template({ default_code: "ZZ" }), WHOLE_PRODUCT],
  ["a weight, with several variants", template({ weight: 3 }), WHOLE_PRODUCT],
  ["a variant's new code", variant({ default_code: "A" }), VARIANT_AND_PRODUCT],
  ["a variant's same code", variant({ default_code: "A" }), ONE_VARIANT],
  ["a variant's barcode", variant({ barcode: "111" }), ONE_VARIANT],
  ["a variant's new weight", variant({ weight: 2 }), VARIANT_AND_PRODUCT],
  ["a variant's cost", variant({ standard_price: 4 }), ONE_VARIANT],
  ["a variant's price", variant({ lst_price: 12 }), WHOLE_PRODUCT],
  ["a variant's title", variant({ name: "Beaker" }), WHOLE_PRODUCT],
  ["archiving a variant by a write", variant({ active: false }), ONE_VARIANT],
  ["unarchiving it by a write", variant({ active: true }), ONE_VARIANT],
  ["archiving the product", template({ active: false }), WHOLE_PRODUCT],
  ["unarchiving the product", template({ active: true }), WHOLE_PRODUCT],
  [
    "an extra price: neither variant nor product, though the price changed",
    ({ world, ptav }) =>
      world.write("product.template.attribute.value", ptav, { price_extra: 2.5 }),
    { "product.template.attribute.value": { touched: 1 } },
  ],
  [
    "renaming a value",
    ({ world, values }) => world.write("product.attribute.value", values[0], { name: "Ivory" }),
    { "product.attribute.value": { touched: 1 } },
  ],
  [
    "moving a value",
    ({ world, values }) => world.write("product.attribute.value", values[0], { sequence: 9 }),
    { "product.attribute.value": { touched: 1 } },
  ],
  [
    "renaming an attribute",
    ({ world, color }) => world.write("product.attribute", color, { name: "Shade" }),
    { "product.attribute": { touched: 1 } },
  ],
  [
    "one value more on the line",
    ({ world, line, values }) =>
      world.write("product.template.attribute.line", line, { value_ids: [[4, values[2]]] }),
    {
      "product.template": { touched: 1 },
      "product.product": { touched: 2, created: 1 },
      "product.template.attribute.line": { touched: 1 },
      "product.template.attribute.value": { created: 1 },
    },
  ],
  [
    "one value less, through the product",
    ({ world, template: id, line, values }) =>
      world.write("product.template", id, {
        attribute_line_ids: [[1, line, { value_ids: [[3, values[2]]] }]],
      }),
    {
      "product.template": { touched: 1 },
      "product.product": { touched: 2, gone: 1 },
      "product.template.attribute.line": { touched: 1 },
      "product.template.attribute.value": { gone: 1 },
    },
  ],
  [
    "renaming a category below",
    ({ world, categories }) => world.write("product.category", categories[1], { name: "Low" }),
    { "product.category": { touched: 1 } },
  ],
  [
    "renaming a category above: the one below follows, no product does",
    ({ world, categories }) => world.write("product.category", categories[0], { name: "High" }),
    { "product.category": { touched: 2 } },
  ],
  [
    "a new pricelist",
    ({ world }) => void world.create("product.pricelist", { name: "Web" }),
    { "product.pricelist": { created: 1 } },
  ],
  [
    "a new rule",
    ({ world, template: id }) =>
      void world.create("product.pricelist.item", {
        pricelist_id: world.ids("product.pricelist")[0] ?? 0,
        applied_on: "1_product",
        product_tmpl_id: id,
        fixed_price: 9,
      }),
    { "product.pricelist.item": { created: 1 } },
  ],
  [
    "a rule's price",
    ({ world }) =>
      world.write("product.pricelist.item", world.ids("product.pricelist.item"), {
        fixed_price: 8,
      }),
    { "product.pricelist.item": { touched: 1 } },
  ],
  [
    "a rule through its pricelist",
    ({ world, first }) =>
      world.write("product.pricelist", world.ids("product.pricelist"), {
        item_ids: [[0, 0, { applied_on: "0_product_variant", product_id: first, fixed_price: 7 }]],
      }),
    { "product.pricelist": { touched: 1 }, "product.pricelist.item": { created: 1 } },
  ],
  [
    "deleting a rule: nothing tells of it",
    ({ world }) =>
      world.unlink("product.pricelist.item", world.ids("product.pricelist.item")[0] ?? 0),
    { "product.pricelist.item": { gone: 1 } },
  ],
  [
    "renaming a pricelist",
    ({ world }) =>
      world.write("product.pricelist", world.ids("product.pricelist"), { name: "Shop" }),
    { "product.pricelist": { touched: 1 } },
  ],
  [
    "a tag on the product",
    ({ world, template: id, tag }) =>
      world.write("product.template", id, { product_tag_ids: [[4, tag]] }),
    WHOLE_PRODUCT,
  ],
  [
    "the same tag again",
    ({ world, template: id, tag }) =>
      world.write("product.template", id, { product_tag_ids: [[4, tag]] }),
    WHOLE_PRODUCT,
  ],
  [
    "a tag on a variant",
    ({ world, first, tag }) =>
      world.write("product.product", first, { additional_product_tag_ids: [[4, tag]] }),
    ONE_VARIANT,
  ],
  [
    "renaming a tag",
    ({ world, tag }) => world.write("product.tag", tag, { name: "Hot" }),
    { "product.tag": { touched: 1 } },
  ],
  [
    "taking the tag off from the tag's side: the product is not stamped",
    ({ world, template: id, tag }) =>
      world.write("product.tag", tag, { product_template_ids: [[3, id]] }),
    { "product.tag": { touched: 1 } },
  ],
  ["taxes", template({ taxes_id: [[6, 0, [1]]] }), WHOLE_PRODUCT],
  [
    "an image",
    template({ image_1920: PIXEL }),
    { ...WHOLE_PRODUCT, "ir.attachment": { created: 5 } },
  ],
  [
    "the same image again",
    template({ image_1920: PIXEL }),
    { ...WHOLE_PRODUCT, "ir.attachment": { touched: 5 } },
  ],
  [
    "a message",
    ({ world, template: id }) =>
      void world.call("product.template", "message_post", { ids: [id], body: "Hello" }),
    {},
  ],
  [
    "renaming a unit",
    ({ world }) => world.write("uom.uom", 2, { name: "Half dozen" }),
    { "uom.uom": { touched: 1 } },
  ],
]

const internal = ({ world, first, stock }: Stage): number =>
  world.search("stock.quant", [
    ["product_id", "=", first],
    ["location_id", "=", stock],
  ])[0] ?? 0

const count = (quantity: number, context: Readonly<Record<string, Json>>) => (stage: Stage) =>
  stage.world.write("stock.quant", internal(stage), { inventory_quantity: quantity }, context)

const apply = (stage: Stage) => {
  const ids = [internal(stage)]
  expect(stage.world.call("stock.quant", "action_apply_inventory", { ids })).toBeNull()
}

const APPLIED: Effect = {
  "stock.quant": { touched: 2 },
  "stock.location": { touched: 1 },
  "stock.move.line": { created: 1 },
}

/** Stock never stamps a product, whatever happens. */
const STOCK_ROWS: readonly Row[] = [
  [
    "a first count",
    ({ world, first, stock }) =>
      void world.call("stock.quant", "create", {
        vals_list: [{ product_id: first, location_id: stock, inventory_quantity: 5 }],
        context: { inventory_mode: true },
      }),
    { "stock.quant": { created: 1 } },
  ],
  [
    "applying it: the loss location gets a quant too",
    apply,
    {
      "stock.quant": { touched: 1, created: 1 },
      "stock.location": { touched: 1 },
      "stock.move.line": { created: 1 },
    },
  ],
  ["a count outside inventory mode", count(7, {}), { "stock.quant": { touched: 1 } }],
  ["applying that one", apply, APPLIED],
  [
    "a count in inventory mode",
    count(9, { inventory_mode: true }),
    { "stock.quant": { touched: 1 } },
  ],
  ["applying it too", apply, APPLIED],
  [
    "a count that applies itself",
    (stage) =>
      stage.world.write(
        "stock.quant",
        internal(stage),
        { inventory_quantity_auto_apply: 11 },
        { inventory_mode: true },
      ),
    APPLIED,
  ],
  [
    "a reservation",
    ({ world, first, stock }) => void world.reserve(first, stock, 3),
    { "stock.quant": { touched: 1 }, "stock.move.line": { created: 1 } },
  ],
  [
    "its shipment: the customer's place gets a quant",
    ({ world }) => world.ship(world.ids("stock.move.line").at(-1) ?? 0),
    { "stock.quant": { touched: 1, created: 1 }, "stock.move.line": { touched: 1 } },
  ],
  ["nothing left", ({ world, first, stock }) => world.setStock(first, stock, 0), APPLIED],
  [
    "opening the inventory view: zero quants vanish, only the move lines remember",
    ({ world }) => void world.dropEmptyQuants(),
    { "stock.quant": { gone: 1 } },
  ],
  [
    "new goods: a new quant with a new id",
    ({ world, first, stock }) => world.setStock(first, stock, 4),
    {
      "stock.quant": { created: 1, touched: 1 },
      "stock.location": { touched: 1 },
      "stock.move.line": { created: 1 },
    },
  ],
]

describe.each(VERSIONS)("what a change stamps, Odoo %i", (version) => {
  let simulator: OdooSimulator
  let clock: TestClock
  let stage: Stage

  beforeAll(async () => {
    const shop = await emptyShop(version)
    const { world, color, values } = shop
    ;({ simulator, clock } = shop)
    const above = world.create("product.category", { name: "Above" })
    const below = world.create("product.category", { name: "Below", parent_id: above })
    const id = productWith(world, version, color, values.slice(0, 2))
    const [first = 0, second = 0] = variantsOf(world, id)
    stage = {
      version,
      world,
      template: id,
      first,
      second,
      values,
      color,
      line: world.ids("product.template.attribute.line")[0] ?? 0,
      ptav: world.ids("product.template.attribute.value")[0] ?? 0,
      categories: [above, below],
      tag: world.create("product.tag", { name: "Summer" }),
      stock: mainStock(world),
    }
  })

  afterAll(() => simulator.close())

  test.each(CATALOG_ROWS)("%s", (_title, work, effect) => {
    expect(effectOf(stage.world, clock, () => work(stage))).toEqual(effect)
  })

  test.each(STOCK_ROWS)("stock: %s", (_title, work, effect) => {
    expect(effectOf(stage.world, clock, () => work(stage))).toEqual(effect)
  })

  it("refuses to delete a variant that has moves, and changes nothing", () => {
    const work = () =>
      expect(() => stage.world.unlink("product.product", stage.first)).toThrow(
        "How about archiving the record instead?",
      )
    expect(effectOf(stage.world, clock, work)).toEqual({})
  })

  it("leaves no trace of a deleted product", () => {
    const id = stage.world.create("product.template", { name: "Mistake" })
    expect(effectOf(stage.world, clock, () => stage.world.unlink("product.template", id))).toEqual({
      "product.template": { gone: 1 },
      "product.product": { gone: 1 },
    })
  })
})
