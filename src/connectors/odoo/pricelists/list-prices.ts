import type { ErpPrice } from "../../../sync/canonical"
import { priceSchema } from "../../../sync/canonical"
import { earliest, Stamp } from "../windows"
import type { PriceBook, PricedProduct } from "./book"
import { isMismatched, MappedList } from "./names"
import type { Unsupported } from "./price-of"
import { tiersOf } from "./tiers"

/** The prices of one variant in all mapped lists. */
export interface ListPrices {
  prices: ErpPrice[]
  valid_until: Stamp | null
  /** Lists without a price, and why; the others stand. */
  left_out: LeftOut[]
}

interface LeftOut {
  list: string
  /** What of its prices is wrong. */
  field: "amount" | "currency"
  value: unknown
  reason: string
  remedy: string
}

export const listPricesOf = (
  book: PriceBook,
  mapped: readonly MappedList[],
  product: PricedProduct,
  tax_included: boolean | null,
): ListPrices => {
  const all: ListPrices = { prices: [], valid_until: null, left_out: [] }
  for (const entry of mapped) {
    const { name, id } = entry
    const list = book.pricelists.get(id)
    if (list && isMismatched(entry, list.currency)) {
      all.left_out.push(otherCurrency(entry, list.currency))
      continue
    }
    const { tiers, unsupported, valid_until } = tiersOf(book, product, id)
    all.valid_until = earliest(all.valid_until, valid_until)
    const prices = tiers.map(({ amount, min_quantity }) => ({
      list: name,
      currency: list?.currency,
      amount,
      tax_included,
      ...(min_quantity !== null && { min_quantity }),
    }))
    const parsed = priceSchema.array().safeParse(prices)
    const issue = parsed.error?.issues[0]
    if (unsupported) all.left_out.push(uncomputed(unsupported, name))
    else if (parsed.success) all.prices.push(...parsed.data)
    else {
      const at = prices[Number(issue?.path[0])]
      all.left_out.push({
        list: name,
        field: "amount",
        value: at?.amount,
        reason: issue?.message ?? "",
        remedy: NEGATIVE,
      })
    }
  }
  return all
}

const NEGATIVE = "Correct the rule of the price list in Odoo that makes this price."

const uncomputed = ({ rule, reason }: Unsupported, list: string): LeftOut => ({
  list,
  field: "amount",
  value: "",
  reason:
    rule === null
      ? `cannot be computed: ${reason}`
      : `cannot be computed by rule ${rule} of Odoo's price lists: ${reason}`,
  remedy: `Change ${rule === null ? `price list "${list}"` : `rule ${rule}`} in Odoo, or leave "${list}" out of "prices".`,
})

const otherCurrency = ({ name, currencies = [] }: MappedList, currency: string): LeftOut => ({
  list: name,
  field: "currency",
  value: currency,
  reason: `is not the one that the price list is mapped to, ${currencyCodes(currencies)}`,
  remedy: mismatchRemedy(name, currency, currencies),
})

export const currencyCodes = (currencies: readonly string[]): string =>
  currencies.map((code) => code.toUpperCase()).join(", ")

/** What to do about a list that is mapped to another currency than it has. */
export const mismatchRemedy = (
  name: string,
  currency: string,
  currencies: readonly string[],
): string =>
  `Map "${name}" to ${currency.toUpperCase()} under "prices", or map a price list that Odoo keeps in ${currencyCodes(currencies)}.`

/** A stamp of Odoo's as the canonical model writes moments. */
export const momentOf = (stamp: Stamp): string => `${stamp.replace(" ", "T")}Z`
