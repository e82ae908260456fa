import { ODD, startOdooSimulator, type OdooSimulator, type OdooVersion, type World } from ".."
import { json2 } from "./clients"
import { VERSIONS } from "./shop"

function everything(world: World): string {
  const models = ["product.template", "product.product", "stock.quant", "product.category"]
  return JSON.stringify(models.map((model) => world.ids(model).map((id) => world.row(model, id))))
}

const ANY = ["active", "in", [true, false]]

describe.each(VERSIONS)("the generated catalog, Odoo %i", (version: OdooVersion) => {
  let simulator: OdooSimulator
  let world: World

  beforeAll(async () => {
    simulator = await startOdooSimulator({ version })
    ;({ world } = simulator)
  })
  afterAll(() => simulator.close())

  const templates = (
    ...domain: readonly (readonly [string, string, string | number | boolean])[]
  ) => world.search("product.template", [ANY, ...domain], { active_test: false }).length

  it("has five hundred products of many kinds", () => {
    expect(world.count("product.template")).toBe(500)
    expect(world.count("product.product")).toBeGreaterThan(1000)
    expect(templates(["active", "=", false])).toBeGreaterThan(2)
    expect(templates(["list_price", "=", 0])).toBeGreaterThan(2)
    expect(templates(["type", "=", "service"])).toBeGreaterThan(5)
    expect(templates(["image_1920", "!=", false])).toBeGreaterThan(10)
    expect(templates(["name", "ilike", "😀"])).toBe(1)
    if (version >= 19) expect(templates(["categ_id", "=", false])).toBeGreaterThan(2)
  })

  it("has two warehouses with places inside, and about fifty categories", () => {
    const warehouses = world.read("stock.warehouse", world.ids("stock.warehouse"), ["name", "code"])
    expect(warehouses).toEqual([
      { id: 1, name: "Main warehouse", code: "WH" },
      { id: 2, name: "Outlet", code: "WH2" },
    ])
    const names = world
      .ids("stock.location")
      .map((id) => world.row("stock.location", id)?.["complete_name"])
    expect(names).toEqual(expect.arrayContaining(["WH/Stock", "WH/Stock/Shelf 1", "WH2/Stock"]))
    expect(world.count("product.category")).toBeGreaterThan(40)
  })

  it("has stock that is negative, zero, in fractions, and reserved", () => {
    const quants = (field: string, operator: string, value: number) =>
      world.search("stock.quant", [
        ["location_id.usage", "=", "internal"],
        [field, operator, value],
      ])
    expect(quants("quantity", "<", 0).length).toBeGreaterThan(0)
    expect(quants("quantity", "=", 0).length).toBeGreaterThan(10)
    expect(quants("reserved_quantity", ">", 0).length).toBeGreaterThan(10)
    const fractions = quants("quantity", ">", 0).filter(
      (id) => !Number.isInteger(world.row("stock.quant", id)?.["quantity"]),
    )
    expect(fractions.length).toBeGreaterThan(5)
  })

  it("has gaps in its ids and stamps older than any edit", () => {
    const ids = world.ids("product.template")
    expect(ids.at(-1)).toBeGreaterThan(ids.length)
    const newest = world.search("product.template", [["write_date", ">=", "2025-06-01 00:00:00"]])
    expect(newest).toEqual([])
  })

  it("has a documented handful of odd records, or none", async () => {
    const shared = world.search("product.product", [["default_code", "=", ODD.sharedCode]])
    expect(shared).toHaveLength(2)
    expect(templates(["name", "=", ODD.blankTitle])).toBe(1)
    const clean = await startOdooSimulator({ version, products: 60, odd: false })
    const codes = clean.world
      .ids("product.product")
      .map((id) => clean.world.row("product.product", id)?.["default_code"])
      .filter((code) => code !== false)
    expect(new Set(codes).size).toBe(codes.length)
    await clean.close()
  })

  it("is the same for the same seed, another for another", async () => {
    const make = async (seed: number) => {
      const other = await startOdooSimulator({ version, products: 80, seed })
      const text = everything(other.world)
      await other.close()
      return text
    }
    const first = await make(3)
    expect(await make(3)).toBe(first)
    expect(await make(4)).not.toBe(first)
  })
})

describe("the plain catalog for benchmarks", () => {
  let simulator: OdooSimulator

  beforeAll(async () => {
    simulator = await startOdooSimulator({ version: 19, products: 2000, variants: 5 })
  })
  afterAll(() => simulator.close())

  it("is regular", () => {
    const { world } = simulator
    expect(world.count("product.template")).toBe(2000)
    expect(world.count("product.product")).toBe(10_000)
    const internal = world.search("stock.quant", [["location_id.usage", "=", "internal"]])
    expect(internal).toHaveLength(20_000)
  })

  it.each(["product.product", "stock.quant"])("pages through %s by id windows", async (model) => {
    const seen: number[] = []
    let last = 0
    for (;;) {
      const answer = await json2(simulator, `${model}.search_read`, {
        domain: [
          ["write_date", ">=", "2025-01-01 00:00:00"],
          ["write_date", "<", "2026-01-01 00:00:00"],
          ["id", ">", last],
        ],
        fields: ["write_date"],
        order: "id",
        limit: 1000,
        load: null,
      })
      const rows = answer.body as ReadonlyArray<{ id: number }>
      seen.push(...rows.map((row) => row.id))
      if (rows.length < 1000) break
      last = seen.at(-1) ?? last
    }
    expect(seen).toEqual([...simulator.world.ids(model)])
  })

  it("reads a thousand products with variants and values in one call", async () => {
    const answer = await json2(simulator, "product.template.web_search_read", {
      domain: [["id", ">", 500]],
      order: "id",
      limit: 1000,
      specification: {
        name: {},
        categ_id: { fields: { complete_name: {} } },
        product_variant_ids: {
          fields: {
            default_code: {},
            product_template_attribute_value_ids: { fields: { product_attribute_value_id: {} } },
          },
        },
      },
    })
    const { length, records } = answer.body as { length: number; records: readonly unknown[] }
    expect([length, records.length]).toEqual([1500, 1000])
    expect(records[0]).toMatchObject({
      id: 501,
      categ_id: { id: expect.any(Number), complete_name: expect.any(String) },
      product_variant_ids: expect.arrayContaining([
        {
          id: expect.any(Number),
          default_code: "P00501-1",
          product_template_attribute_value_ids: [
            { id: expect.any(Number), product_attribute_value_id: expect.any(Number) },
          ],
        },
      ]),
    })
  })
})
