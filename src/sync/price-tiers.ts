import Big from "big.js"
import { canonicalDecimal, roundDecimal, Rounding } from "./decimal"
import { FieldName, FieldValue } from "./values"

/** One price of a list: from a quantity on, up to the next tier. Decimal strings. */
export interface PriceTier {
  /** Null: from the first piece on. */
  min_quantity: string | null
  /** Where it ends before the next tier begins; null: it does not. */
  max_quantity?: string | null
  amount: string
}

/**
 * The field that holds a variant's tiers in one price list of the store, in one currency. Its value is
 * one text, the tiers by their quantity: `9.9; 10: 8.5; 50: 7`.
 */
export const priceListField = (list: {
  price_list_id: string
  currency: string
}): `price_list:${string}` => `price_list:${list.price_list_id}:${list.currency}`

/** Price list and currency of such a field. */
export const listOfField = (field: FieldName): { price_list_id: string; currency: string } => {
  const key = field.slice("price_list:".length)
  const at = key.lastIndexOf(":")
  return { price_list_id: key.slice(0, at), currency: key.slice(at + 1) }
}

const from = ({ min_quantity: min }: PriceTier): Big => new Big(min ?? 0)

const sorted = (tiers: readonly PriceTier[]): PriceTier[] =>
  tiers.toSorted((a, b) => from(a).cmp(from(b)) || new Big(a.amount).cmp(b.amount))

/** The last whole quantity before another tier begins. */
const before = (next: PriceTier): string => from(next).round(0, Big.roundUp).minus(1).toFixed()

/** A tier that ends where the next one begins, or has none behind it, need not say so. */
const ownEnd = ({ max_quantity: max }: PriceTier, next: PriceTier | undefined): string | null =>
  max === null || max === undefined || (next && new Big(max).eq(before(next))) ? null : max

const tierText = (tier: PriceTier, next: PriceTier | undefined): string => {
  const end = ownEnd(tier, next)
  const start = tier.min_quantity === null ? "" : canonicalDecimal(tier.min_quantity)
  const range = `${start}${end === null ? "" : `-${canonicalDecimal(end)}`}`
  return `${range === "" ? "" : `${range}: `}${canonicalDecimal(tier.amount)}`
}

/** Tiers as a field's value; none are null. Of two that begin at the same quantity the lower one counts. */
export const tiersText = (tiers: readonly PriceTier[]): string | null => {
  const list = sorted(tiers).filter(
    (tier, index, all) => index === 0 || !from(tier).eq(from(all[index - 1] ?? tier)),
  )
  return list.length === 0
    ? null
    : list.map((tier, index) => tierText(tier, list[index + 1])).join("; ")
}

const TIER = /^(?:(\d+(?:\.\d+)?)?(?:-(\d+(?:\.\d+)?))?: )?(-?\d+(?:\.\d+)?)$/

/** The tiers of a field's value, by their quantity; none of anything that `tiersText` does not write. */
export const tiersIn = (value: FieldValue | undefined): PriceTier[] => {
  const parts = typeof value === "string" ? value.split("; ") : []
  const tiers = parts.flatMap((part): PriceTier[] => {
    const [, min = null, max = null, amount] = TIER.exec(part) ?? []
    return amount === undefined ? [] : [{ min_quantity: min, max_quantity: max, amount }]
  })
  return tiers.length === parts.length ? tiers : []
}

export const equalTiers = (a: FieldValue, b: FieldValue): boolean =>
  a === b || (typeof a === "string" && typeof b === "string" && same(tiersIn(a), tiersIn(b)))

const same = (a: readonly PriceTier[], b: readonly PriceTier[]): boolean =>
  a.length > 0 && tiersText(a) === tiersText(b)

/** Tiers with rounded amounts; one that comes to the same amount as the tier before it is none. */
const rounded = (tiers: readonly PriceTier[], round: (amount: string) => string): PriceTier[] =>
  tiers
    .map((tier) => ({ ...tier, amount: round(tier.amount) }))
    .filter(({ amount }, index, all) => amount !== all[index - 1]?.amount)

/** Medusa sells whole pieces: a tier begins at the next whole quantity, one at 1 or less with the first. */
const wholePieces = (tiers: readonly PriceTier[]): PriceTier[] => {
  const whole = new Map(
    tiers.map(({ min_quantity: min, amount }) => {
      const start = min === null ? "1" : new Big(min).round(0, Big.roundUp).toFixed()
      return [new Big(start).lte(1) ? null : start, amount]
    }),
  )
  return [...whole].map(([min_quantity, amount]) => ({ min_quantity, amount }))
}

/** What Medusa will hold when given these tiers of the ERP's. */
export const tiersInStore = (value: FieldValue, digits: number, rounding: Rounding): FieldValue =>
  tiersText(
    rounded(wholePieces(tiersIn(value)), (amount) => roundDecimal(amount, digits, rounding)),
  )

/** What the ERP will hold when given these tiers of Medusa's. @param digits null: all of them */
export const tiersInErp = (value: FieldValue, digits: number | null): FieldValue =>
  tiersText(
    rounded(
      tiersIn(value).map(({ min_quantity, amount }) => ({ min_quantity, amount })),
      (amount) => (digits === null ? amount : roundDecimal(amount, digits, "half-up")),
    ),
  )

/** The tiers as rows of the store, which knows a tier's end only where a row says it. */
export const tierRows = (value: FieldValue): Required<PriceTier>[] => {
  const tiers = tiersIn(value)
  return tiers.map((tier, index) => {
    const next = tiers[index + 1]
    return { ...tier, max_quantity: tier.max_quantity ?? (next ? before(next) : null) }
  })
}

/** The price of one piece of a price field, be it one amount or tiers; null where it says none. */
export const priceOfOne = (value: FieldValue): string | null =>
  tiersIn(value).find(({ min_quantity: min }) => min === null || new Big(min).lte(1))?.amount ??
  null
