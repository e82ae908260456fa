import { startOdooSimulator, type OdooSimulator, type OdooVersion, type World } from ".."

/** A clock that stands still until it is told to move; microseconds. */
export class TestClock {
  now = Date.UTC(2026, 0, 1, 10) * 1000

  tick(seconds = 1): number {
    this.now += seconds * 1_000_000
    return this.now
  }

  attach(world: World): this {
    world.clock = () => this.now
    return this
  }
}

export const VERSIONS: readonly OdooVersion[] = [17, 18, 19]

/** An empty database with one attribute of three values. */
export async function emptyShop(version: OdooVersion): Promise<{
  simulator: OdooSimulator
  world: World
  clock: TestClock
  color: number
  values: [number, number, number]
}> {
  const simulator = await startOdooSimulator({ version, empty: true })
  const { world } = simulator
  const clock = new TestClock().attach(world)
  const color = world.create("product.attribute", { name: "Color" })
  const value = (name: string) =>
    world.create("product.attribute.value", { name, attribute_id: color })
  return { simulator, world, clock, color, values: [value("White"), value("Black"), value("Red")] }
}

/** The values that make goods tracked in stock, in each version's words. */
export function goods(version: OdooVersion) {
  return version === 17 ? { detailed_type: "product" } : { is_storable: true }
}

/** A tracked product with one variant per value; answers its id. */
export function productWith(
  world: World,
  version: OdooVersion,
  attribute: number,
  values: readonly number[],
): number {
  return world.create("product.template", {
    name: "Mug",
    list_price: 10,
    ...goods(version),
    attribute_line_ids: [[0, 0, { attribute_id: attribute, value_ids: [[6, 0, values]] }]],
  })
}

/** Ids of all variants of a product, archived ones included, ascending. */
export function variantsOf(world: World, template: number): number[] {
  return world.search("product.product", [["product_tmpl_id", "=", template]], {
    active_test: false,
  })
}

/** The stock location of the first warehouse. */
export function mainStock(world: World): number {
  const [warehouse = 0] = world.ids("stock.warehouse")
  return Number(world.row("stock.warehouse", warehouse)?.["lot_stock_id"])
}
