import type { OdooSimulator } from ".."
import { CATALOG_ROWS } from "./catalog-stamps"
import { emptyShop, mainStock, productWith, variantsOf, VERSIONS, type TestClock } from "./shop"
import { effectOf, type Stage } from "./stamps"
import { STOCK_ROWS } from "./stock-stamps"

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
        version === 19 ? "How about archiving the record instead?" : "stock_move_product_id_fkey",
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
