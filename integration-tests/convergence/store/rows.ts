import { ErpId, MedusaId } from "../../../src/sync/ids"
import { Entity, Stream } from "../../../src/sync/canonical"
import { MedusaOption, ProductStatus } from "../../../src/sync/snapshot"
import { KnownDemand } from "../../../src/sync/stock-types"
import { Difference, Link } from "../../../src/sync/values"
import { Cursor } from "../../../src/connectors/contract"
import {
  ConnectionRow,
  JournalEntry,
  OutgoingEvent,
  ParkedRecord,
  Run,
} from "../../../src/engine/ports"

/** The tables of the store in memory. Rows are never changed in place: a write puts a new one. */
export interface Tables {
  connections: ConnectionRow
  links: LinkRow
  dirty: DirtyRow
  parked: ParkedRecord & { id: string; key: ErpId; looked_at: number }
  differences: DifferenceRow
  journal: JournalEntry & { id: string; at: number }
  events: { id: string; group_id: string; event: OutgoingEvent; tried_at: number }
  cursors: { value: Cursor }
  runs: Run & { owner: string | null; lease_until: number; order: number }
  swept: { run_id: string; entity: Entity; erp_id: ErpId }
  demand: KnownDemand

  categories: CategoryRow
  products: ProductRow
  variants: VariantRow
  items: { id: MedusaId; sku: string | null }
  levels: LevelRow
  lines: LineRow
  reservations: ReservationRow
  fulfilments: FulfilmentRow
}
export type TableName = keyof Tables

export interface LinkRow extends Link {
  connection_id: string
  agreed_at: number | null
}

export interface DifferenceRow extends Difference {
  id: string
  opened_at: number
}

export interface DirtyRow {
  stream: Stream
  erp_id: ErpId
  generation: number
  due_at: number
  reason: string
  claims: number
  losses: number
  owner: string | null
  lease_until: number
}

export interface CategoryRow {
  id: MedusaId
  deleted: boolean
  name: string
  is_active: boolean
  parent_id: MedusaId | null
}

export interface ProductRow {
  id: MedusaId
  deleted: boolean
  title: string
  handle: string
  description: string | null
  status: ProductStatus
  external_id: string | null
  category_ids: MedusaId[]
  options: MedusaOption[]
}

export interface VariantRow {
  id: MedusaId
  product_id: MedusaId
  deleted: boolean
  title: string
  sku: string | null
  barcode: string | null
  weight: string | null
  manage_inventory: boolean
  allow_backorder: boolean
  option_value_ids: MedusaId[]
  item_id: MedusaId | null
  /** The item is kept when stock keeping is turned off. */
  former_item_id: MedusaId | null
  prices: { id: MedusaId; currency: string; amount: string }[] | null
}

export interface LevelRow {
  id: MedusaId
  item_id: MedusaId
  location_id: MedusaId
  stocked: number
  reserved: number
}

export interface LineRow {
  id: string
  /** The ERP's id of the variant when the order was placed. */
  erp_variant: number
  item_id: MedusaId
  location_id: MedusaId
  ordered: number
  fulfilled: number
  cancelled: boolean
  placed_at: number
}

export interface ReservationRow {
  id: string
  line_id: string
  item_id: MedusaId
  location_id: MedusaId
  quantity: number
  created_at: number
}

export interface FulfilmentRow {
  id: string
  line_id: string
  item_id: MedusaId
  location_id: MedusaId
  quantity: number
  at: number
  cancelled: boolean
}
