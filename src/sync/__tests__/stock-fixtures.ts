import { medusaId } from "../ids"
import { CountedOrders, StockBasis } from "../rules"
import { DemandAt, stockTarget } from "../stock"
import { KnownDemand } from "../stock-types"
import { NOW } from "./fixtures"

export const at = { inventory_item_id: medusaId("iitem_1"), location_id: medusaId("sloc_1") }
export const SETTLE = 60 * 60_000
export const LAG = 10 * 60_000
export const ago = (ms: number): string => new Date(Date.parse(NOW) - ms).toISOString()

export const reserved = (quantity: number, line: string | null = "l1", created = ago(1000)) => ({
  ...at,
  line_item_id: line,
  quantity: String(quantity),
  outstanding: line === null ? null : String(quantity),
  created_at: created,
})

export const fulfilled = (quantity: number, line = "l1", when = ago(1000), ordered = when) => ({
  ...at,
  line_item_id: line,
  fulfillment_id: "f1",
  quantity: String(quantity),
  fulfilled_at: when,
  ordered_at: ordered,
})

export const known = (
  kind: "reserved" | "issued",
  quantity: number | null,
  when: string,
): KnownDemand => ({
  ...at,
  line_item_id: "l1",
  kind,
  quantity: quantity === null ? null : String(quantity),
  known_at: when,
})

export const demand = (changes: Partial<DemandAt> = {}): DemandAt => ({
  reservations: [],
  fulfilled: [],
  known: [],
  ...changes,
})

export const orders = (counted: CountedOrders) => ({
  counted,
  settle_after_ms: SETTLE,
  lag_ms: LAG,
})

export const target = (
  figure: number,
  basis: StockBasis,
  counted: CountedOrders,
  changes: Partial<DemandAt> = {},
): string => stockTarget(String(figure), basis, demand(changes), orders(counted), NOW).stocked
