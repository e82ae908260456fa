import { MedusaId } from "./ids"

/** An open reservation in Medusa, per order line, inventory item and location, in inventory units. */
export interface OpenReservation {
  line_item_id: string | null
  inventory_item_id: MedusaId
  location_id: MedusaId
  quantity: string
  /** (ordered - fulfilled) x required quantity of that line, where there is a line. */
  outstanding: string | null
  created_at: string
}

/** A fulfilled, not cancelled, quantity of an order line at a location, in inventory units. */
export interface Fulfilled {
  line_item_id: string
  fulfillment_id: string
  inventory_item_id: MedusaId
  location_id: MedusaId
  quantity: string
  fulfilled_at: string
  /** When the line's order was placed; null when there is no order behind it. */
  ordered_at: string | null
}

/** What the ERP is known to count of a web order: an acknowledgement, never a guess. */
export interface KnownDemand {
  line_item_id: string
  inventory_item_id: MedusaId
  location_id: MedusaId
  kind: "reserved" | "issued"
  /** In inventory units; null means the whole line. */
  quantity: string | null
  known_at: string
}

/** A stock level as locked for the write; `id` null: the item is not stocked at that location yet. */
export interface LockedLevel {
  id: MedusaId | null
  inventory_item_id: MedusaId
  location_id: MedusaId
  stocked: string
  reserved: string
}
