import { MedusaId } from "./ids"
import { MedusaTranslations } from "./translations"
import { Values } from "./values"

/** Medusa's side as the planner sees it: plain values, decimals as text, soft-deleted rows flagged. */

export interface MedusaCategory {
  id: MedusaId
  deleted: boolean
  name: string
  is_active: boolean
  parent_id: MedusaId | null
}

export interface MedusaOption {
  id: MedusaId
  title: string
  /** False for an option of the merchant's that several products share: reused, never renamed. */
  is_exclusive: boolean
  values: { id: MedusaId; value: string }[]
}

export interface MedusaBasePrice {
  id: MedusaId
  currency: string
  amount: string
}

/** What a variant has in one price list and currency, prices with rules of their own left out. */
export interface MedusaListPrice {
  price_list_id: MedusaId
  currency: string
  /** As `tiersText` writes them. */
  tiers: string
}

/** Columns that say more of a record (`material`), and its metadata (`metadata:fabric`); numbers as text. */
export type MedusaAttributes = Values

export interface MedusaVariant {
  id: MedusaId
  product_id: MedusaId
  deleted: boolean
  title: string
  sku: string | null
  barcode: string | null
  /** Decimal text in the store's own unit. */
  weight: string | null
  attributes?: MedusaAttributes
  manage_inventory: boolean
  allow_backorder: boolean
  option_value_ids: MedusaId[]
  inventory_items: MedusaInventoryItem[]
  price_set_id: MedusaId | null
  /** Base prices alone: no price list, no rules, no quantities. */
  prices: MedusaBasePrice[]
  /** Its prices in the lists that are mapped; absent: none is. */
  list_prices?: MedusaListPrice[]
}

export interface MedusaInventoryItem {
  id: MedusaId
  sku: string | null
  required_quantity: number
  /** True when another variant uses the same item. */
  shared: boolean
}

export type ProductStatus = "draft" | "proposed" | "published" | "rejected"

export interface MedusaProduct {
  id: MedusaId
  deleted: boolean
  title: string
  description: string | null
  status: ProductStatus
  category_ids: MedusaId[]
  /** Values of its tags. */
  tags?: string[]
  attributes?: MedusaAttributes
  translations?: MedusaTranslations
  options: MedusaOption[]
  variants: MedusaVariant[]
}
