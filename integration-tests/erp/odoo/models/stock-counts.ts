import { userError, validationError } from "../orm/errors"
import type { Env } from "../orm/env"
import { roundDigits, sameQuantity } from "../orm/floats"
import { showDate } from "../orm/moments"
import { patchRow, plainCreate, plainUnlink, plainWrite, rowsOf } from "../orm/records"
import type { Model } from "../orm/schema"
import {
  idOf,
  numberOf,
  textOf,
  without,
  type Json,
  type JsonObject,
  type Row,
} from "../orm/values"
import { moveStock } from "./stock-moves"

const QUANT = "stock.quant"
const COUNTED = "inventory_quantity"
const AUTO = "inventory_quantity_auto_apply"

/** What a stock count may set; anything else in that mode is refused. */
const COUNT_FIELDS: ReadonlySet<string> = new Set([
  ...["product_id", "location_id", "lot_id", "package_id", "owner_id", COUNTED, AUTO],
  ...["inventory_date", "user_id", "inventory_quantity_set", "is_outdated"],
])

const IDENTITY = ["product_id", "location_id", "lot_id", "package_id", "owner_id"] as const

function countMode(env: Env): boolean {
  return env.context["inventory_mode"] === true
}

function sameQuant(row: Row, vals: JsonObject): boolean {
  return IDENTITY.every((field) => (row[field] ?? false) === (vals[field] ?? false))
}

/** The quant that holds exactly this product at this place. */
function gather(env: Env, vals: JsonObject): Row | undefined {
  const table = env.table(QUANT)
  return table
    .find("product_id", Number(vals["product_id"] ?? 0))
    .map((id) => table.get(id))
    .find((row) => row !== undefined && sameQuant(row, vals))
}

function tracksLots(env: Env, productId: number): boolean {
  const template = idOf(env.row("product.product", productId)?.["product_tmpl_id"])
  return env.row("product.template", template)?.["tracking"] !== "none"
}

/**
 * Creating quants. Copies: with `inventory_mode` in the context it is an upsert that answers the id
 * of the quant that is there already; without it a second quant appears and nothing is applied.
 */
export function createQuants(env: Env, model: Model, list: readonly JsonObject[]): number[] {
  return list.map((vals) => {
    if (!countMode(env) || !(COUNTED in vals || AUTO in vals))
      return createPlainQuant(env, model, vals)
    if (Object.keys(vals).some((field) => !COUNT_FIELDS.has(field))) {
      throw userError("Quant's creation is restricted, you can't do this operation.")
    }
    const { [COUNTED]: counted, [AUTO]: applied, ...identity } = vals
    const quantity = Number(applied || counted || 0)
    const id = gather(env, identity)?.id ?? plainCreate(env, model, [identity])[0] ?? 0
    if (AUTO in vals) applyQuantity(env, [id], quantity)
    else setCount(env, id, quantity)
    return id
  })
}

function createPlainQuant(env: Env, model: Model, vals: JsonObject): number {
  const id = plainCreate(env, model, [without(vals, AUTO)])[0] ?? 0
  const row = env.row(QUANT, id)
  patchRow(env, QUANT, id, {
    inventory_diff_quantity: numberOf(row?.[COUNTED]) - numberOf(row?.["quantity"]),
  })
  return id
}

/** Copies: quants exist only for goods that track inventory, and not in view locations. */
export function checkQuants(env: Env, ids: readonly number[]): void {
  for (const quant of rowsOf(env, QUANT, ids)) {
    const product = env.row("product.product", quant["product_id"])
    const template = env.row("product.template", product?.["product_tmpl_id"])
    const storable =
      env.version === 17 ? template?.["type"] === "product" : template?.["is_storable"] === true
    if (!storable) {
      throw validationError("Quants cannot be created for consumables or services.")
    }
    const location = env.row("stock.location", quant["location_id"])
    if (location?.["usage"] === "view") {
      throw validationError(
        `You cannot take products from or deliver products to a location of type "view" (${textOf(location["name"]) || ""}).`,
      )
    }
  }
}

/** Notes a count without applying it. The difference is taken against the quantity of this moment. */
function setCount(env: Env, id: number, quantity: number): void {
  const counted = roundDigits(quantity, 2)
  patchRow(env, QUANT, id, {
    inventory_quantity: counted,
    inventory_diff_quantity: roundDigits(counted - numberOf(env.row(QUANT, id)?.["quantity"]), 2),
    inventory_quantity_set: true,
    inventory_date: showDate(env.tx.now),
    user_id: env.user.uid,
  })
}

/** Writing quants. Copies: the auto-apply figure does nothing without `inventory_mode`. */
export function writeQuants(
  env: Env,
  model: Model,
  ids: readonly number[],
  vals: JsonObject,
): void {
  if (countMode(env) && IDENTITY.some((field) => field in vals)) {
    throw userError("Quant's editing is restricted, you can't do this operation.")
  }
  const { [COUNTED]: counted, [AUTO]: applied, ...rest } = vals
  plainWrite(env, model, ids, rest)
  // Copies: taking the mark back is what clears a count; the figure stays, the difference goes.
  if (rest["inventory_quantity_set"] === false) {
    for (const id of ids) patchRow(env, QUANT, id, { inventory_diff_quantity: 0 })
  }
  if (counted !== undefined) for (const id of ids) setCount(env, id, Number(counted))
  if (applied !== undefined && countMode(env)) applyQuantity(env, ids, Number(applied))
}

function applyQuantity(env: Env, ids: readonly number[], quantity: number): void {
  const changed = ids.filter((id) => {
    const quant = env.row(QUANT, id)
    // Copies: without a lot 17 and 18 silently leave goods tracked by lot at zero, 19 takes them.
    const lotless = quant?.["lot_id"] === false && tracksLots(env, idOf(quant["product_id"]))
    if (lotless && env.version < 19) return false
    return !sameQuantity(numberOf(quant?.["quantity"]), quantity)
  })
  for (const id of changed) setCount(env, id, quantity)
  applyCounts(env, changed)
}

/** Whether the quantity moved since the count was noted. */
export function isOutdated(quant: Row): boolean {
  const expected = numberOf(quant[COUNTED]) - numberOf(quant["inventory_diff_quantity"])
  return (
    quant["inventory_quantity_set"] === true && !sameQuantity(expected, numberOf(quant["quantity"]))
  )
}

/**
 * `action_apply_inventory`. Copies its compare-and-set: when one quant of the batch moved since its
 * count, nothing at all is applied and a conflict window is answered; success is `None`.
 */
export function applyInventory(env: Env, ids: readonly number[]): Json {
  const outdated = rowsOf(env, QUANT, ids).filter(isOutdated)
  if (outdated.length > 0) {
    return {
      name: "Conflict in Inventory Adjustment",
      type: "ir.actions.act_window",
      view_mode: "form",
      views: [[false, "form"]],
      res_model: "stock.inventory.conflict",
      target: "new",
      context: {
        ...env.context,
        default_quant_ids: [...ids],
        default_quant_to_fix_ids: outdated.map((quant) => quant.id),
      },
    }
  }
  applyCounts(env, ids)
  return null
}

function applyCounts(env: Env, ids: readonly number[]): void {
  const loss = inventoryLocation(env)
  for (const quant of rowsOf(env, QUANT, ids)) {
    const difference = numberOf(quant["inventory_diff_quantity"])
    const place = idOf(quant["location_id"])
    moveStock(env, {
      productId: idOf(quant["product_id"]),
      from: difference > 0 ? loss : place,
      to: difference > 0 ? place : loss,
      quantity: Math.abs(difference),
      reference: difference === 0 ? "Product Quantity Confirmed" : "Product Quantity Updated",
    })
    patchRow(env, QUANT, quant.id, {
      inventory_quantity: 0,
      inventory_diff_quantity: 0,
      inventory_quantity_set: false,
      user_id: false,
    })
    // Copies: the counted location is stamped too, so two counts at one place get into each other's way.
    patchRow(env, "stock.location", place, { last_inventory_date: showDate(env.tx.now) })
  }
}

function inventoryLocation(env: Env): number {
  const table = env.table("stock.location")
  return table.ids.find((id) => table.get(id)?.["usage"] === "inventory") ?? 0
}

/**
 * Writing `qty_available` on 19. Copies: it goes to the stock of the first warehouse, whatever the
 * context says; negative figures and goods that are not tracked are ignored.
 */
export function writeOnHand(env: Env, productId: number, quantity: number): void {
  const product = env.row("product.product", productId)
  const template = env.row("product.template", product?.["product_tmpl_id"])
  if (template?.["is_storable"] !== true || quantity < 0) return
  const [warehouse] = env.table("stock.warehouse").ids
  const place = idOf(env.row("stock.warehouse", warehouse)?.["lot_stock_id"])
  setOnHand(env, productId, place, quantity)
}

/** Sets the quantity on hand of a variant at a place, as a count that is applied at once. */
export function setOnHand(env: Env, productId: number, locationId: number, quantity: number) {
  const counting = env.withContext({ inventory_mode: true })
  createQuants(counting, counting.model(QUANT), [
    { product_id: productId, location_id: locationId, [AUTO]: quantity },
  ])
}

/** Copies: deleting a quant first counts it to zero, so that a move says where the goods went. */
export function unlinkQuants(env: Env, model: Model, ids: readonly number[]): void {
  for (const id of ids) setCount(env, id, 0)
  applyCounts(env, ids)
  plainUnlink(env, model, ids)
}

/**
 * What Odoo does when someone opens the inventory view, or in its scheduler: quants at zero are
 * deleted by plain SQL, with no trace and no `write_date` anywhere.
 */
export function dropEmptyQuants(env: Env): number[] {
  const table = env.table(QUANT)
  const empty = table.ids.filter((id) => {
    const quant = table.get(id)
    return (
      sameQuantity(numberOf(quant?.["quantity"]), 0) &&
      sameQuantity(numberOf(quant?.["reserved_quantity"]), 0) &&
      quant?.["inventory_quantity_set"] !== true
    )
  })
  plainUnlink(env, env.model(QUANT), empty)
  return empty
}
