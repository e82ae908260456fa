import { userError } from "../orm/errors"
import type { Env } from "../orm/env"
import { roundDigits, sameQuantity } from "../orm/floats"
import { insertRow, patchRow } from "../orm/records"
import { idOf, numberOf, textOf, type Row } from "../orm/values"

export interface StockMove {
  readonly productId: number
  readonly from: number
  readonly to: number
  readonly quantity: number
  readonly reference: string
}

const QUANT = "stock.quant"
const LINE = "stock.move.line"

function unitOf(env: Env, productId: number): number {
  const template = idOf(env.row("product.product", productId)?.["product_tmpl_id"])
  return idOf(env.row("product.template", template)?.["uom_id"])
}

function findQuant(env: Env, productId: number, locationId: number): Row | undefined {
  const table = env.table(QUANT)
  for (const id of table.find("product_id", productId)) {
    const row = table.get(id)
    if (row?.["location_id"] === locationId && row["lot_id"] === false) return row
  }
  return undefined
}

/** Changes what is at a place. Quants may become negative, and stay as rows when they reach zero. */
function changeQuant(env: Env, productId: number, locationId: number, difference: number): void {
  const quant = findQuant(env, productId, locationId)
  if (quant === undefined) {
    const quantity = roundDigits(difference, 2)
    insertRow(env, env.model(QUANT), {
      product_id: productId,
      location_id: locationId,
      quantity,
      inventory_diff_quantity: -quantity,
    })
    return
  }
  const quantity = roundDigits(numberOf(quant["quantity"]) + difference, 2)
  patchRow(env, QUANT, quant.id, { quantity, in_date: env.tx.now })
}

function createLine(env: Env, move: StockMove, state: string): number {
  const quantity = roundDigits(move.quantity, 2)
  return insertRow(env, env.model(LINE), {
    product_id: move.productId,
    location_id: move.from,
    location_dest_id: move.to,
    quantity,
    quantity_product_uom: quantity,
    product_uom_id: unitOf(env, move.productId),
    reference: move.reference,
    picked: state === "done",
    state,
  })
}

/** Moves goods at once: the line of record, and the quants at both ends (virtual ones included). */
export function moveStock(env: Env, move: StockMove): number {
  const line = createLine(env, move, "done")
  if (move.quantity !== 0) {
    changeQuant(env, move.productId, move.from, -move.quantity)
    changeQuant(env, move.productId, move.to, move.quantity)
  }
  return line
}

/** Reserves goods for a delivery, as confirming a sales order does. Answers the id of the move line. */
export function reserveStock(env: Env, move: StockMove): number {
  const quant = findQuant(env, move.productId, move.from)
  if (quant === undefined) throw userError("There is nothing to reserve at this location.")
  const reserved = roundDigits(numberOf(quant["reserved_quantity"]) + move.quantity, 2)
  patchRow(env, QUANT, quant.id, { reserved_quantity: reserved })
  return createLine(env, move, "assigned")
}

/** Ships a reservation, as validating the picking does. */
export function shipReserved(env: Env, lineId: number): void {
  const line = env.row(LINE, lineId)
  if (line === undefined || textOf(line["state"]) !== "assigned") {
    throw userError("Only a reserved move can be shipped.")
  }
  const quantity = numberOf(line["quantity"])
  const productId = idOf(line["product_id"])
  const from = idOf(line["location_id"])
  const quant = findQuant(env, productId, from)
  if (quant !== undefined && !sameQuantity(quantity, 0)) {
    const reserved = roundDigits(numberOf(quant["reserved_quantity"]) - quantity, 2)
    patchRow(env, QUANT, quant.id, { reserved_quantity: reserved })
  }
  changeQuant(env, productId, from, -quantity)
  changeQuant(env, productId, idOf(line["location_dest_id"]), quantity)
  patchRow(env, LINE, lineId, { state: "done", picked: true, date: env.tx.now })
}
