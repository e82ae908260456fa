import { earliest, Stamp } from "../windows"
import type { PriceBook, PricedProduct } from "./book"
import { Exact, ONE, plainOf } from "./exact"
import { priceOf, Unsupported } from "./price-of"

/** One price of a list: from the first piece on, or from a quantity on. */
export interface Tier {
  amount: string
  /** Null: from the first piece on. */
  min_quantity: string | null
}

export interface TieredPrices {
  /** Empty where a price among them cannot be computed: the others alone would be wrong ones. */
  tiers: Tier[]
  unsupported: Unsupported | null
  valid_until: Stamp | null
}

/** The prices of a product in a list: those of one piece and of each quantity that has another. */
export const tiersOf = (
  book: PriceBook,
  product: PricedProduct,
  pricelist: number,
): TieredPrices => {
  const tiers: Tier[] = []
  let valid_until: Stamp | null = null
  for (let quantity: Exact | null = ONE; quantity !== null;) {
    const found = priceOf(book, product, pricelist, quantity)
    valid_until = earliest(valid_until, found.valid_until)
    if (found.price === null) return { tiers: [], unsupported: found.unsupported, valid_until }
    const amount = plainOf(found.price.amount)
    if (tiers.at(-1)?.amount !== amount) {
      tiers.push({ amount, min_quantity: tiers.length === 0 ? null : plainOf(quantity) })
    }
    quantity = found.next_quantity
  }
  return { tiers, unsupported: null, valid_until }
}
