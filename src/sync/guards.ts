import Big from "big.js"
import { priceOfOne } from "./price-tiers"
import { FieldName, FieldValue, Side } from "./values"

/** How far a day's destructive changes may go before a person is asked; each a share from 0 to 1. */
export interface Guards {
  /** Of the linked products or categories: archived or deleted. */
  gone_share: number
  /** Of the price rows: moved by more than half. */
  price_share: number
  /** Of the stock levels: set to zero because the ERP did not answer for them. */
  absent_share: number
}

export const DEFAULT_GUARDS: Guards = { gone_share: 0.05, price_share: 0.3, absent_share: 0.2 }

/** What is counted and held back on its own. */
export const GUARDED = ["gone", "prices", "absent_stock"] as const
export type Guarded = (typeof GUARDED)[number]

/** A catalog of fewer records than this is treated as one of this size. */
const SMALLEST = 50

/** The number of destructive changes allowed in a rolling day. */
export const massChangeLimit = (linked: number, share: number): number =>
  Math.max(SMALLEST * share, linked * share)

/** True when a batch would cross the limit; the batch then waits whole. */
export const tripsMassChange = (input: {
  today: number
  batch: number
  linked: number
  share: number
}): boolean => input.today + input.batch > massChangeLimit(input.linked, input.share)

/** Whether a price moves by more than half of what it was; one that is new or goes is no move. */
export const movesMuch = (from: FieldValue, to: FieldValue): boolean =>
  typeof from === "string" &&
  typeof to === "string" &&
  new Big(to).minus(from).abs().gt(new Big(from).abs().div(2))

/** The same of a price list's tiers, by the price of one piece. */
export const tiersMoveMuch = (from: FieldValue, to: FieldValue): boolean =>
  movesMuch(priceOfOne(from), priceOfOne(to))

/** One change that waits for a person. An approval covers exactly this: another `from` or `to` waits again. */
export interface HeldChange {
  side: Side
  field: FieldName
  from: FieldValue
  to: FieldValue
}

const PLACES: Readonly<Record<Side, string>> = { erp: "ERP", medusa: "store" }

/** A held change as its parked record shows it: `20 → 5 in the store`. The ledger reads it back. */
export const heldText = ({ side, from, to }: Omit<HeldChange, "field">): string =>
  `${from} → ${to} in the ${PLACES[side]}`

/**
 * Whether re-read records look like those of a restored copy: at least three, and at least one in a
 * hundred, are older than what was stored.
 */
export const looksRestored = (input: { reread: number; older: number }): boolean =>
  input.older >= 3 && input.older >= input.reread * 0.01
