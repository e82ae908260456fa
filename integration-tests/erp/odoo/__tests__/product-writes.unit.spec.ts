import type { OdooSimulator, World } from ".."
import { emptyShop, goods, mainStock, productWith, variantsOf, VERSIONS } from "./shop"

describe.each(VERSIONS)("writing products and variants, Odoo %i", (version) => {
  let simulator: OdooSimulator
  let world: World
  let color: number
  let colors: [number, number, number]

  beforeAll(async () => {
    const shop = await emptyShop(version)
    ;({ simulator, world, color } = shop)
    colors = shop.values
  })
  afterAll(() => simulator.close())

  it("loses a code written to a product with several variants at its next recomputation", () => {
    const id = productWith(world, version, color, colors.slice(0, 2))
    const [first = 0] = variantsOf(world, id)
    world.write("product.template", id, { default_code: "ZZ", weight: 3, barcode: "123" })
    const read = () => world.read("product.template", id, ["default_code", "weight", "barcode"])[0]
    expect(read()).toMatchObject({ default_code: "ZZ", weight: 3, barcode: false })
    expect(world.row("product.product", first)?.["default_code"]).toBe(false)
    world.write("product.product", first, { default_code: "A" })
    expect(read()).toMatchObject({ default_code: false, weight: 0 })
  })

  it("passes code, weight and barcode through to a single variant, and back", () => {
    const id = world.create("product.template", {
      name: "One",
      default_code: "ONE",
      barcode: "991",
    })
    const [variant = 0] = variantsOf(world, id)
    expect(world.row("product.product", variant)).toMatchObject({
      default_code: "ONE",
      barcode: "991",
    })
    world.write("product.product", variant, { default_code: "TWO", weight: 2 })
    const [row] = world.read("product.template", id, ["default_code", "weight", "display_name"])
    expect(row).toMatchObject({ default_code: "TWO", weight: 2, display_name: "[TWO] One" })
  })

  it("writes a variant's price to the product, less the extra", () => {
    const id = productWith(world, version, color, colors.slice(0, 2))
    const [first = 0, second = 0] = variantsOf(world, id)
    const [ptav = 0] = world.search("product.template.attribute.value", [
      ["product_tmpl_id", "=", id],
    ])
    world.write("product.template.attribute.value", ptav, { price_extra: 5 })
    world.write("product.product", first, { lst_price: 15 })
    expect(world.row("product.template", id)?.["list_price"]).toBe(10)
    world.write("product.product", second, { list_price: 20 })
    expect(world.read("product.product", first, ["lst_price"])[0]?.["lst_price"]).toBe(25)
  })

  it("keeps barcodes unique among active products, and checks only when one is written", () => {
    const first = world.create("product.template", { name: "First", barcode: "777" })
    expect(() => world.create("product.template", { name: "Second", barcode: "777" })).toThrow(
      'Barcode "777" already assigned to product(s): First and Second',
    )
    world.archive("product.template", first)
    const second = world.create("product.template", { name: "Second", barcode: "777" })
    world.unarchive("product.template", first)
    const both = world.search("product.product", [["barcode", "=", "777"]])
    expect(both).toHaveLength(2)
    world.unlink("product.template", second)
  })

  it("takes negative prices and NaN without complaint", () => {
    const id = world.create("product.template", { name: "Strange", list_price: -5 })
    expect(world.row("product.template", id)?.["list_price"]).toBe(-5)
    world.write("product.template", id, { list_price: NaN })
    expect(world.row("product.template", id)?.["list_price"]).toBeNaN()
  })

  it("does not change how goods are tracked once they moved, before 19", () => {
    const id = world.create("product.template", { name: "Moved", ...goods(version) })
    world.setStock(variantsOf(world, id)[0] ?? 0, mainStock(world), 1)
    const untracked = version === 17 ? { detailed_type: "consu" } : { is_storable: false }
    const change = () => world.write("product.template", id, untracked)
    if (version < 19) expect(change).toThrow("already used")
    else {
      change()
      expect(world.row("product.template", id)?.["is_storable"]).toBe(false)
    }
  })

  it("duplicates a product with its lines and extra prices, without codes", () => {
    const id = productWith(world, version, color, colors.slice(0, 2))
    const ptavs = world.search("product.template.attribute.value", [["product_tmpl_id", "=", id]])
    world.write("product.template.attribute.value", ptavs, { price_extra: 3 })
    world.write("product.product", variantsOf(world, id)[0] ?? 0, { default_code: "X" })
    const copy = Number([world.executeKw("product.template", "copy", [[id]])].flat()[0])
    expect(world.row("product.template", copy)?.["name"]).toBe("Mug (copy)")
    const rows = world.read("product.product", variantsOf(world, copy), [
      "lst_price",
      "default_code",
    ])
    expect(rows.map((row) => [row["lst_price"], row["default_code"]])).toEqual([
      [13, false],
      [13, false],
    ])
  })
})
