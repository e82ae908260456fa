import { startOdooSimulator, type OdooSimulator, type World } from ".."

const ITEM = "product.pricelist.item"

describe.each([17, 18, 19] as const)("price lists of a simulated Odoo %i", (version) => {
  let odoo: OdooSimulator
  let world: World
  let list = 0
  let variant = 0
  let template = 0

  beforeAll(async () => {
    odoo = await startOdooSimulator({ version, products: 3, variants: 1, page: false })
    world = odoo.world
  })
  afterAll(() => odoo.close())
  beforeEach(() => {
    list = world.create("product.pricelist", { name: "Retail", currency_id: 2 })
    template = world.create("product.template", { name: "Priced", list_price: 10 })
    variant = world.search("product.product", [["product_tmpl_id", "=", template]])[0] ?? 0
  })

  const rule = (vals: Parameters<World["create"]>[1] = {}) =>
    world.create(ITEM, { pricelist_id: list, ...vals })

  it("are none at first: the feature is off", async () => {
    const fresh = await startOdooSimulator({ version, empty: true, page: false })
    expect(fresh.world.count("product.pricelist")).toBe(0)
    await fresh.close()
  })

  it("give a rule the currency of its list, the product of its variant and what it applies to", () => {
    const id = rule({ product_id: variant })
    expect(world.row(ITEM, id)).toMatchObject({
      applied_on: "0_product_variant",
      product_tmpl_id: template,
      currency_id: 2,
      compute_price: "fixed",
    })
    world.write("product.pricelist", list, { currency_id: 1 })
    expect(world.row(ITEM, id)?.["currency_id"]).toBe(1)
  })

  it("empty the targets that a rule does not apply to", () => {
    const id = rule({ applied_on: "1_product", product_tmpl_id: template, product_id: variant })
    expect(world.row(ITEM, id)?.["product_id"]).toBe(false)
    world.write(ITEM, id, { applied_on: "3_global" })
    expect(world.row(ITEM, id)?.["product_tmpl_id"]).toBe(false)
  })

  it.each([
    ["a product rule without a product", { applied_on: "1_product" }, "Please specify the product"],
    ["a category rule without one", { applied_on: "2_product_category" }, "specify the category"],
    ["a list for a base without one", { base: "pricelist" }, "must have a base_pricelist_id"],
    ["margins that cross", { price_min_margin: 3, price_max_margin: 1 }, "minimum margin"],
    [
      "an end before the beginning",
      { date_start: "2026-02-01 00:00:00", date_end: "2026-01-01 00:00:00" },
      "end date",
    ],
    ["a choice there is not", { compute_price: "code" }, "Wrong value for"],
  ])("refuse %s", (_case, vals, message) => {
    expect(() => rule(vals)).toThrow(message)
  })

  it("refuse rules in a circle, and the deletion of a list that another is based on", () => {
    const other = world.create("product.pricelist", { name: "Trade" })
    rule({ compute_price: "formula", base: "pricelist", base_pricelist_id: other })
    const back = { pricelist_id: other, base: "pricelist", base_pricelist_id: list }
    expect(() => world.create(ITEM, back)).toThrow("Recursive pricelist rules")
    expect(() => world.unlink("product.pricelist", other)).toThrow("cannot delete pricelist")
    world.unlink("product.pricelist", [other, list])
    expect(world.search(ITEM, [["pricelist_id", "in", [other, list]]])).toEqual([])
  })

  it("lose the rules of what is deleted, and stamp nothing else", () => {
    const category = world.create("product.category", { name: "Short-lived" })
    const byCategory = rule({ categ_id: category })
    const byVariant = rule({ product_id: variant })
    const stamp = world.row("product.pricelist", list)?.["write_date"]
    world.unlink("product.category", category)
    world.unlink("product.template", template)
    expect([world.row(ITEM, byCategory), world.row(ITEM, byVariant)]).toEqual([
      undefined,
      undefined,
    ])
    expect(world.row("product.pricelist", list)?.["write_date"]).toBe(stamp)
  })

  it("mark up by the opposite of the discount, since 18", () => {
    const id = rule({ compute_price: "formula", price_discount: 12 })
    expect(world.row(ITEM, id)?.["price_markup"]).toBe(version === 17 ? undefined : -12)
    if (version === 17) return
    world.write(ITEM, id, { price_markup: 50 })
    expect(world.row(ITEM, id)?.["price_discount"]).toBe(-50)
  })

  it("convert by the rate of the context's day, the last before it or else the first", () => {
    for (const [name, rate] of [
      ["2026-01-01", 0.9],
      ["2026-06-01", 0.93],
    ] as const) {
      if (world.search("res.currency.rate", [["name", "=", name]]).length === 0) {
        world.create("res.currency.rate", { currency_id: 2, name, rate })
      }
    }
    const on = (date: string) => world.read("res.currency", 2, ["rate"], { date })[0]?.["rate"]
    expect(on("2026-05-31")).toBe(0.9)
    expect(on("2026-06-01 12:00:00")).toBe(0.93)
    expect(on("2025-01-01")).toBe(0.9)
    expect(() =>
      world.create("res.currency.rate", { currency_id: 2, name: "2026-01-01", rate: 1 }),
    ).toThrow("Only one currency rate per day")
    expect(() =>
      world.create("res.currency.rate", { currency_id: 2, name: "2026-07-01", rate: 0 }),
    ).toThrow("strictly positive")
  })
})
