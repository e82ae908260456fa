import { SyncError } from "../../../sync/errors"
import type { RequestOptions } from "../../contract"
import type { OdooSession } from "../session"
import type { PriceBook, PricedProduct } from "./book"
import { bookFor, openFrame, PriceFrame } from "./frame"
import { ListPrices, listPricesOf } from "./list-prices"
import { openOutline } from "./outline"
import { PriceWatch, readKeys, watchOf } from "./watch"

/** Prices in the mapped lists, page by page. */
export interface Pricing {
  /** What else than stamps of products tells of other prices. @throws SyncError */
  watch(options: RequestOptions): Promise<PriceWatch>
  /** Reads the rules of these products; before `of` is asked about them. @throws SyncError */
  prepare(
    products: { templates: readonly number[]; variants: readonly number[] },
    options: RequestOptions,
  ): Promise<void>
  of(product: PricedProduct, tax_included: boolean | null): ListPrices
}

/** Null where no list is mapped. @throws SyncError `config` when a mapped list is not there */
export const openPricing = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<Pricing | null> => {
  if (session.priceLists.length === 0) return null
  const outline = await openOutline(session, options)
  let frame: PriceFrame | null = null
  let book: PriceBook | null = null
  return {
    async watch(asking) {
      const keys = await readKeys(session, outline, asking)
      frame = await openFrame(session, outline, asking)
      return watchOf(keys, frame)
    },
    async prepare(products, asking) {
      frame ??= await openFrame(session, outline, asking)
      book = await bookFor(session, frame, products, asking)
    },
    of: (product, tax_included) =>
      book ? listPricesOf(book, outline.mapped, product, tax_included) : NOTHING,
  }
}

const NOTHING: ListPrices = { prices: [], valid_until: null, left_out: [] }

/** The same for what goes on without prices while the lists are not configured rightly. */
export const openPricingIfSound = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<Pricing | null | "unsound"> => {
  try {
    return await openPricing(session, options)
  } catch (error) {
    if (error instanceof SyncError && error.kind === "config" && error.scope !== "connection") {
      return "unsound"
    }
    throw error
  }
}
