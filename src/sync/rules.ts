import { AttributeMapping } from "./attributes"
import { ConnectionId, MedusaId } from "./ids"
import { Normaliser } from "./normalise"
import { LanguageMapping } from "./translations"
import { FieldName, Owner } from "./values"

/** How an ERP figure becomes stock in Medusa. */
export type StockBasis = "available" | "on_hand"

/** What web demand the ERP is known to count; the README explains each. */
export type CountedOrders = "acknowledged" | "fulfilled" | "placed" | "never"

export interface PriceMapping {
  /** Price list of the ERP; `list` is the plain sales price. */
  erp: string
  currency: string
  rounding: "half-up" | "half-even" | "down" | "up"
  /** Digits after the point in Medusa. */
  digits: number
}

/** A price list of the ERP that becomes one of the store's. */
export interface PriceListMapping extends PriceMapping {
  price_list_id: MedusaId
}

export interface StockMapping {
  /** Code or name of the ERP's warehouse; several may be summed into one location. */
  erp: string
  location_id: MedusaId
  basis: StockBasis
}

/** What may be written back, and how the ERP takes it. */
export interface PushRules {
  /** Why edits wait: write-back is off, or what it would send first has not been looked at. */
  held: "push_off" | "push_not_approved" | null
  /** Families of fields that the ERP takes, per entity. */
  fields: { readonly [E in "category" | "product" | "variant"]: ReadonlySet<FieldName> }
  /** New products of the store are created in the ERP. */
  create: boolean
  /** With `create`: new variants of products that the ERP has are created there too. */
  create_variants?: boolean
  /** Edits of stock go to the ERP as inventory counts. */
  stock: boolean
  /** A product stands in one category at most there. */
  single_category: boolean
}

/**
 * The rules of a connection, resolved: names became ids, defaults are filled in. Everything the
 * planner needs to know besides the records themselves.
 */
export interface Rules {
  connection_id: ConnectionId
  /** Hash of all that changes what a base means: mappings, normalisers, units. Owners are not part of it. */
  fingerprint: string
  /**
   * The mappings that were agreed to: what changed since is compared, and written once a person has
   * approved it. Absent: these ones.
   */
  approved_fingerprint?: string
  owners: { readonly [field: FieldName]: Owner }
  /** What happens to an edit in Medusa of a field that the ERP owns. */
  foreign_edits: "enforce" | "report"
  conflicts: "erp" | "medusa" | "manual"
  first_link: "erp" | "medusa" | "manual"
  match: "sku" | "barcode" | "none"
  push: PushRules
  /** What the ERP does to values it is given, by `<entity>.<family of fields>`. */
  normalises: { readonly [field: string]: Normaliser }
  /** What happens to the ERP's record of a product that the merchant deleted. */
  deleted: "ignore" | "recreate" | "archive_erp"
  /** What happens in Medusa to a record that the ERP archived or deleted. */
  gone: "draft" | "unlink" | "ignore"
  create: {
    status: "draft" | "proposed" | "published"
    /** Create records that are archived in the ERP when they are first seen. */
    archived: boolean
    sales_channel_ids: MedusaId[]
    shipping_profile_id: MedusaId | null
  }
  /** Characteristics and custom fields that are synced, each under a name of its own. */
  attributes?: readonly AttributeMapping[]
  /** Further languages of the store that are synced; absent: its default one alone. */
  languages?: readonly LanguageMapping[]
  /** Unit of Medusa's weights. */
  weight_unit: "g" | "kg" | "lb" | "oz"
  prices: PriceMapping[]
  /** Absent: none is mapped. */
  price_lists?: readonly PriceListMapping[]
  stock: StockMapping[]
  orders: { counted: CountedOrders; settle_after_ms: number; lag_ms: number }
  /** How images are taken; absent: they are not. */
  images?: { max_bytes: number }
}
