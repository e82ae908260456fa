import type { Json } from ".."
import type { Effect, Stage, StampRow } from "./stamps"

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
export const STOCK_ROWS: readonly StampRow[] = [
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
