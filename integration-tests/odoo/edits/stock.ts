import type { Client } from "../client"
import { reference } from "../rows"
import { type Edit, type EditResult, nextNumber } from "./edit"
import { mainStock, setQuantity, countedVariant, type Variant, warehouses } from "./subjects"

const stock = (template: number): EditResult => ({ template_ids: [template], touches: ["stock"] })

async function secondWarehouse(odoo: Client): Promise<number> {
  const [, second] = await warehouses(odoo)
  if (second) {
    return second.stock
  }
  const number = nextNumber()
  await odoo.create("stock.warehouse", { name: `Outlet ${number}`, code: `OUT${number}` })
  return secondWarehouse(odoo)
}

/** Goods on hand in `location` that no order waits for; filled up when there are none. */
async function unreservedVariant(odoo: Client, location: number): Promise<Variant> {
  const [quant] = await odoo.searchRead(
    "stock.quant",
    [
      ["location_id", "=", location],
      ["quantity", ">", 0],
      ["reserved_quantity", "=", 0],
      ["product_id.sale_ok", "=", true],
    ],
    ["product_id", "product_tmpl_id"],
    { limit: 1 },
  )
  if (quant) {
    return { id: reference(quant, "product_id"), template: reference(quant, "product_tmpl_id") }
  }
  const variant = await countedVariant(odoo)
  await setQuantity(odoo, variant.id, location, 9)
  return variant
}

export const stockEdits: Edit[] = [
  {
    name: "quantity set",
    async apply(odoo) {
      const { id, template } = await countedVariant(odoo)
      await setQuantity(odoo, id, await mainStock(odoo), 40 + nextNumber())
      return stock(template)
    },
  },
  {
    name: "fractional quantity set",
    async apply(odoo) {
      const { id, template } = await countedVariant(odoo)
      await setQuantity(odoo, id, await mainStock(odoo), 2.75 + nextNumber())
      return stock(template)
    },
  },
  {
    name: "quantity set in a second warehouse",
    async apply(odoo) {
      const { id, template } = await countedVariant(odoo)
      await setQuantity(odoo, id, await secondWarehouse(odoo), 5 + nextNumber())
      return stock(template)
    },
  },
  {
    name: "quantity set in a shelf below the stock location",
    async apply(odoo) {
      const { id, template } = await countedVariant(odoo)
      const shelf = await odoo.create("stock.location", {
        name: `Shelf ${nextNumber()}`,
        usage: "internal",
        location_id: await mainStock(odoo),
      })
      await setQuantity(odoo, id, shelf, 3)
      return stock(template)
    },
  },
  {
    // Opening the Inventory screen deletes rows at zero: the change leaves no row behind.
    name: "quantity set to zero and its row removed",
    async apply(odoo) {
      const location = await mainStock(odoo)
      const { id, template } = await unreservedVariant(odoo, location)
      await setQuantity(odoo, id, location, 0)
      await odoo.call("stock.quant", "action_view_inventory", [])
      return stock(template)
    },
  },
  {
    name: "inventory counted, then applied",
    async apply(odoo) {
      const { id, template } = await countedVariant(odoo)
      const quant = await odoo.create(
        "stock.quant",
        {
          product_id: id,
          location_id: await mainStock(odoo),
          inventory_quantity: 60 + nextNumber(),
        },
        { inventory_mode: true },
      )
      await odoo.call("stock.quant", "action_apply_inventory", [[quant]])
      return stock(template)
    },
  },
  {
    name: "stock set to a negative quantity",
    async apply(odoo) {
      const { id, template } = await countedVariant(odoo)
      await setQuantity(odoo, id, await mainStock(odoo), -4)
      return stock(template)
    },
  },
  {
    name: "goods scrapped",
    async apply(odoo) {
      const { id, template } = await countedVariant(odoo)
      const location = await mainStock(odoo)
      await setQuantity(odoo, id, location, 30 + nextNumber())
      const scrap = await odoo.create("stock.scrap", {
        product_id: id,
        scrap_qty: 2,
        location_id: location,
      })
      await odoo.call("stock.scrap", "action_validate", [[scrap]])
      return stock(template)
    },
  },
]
