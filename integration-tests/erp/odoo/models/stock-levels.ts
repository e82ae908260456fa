import type { Env } from "../orm/env"
import { roundDigits } from "../orm/floats"
import { descendants } from "../orm/trees"
import { idList, idOf, numberOf, textOf, type Row } from "../orm/values"
import { kitLevel } from "./kit-models"

/** The figures of one variant, for the locations the context names. */
export interface StockLevel {
  readonly onHand: number
  readonly free: number
  readonly incoming: number
  readonly outgoing: number
}

/**
 * Copies the trap of the context key: 17 listens to `warehouse`, 18 and 19 to `warehouse_id`; the
 * other one is silently ignored and the figure is the company's total.
 */
function warehouseIds(env: Env): number[] {
  const key = env.version === 17 ? "warehouse" : "warehouse_id"
  const ids = idList(env.context[key])
  return ids.length > 0 ? ids : [...env.table("stock.warehouse").ids]
}

/** The locations whose stock counts: those under the warehouses, or under `location`. */
export function countedLocations(env: Env): Set<number> {
  const locations = idList(env.context["location"])
  const roots =
    locations.length > 0
      ? locations
      : warehouseIds(env).map((id) => idOf(env.row("stock.warehouse", id)?.["view_location_id"]))
  return descendants(env, env.model("stock.location"), roots)
}

const perEnv = new WeakMap<Env, Set<number>>()

function locationsOf(env: Env): Set<number> {
  const known = perEnv.get(env)
  if (known !== undefined) return known
  const locations = countedLocations(env)
  perEnv.set(env, locations)
  return locations
}

const OPEN_STATES: ReadonlySet<string> = new Set([
  ...["waiting", "confirmed", "partially_available", "assigned"],
])

/** Stock of a variant: computed from quants and open moves at each read, never stored. */
export function stockLevel(env: Env, productId: number): StockLevel {
  const kit = kitLevel(env, productId, (component) => stockLevel(env, component))
  return kit ?? ownLevel(env, productId)
}

function ownLevel(env: Env, productId: number): StockLevel {
  const locations = locationsOf(env)
  const quants = env.table("stock.quant")
  let onHand = 0
  let reserved = 0
  for (const id of quants.find("product_id", productId)) {
    const quant = quants.get(id)
    if (quant === undefined || !locations.has(idOf(quant["location_id"]))) continue
    onHand += numberOf(quant["quantity"])
    reserved += numberOf(quant["reserved_quantity"])
  }
  const moves = env.table("stock.move.line")
  let incoming = 0
  let outgoing = 0
  for (const id of moves.find("product_id", productId)) {
    const move = moves.get(id)
    if (move === undefined || !OPEN_STATES.has(textOf(move["state"]) || "")) continue
    const from = locations.has(idOf(move["location_id"]))
    const to = locations.has(idOf(move["location_dest_id"]))
    if (from && !to) outgoing += numberOf(move["quantity"])
    if (to && !from) incoming += numberOf(move["quantity"])
  }
  return {
    onHand: roundDigits(onHand, 2),
    free: roundDigits(onHand - reserved, 2),
    incoming: roundDigits(incoming, 2),
    outgoing: roundDigits(outgoing, 2),
  }
}

/** Sums a figure over the active variants of a template. */
export function templateLevel(env: Env, template: Row, figure: (level: StockLevel) => number) {
  const variants = env.table("product.product")
  let total = 0
  for (const id of variants.find("product_tmpl_id", template.id)) {
    if (variants.get(id)?.["active"] === true) total += figure(stockLevel(env, id))
  }
  return roundDigits(total, 2)
}
