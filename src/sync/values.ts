import { ErpId, MedusaId } from "./ids"
import { Entity, Stream } from "./canonical"

/**
 * A field's value as it is compared, stored in a base and journaled: text, boolean, null for absent.
 * Numbers are decimal strings. A set (categories) is one boolean field per element, so that every
 * rule of the table holds per element: `category:42` is true or null.
 */
export type FieldValue = string | boolean | null

/**
 * Name of a synced field. Fixed names, and families with a key after the colon: `price:eur`,
 * `price_list:<price list id>:eur`, `category:<erp id>`, `tag:<name>`, `stock:<stock location id>`.
 */
export type FieldName = string

export type Values = { readonly [field: FieldName]: FieldValue }

/** Who decides about a field when the sides differ. */
export const OWNERS = ["erp", "medusa", "both"] as const
export type Owner = (typeof OWNERS)[number]

export type Side = "erp" | "medusa"

/** A write that was announced before it was sent: evidence of what a later read may show. */
export interface Intent {
  /** The side whose value is carried over. */
  source: Side
  /** What the source held when this was planned. */
  source_value: FieldValue
  /** What the written side is to hold. */
  target_value: FieldValue
  /** What the written side held when this was planned. */
  replaced_value: FieldValue
  /** The exact version that the written side returned, where it has one. */
  target_version: string | null
  /** Database time, ISO. */
  at: string
  /** Until then a request that was sent may still take effect, database time, ISO; null: it is over at once. */
  until: string | null
}

/** What our last write to a side replaced there: for stale returns, and for values that go to and fro. */
export interface Replaced {
  value: FieldValue
  /** What was written instead. */
  to: FieldValue
  side: Side
  at: string
  /** How often in a row the same two values have been written, and since when. */
  turns: number
  since: string
}

/** Why a field differs on both sides and is left so; `reason` says more. */
export const DIFFERENCE_KINDS = ["drift", "pending", "conflict"] as const
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number]

/** A field on which both sides differ, and which is left so: reported, counted, never forgotten. */
export interface Difference {
  link_id: string
  field: FieldName
  kind: DifferenceKind
  /** `push_off`, `owner_medusa`, `both_changed`, `oscillation` … */
  reason: string
  /** What to know and do about it, where the reason does not say it all. */
  message: string | null
  erp: FieldValue
  medusa: FieldValue
}

/**
 * `creating`: the Medusa id is chosen, the record may not exist yet. `linked`: alive on both sides.
 * `gone`: vanished or archived in the ERP, kept so that it can come back. `tombstone`: do not link or
 * create again.
 */
export type LinkState = "creating" | "linked" | "gone" | "tombstone"

/** What ties one ERP record to one native Medusa record. */
export interface Link {
  id: string
  entity: Entity
  erp_id: ErpId
  /** The product's ERP id for variants, options and option values; null otherwise. */
  parent_erp_id: ErpId | null
  medusa_id: MedusaId
  state: LinkState
  /** What the ERP held when both sides last agreed, per field. */
  base_erp: Values
  /** What Medusa held when both sides last agreed, per field. */
  base_medusa: Values
  /** Fingerprint of the rules under which the bases were made. */
  fingerprint: string
  /** Content hash of the record as last reconciled, per stream. */
  content_hash: { readonly [S in Stream]?: string }
  /** The ERP's version as last reconciled, per stream. */
  version: { readonly [S in Stream]?: string }
  intents: { readonly [field: FieldName]: Intent }
  replaced: { readonly [field: FieldName]: Replaced }
  /** Owners that a person set for this record's fields: they win over the options. */
  owners: { readonly [field: FieldName]: Owner }
  /** Whose value a person chose for a frozen field; applied by the next look, and taken back with it. */
  resolutions: { readonly [field: FieldName]: Side }
  /** What has to come back when a record returns: product status, backorder flag. */
  kept: { readonly [name: string]: FieldValue }
  /** Identity of a variant across renumbering: its dictionary value ids, sorted, joined by a comma. */
  match_key: string | null
  /** Moves with every change of the catalog and price fields; a plan made on another one is void. */
  seq: number
  /** The same for what has a lane of its own: a variant's stock, a product's images. */
  stock_seq: number
  /** Database time at which the reading of the stock figures began, ISO. */
  stock_read_at: string | null
}
