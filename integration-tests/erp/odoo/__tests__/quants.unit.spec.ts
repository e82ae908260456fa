import type { Json, OdooSimulator, World } from ".."
import { emptyShop, goods, mainStock, variantsOf, VERSIONS } from "./shop"

const MODE = { inventory_mode: true }

describe.each(VERSIONS)("stock and quants, Odoo %i", (version) => {
  let simulator: OdooSimulator
  let world: World
  let stock: number
  let variant: number

  beforeEach(async () => {
    ;({ simulator, world } = await emptyShop(version))
    stock = mainStock(world)
    const id = world.create("product.template", { name: "Mug", ...goods(version) })
    variant = variantsOf(world, id)[0] ?? 0
  })
  afterEach(() => simulator.close())

  const create = (vals: Readonly<Record<string, Json>>, context = {}): number =>
    world.create("stock.quant", { product_id: variant, location_id: stock, ...vals }, context)

  const quantity = (id: number) => world.row("stock.quant", id)?.["quantity"]
  const internal = () =>
    world.search("stock.quant", [
      ["product_id", "=", variant],
      ["location_id.usage", "=", "internal"],
    ])
  const onHand = () =>
    world.read("product.product", variant, ["qty_available", "free_qty", "virtual_available"])[0]

  it("upserts and applies in one call, in inventory mode", () => {
    const first = create({ inventory_quantity_auto_apply: 10 }, MODE)
    expect(create({ inventory_quantity_auto_apply: 8 }, MODE)).toBe(first)
    expect(quantity(first)).toBe(8)
    expect(internal()).toEqual([first])
    // The goods came from somewhere: the inventory loss holds the opposite.
    const loss = world.search("stock.quant", [["location_id.usage", "=", "inventory"]])
    expect(loss.map(quantity)).toEqual([-8])
  })

  it("makes a second quant and applies nothing, outside inventory mode", () => {
    const first = create({ inventory_quantity_auto_apply: 10 }, MODE)
    const second = create({ inventory_quantity: 4 })
    expect(second).not.toBe(first)
    expect(quantity(second)).toBe(0)
    expect(onHand()).toMatchObject({ qty_available: 10 })
    world.write("stock.quant", first, { inventory_quantity_auto_apply: 3 })
    expect(quantity(first)).toBe(10)
  })

  it("compares and sets: a count that is outdated applies nothing of its batch", () => {
    const first = create({ inventory_quantity: 12 }, MODE)
    const other = world.create("product.template", { name: "Cup", ...goods(version) })
    const second = world.create(
      "stock.quant",
      { product_id: variantsOf(world, other)[0] ?? 0, location_id: stock, inventory_quantity: 1 },
      MODE,
    )
    world.move(variant, stock, 5, 2)
    const ids = [second, first]
    expect(world.call("stock.quant", "action_apply_inventory", { ids })).toMatchObject({
      res_model: "stock.inventory.conflict",
      context: { default_quant_ids: ids, default_quant_to_fix_ids: [first] },
    })
    expect(quantity(second)).toBe(0)
    const [row] = world.read("stock.quant", first, ["is_outdated", "inventory_quantity_set"])
    expect(row).toMatchObject({ is_outdated: true, inventory_quantity_set: true })
    expect(world.call("stock.quant", "action_apply_inventory", { ids: [second] })).toBeNull()
    expect(quantity(second)).toBe(1)
  })

  it("counts free stock as on hand less what is reserved", () => {
    create({ inventory_quantity_auto_apply: 10 }, MODE)
    const line = world.reserve(variant, stock, 3)
    expect(onHand()).toMatchObject({ qty_available: 10, free_qty: 7, virtual_available: 7 })
    world.ship(line)
    expect(onHand()).toMatchObject({ qty_available: 7, free_qty: 7, virtual_available: 7 })
  })

  it("rounds to two places and lets stock go below zero", () => {
    const id = create({ inventory_quantity_auto_apply: 1.23456 }, MODE)
    expect(quantity(id)).toBe(1.23)
    create({ inventory_quantity_auto_apply: -4 }, MODE)
    expect(quantity(id)).toBe(-4)
  })

  it("deletes quants at zero when someone opens the inventory view", () => {
    const first = create({ inventory_quantity_auto_apply: 5 }, MODE)
    create({ inventory_quantity_auto_apply: 0 }, MODE)
    expect(quantity(first)).toBe(0)
    world.call("stock.quant", "action_view_inventory")
    expect(world.row("stock.quant", first)).toBeUndefined()
    const lines = world.search("stock.move.line", [["product_id", "=", variant]])
    expect(lines).toHaveLength(2)
    expect(create({ inventory_quantity_auto_apply: 5 }, MODE)).not.toBe(first)
  })

  it("makes no move when the quantity is already so", () => {
    create({ inventory_quantity_auto_apply: 5 }, MODE)
    const moves = world.count("stock.move.line")
    create({ inventory_quantity_auto_apply: 5 }, MODE)
    expect(world.count("stock.move.line")).toBe(moves)
  })

  it("refuses what is not tracked, and view locations", () => {
    const service = world.create("product.template", { name: "Help", type: "service" })
    expect(() => world.setStock(variantsOf(world, service)[0] ?? 0, stock, 1)).toThrow(
      "Quants cannot be created for consumables or services.",
    )
    const view = Number(world.row("stock.location", stock)?.["location_id"])
    expect(() => world.setStock(variant, view, 1)).toThrow('location of type "view" (WH)')
  })

  it("refuses other fields in inventory mode", () => {
    expect(() => create({ inventory_quantity: 1, quantity: 5 }, MODE)).toThrow(
      "Quant's creation is restricted",
    )
    const id = create({ inventory_quantity: 1 }, MODE)
    expect(() => world.write("stock.quant", id, { location_id: 1 }, MODE)).toThrow(
      "Quant's editing is restricted",
    )
  })

  it("finds stock by the place above it, and by what is computed", () => {
    create({ inventory_quantity_auto_apply: 5 }, MODE)
    const view = Number(world.row("stock.location", stock)?.["location_id"])
    expect(world.search("stock.quant", [["location_id", "child_of", view]])).toEqual(internal())
    expect(world.search("product.product", [["qty_available", ">", 0]])).toEqual([variant])
    const [row] = world.read("stock.quant", internal(), ["warehouse_id", "location_id"])
    expect(row).toMatchObject({
      warehouse_id: [1, "Main warehouse"],
      location_id: [stock, "WH/Stock"],
    })
  })

  it("groups by product and place", () => {
    create({ inventory_quantity_auto_apply: 5 }, MODE)
    const domain = [["location_id.usage", "=", "internal"]]
    expect(
      world.executeKw(
        "stock.quant",
        "read_group",
        [domain, ["quantity:sum"], ["product_id", "location_id"]],
        { lazy: false },
      ),
    ).toEqual([
      expect.objectContaining({
        product_id: [variant, "Mug"],
        location_id: [stock, "WH/Stock"],
        quantity: 5,
        __count: 1,
      }),
    ])
    if (version < 19) return
    expect(
      world.call("stock.quant", "formatted_read_group", {
        domain,
        groupby: ["product_id"],
        aggregates: ["quantity:sum", "reserved_quantity:sum", "__count"],
      }),
    ).toEqual([
      {
        product_id: [variant, "Mug"],
        __extra_domain: [["product_id", "=", variant]],
        "quantity:sum": 5,
        "reserved_quantity:sum": 0,
        __count: 1,
      },
    ])
  })
})
