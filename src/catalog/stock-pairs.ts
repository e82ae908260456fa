import { MedusaId } from "../sync/ids"

/** An inventory item at a stock location. */
export interface StockPair {
  inventory_item_id: MedusaId
  location_id: MedusaId
}

/** Pairs as a table in SQL, for the bindings of `pairColumns`. */
export const PAIRS = "unnest(?::text[], ?::text[]) as pair(inventory_item_id, location_id)"

export const pairColumns = (pairs: readonly StockPair[]): [string[], string[]] => [
  pairs.map((pair) => pair.inventory_item_id),
  pairs.map((pair) => pair.location_id),
]

export const pairKey = (pair: StockPair): string => `${pair.inventory_item_id}:${pair.location_id}`
