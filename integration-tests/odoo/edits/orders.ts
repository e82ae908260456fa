import type { Client } from "../client"
import { integers } from "../rows"
import { type Edit, type EditResult, found, nextNumber } from "./edit"
import { mainStock, setQuantity, countedVariant, type Variant, warehouses } from "./subjects"

const stock = (template: number): EditResult => ({ template_ids: [template], touches: ["stock"] })

/** Goods with `quantity` on hand in the main warehouse, by default more than an order takes. */
async function goodsOnHand(odoo: Client, quantity = 50 + nextNumber()): Promise<Variant> {
  const variant = await countedVariant(odoo)
  await setQuantity(odoo, variant.id, await mainStock(odoo), quantity)
  return variant
}

/** A confirmed order; Odoo reserves what is on hand and prepares the delivery. */
async function confirmedOrder(odoo: Client, product: number, units: number): Promise<number> {
  const [partner] = await odoo.search("res.partner", [["name", "=", "Walk-in customer"]])
  const order = await odoo.create("sale.order", {
    partner_id: partner ?? (await odoo.create("res.partner", { name: "Walk-in customer" })),
    order_line: [[0, 0, { product_id: product, product_uom_qty: units }]],
  })
  await odoo.call("sale.order", "action_confirm", [[order]])
  return order
}

async function deliveryOf(odoo: Client, order: number): Promise<number> {
  const [row] = await odoo.searchRead("sale.order", [["id", "=", order]], ["picking_ids"])
  return found(row && integers(row, "picking_ids")[0], `delivery of sale order ${order}`)
}

/** Validates a transfer of the full demand, whether or not it is in stock. */
async function validate(odoo: Client, picking: number): Promise<void> {
  const moves = await odoo.searchRead(
    "stock.move",
    [["picking_id", "=", picking]],
    ["product_uom_qty"],
  )
  for (const move of moves) {
    await odoo.write("stock.move", move.id, { quantity: move.product_uom_qty, picked: true })
  }
  const answer = await odoo.call("stock.picking", "button_validate", [[picking]])
  if (answer !== true) {
    throw new Error(`Validating transfer ${picking} opened a dialog: ${JSON.stringify(answer)}`)
  }
}

/** A transfer between two locations, confirmed and done. */
async function transfer(
  odoo: Client,
  product: number,
  route: { type: number; from: number; to: number; units: number },
): Promise<void> {
  const places = { location_id: route.from, location_dest_id: route.to }
  const picking = await odoo.create("stock.picking", {
    picking_type_id: route.type,
    ...places,
    move_ids: [[0, 0, { product_id: product, product_uom_qty: route.units, ...places }]],
  })
  await odoo.call("stock.picking", "action_confirm", [[picking]])
  await validate(odoo, picking)
}

async function locationOf(odoo: Client, usage: "customer" | "supplier"): Promise<number> {
  const [id] = await odoo.search("stock.location", [["usage", "=", usage]], { limit: 1 })
  return found(id, `${usage} location`)
}

export const orderEdits: Edit[] = [
  {
    name: "sale order confirmed, stock reserved",
    async apply(odoo) {
      const { id, template } = await goodsOnHand(odoo)
      await confirmedOrder(odoo, id, 7)
      return stock(template)
    },
  },
  {
    name: "sale order cancelled, reservation released",
    async apply(odoo) {
      const { id, template } = await goodsOnHand(odoo)
      const order = await confirmedOrder(odoo, id, 6)
      await odoo.call("sale.order", "action_cancel", [[order]], {
        context: { disable_cancel_warning: true },
      })
      return stock(template)
    },
  },
  {
    name: "sale order delivered",
    async apply(odoo) {
      const { id, template } = await goodsOnHand(odoo)
      await validate(odoo, await deliveryOf(odoo, await confirmedOrder(odoo, id, 4)))
      return stock(template)
    },
  },
  {
    name: "more delivered than there was",
    async apply(odoo) {
      const { id, template } = await goodsOnHand(odoo, 2)
      await validate(odoo, await deliveryOf(odoo, await confirmedOrder(odoo, id, 5 + nextNumber())))
      return stock(template)
    },
  },
  {
    name: "delivery done without an order",
    async apply(odoo) {
      const { id, template } = await goodsOnHand(odoo)
      const warehouse = found((await warehouses(odoo))[0], "warehouse")
      await transfer(odoo, id, {
        type: warehouse.deliveries,
        from: warehouse.stock,
        to: await locationOf(odoo, "customer"),
        units: 3,
      })
      return stock(template)
    },
  },
  {
    name: "goods received",
    async apply(odoo) {
      const { id, template } = await countedVariant(odoo)
      const warehouse = found((await warehouses(odoo))[0], "warehouse")
      await transfer(odoo, id, {
        type: warehouse.receipts,
        from: await locationOf(odoo, "supplier"),
        to: warehouse.stock,
        units: 11,
      })
      return stock(template)
    },
  },
]
