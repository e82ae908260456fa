import type { Backend } from "../backend"
import type { Accounts } from "../accounts"
import { moveStock } from "../models/stock-moves"
import type { Env } from "../orm/env"
import { SECOND } from "../orm/moments"
import { createBaseData, type BaseData } from "./base-data"
import { createPlainProducts } from "./plain"
import { createVariedProducts } from "./varied"

export interface CatalogOptions {
  /** Number of products (templates). */
  readonly products: number
  /** A plain, regular catalog with exactly this many variants each, for benchmarks. */
  readonly variantsPerProduct?: number
  readonly seed: number
  /** Whether records that break the rules are among them; see `odd.ts`. */
  readonly odd: boolean
}

/** Where a generator works: it asks for a new environment for each batch of one moment. */
export interface Workshop {
  readonly base: BaseData
  /** An environment whose writes carry a later stamp than the one before. */
  readonly nextBatch: () => Env
}

/** 3 March 2025, 08:00 UTC: the catalog is always older than any edit. */
const BEGINNING = Date.UTC(2025, 2, 3, 8) * 1000

/** Bulk imports share one stamp, so a batch of products does too. */
export const BATCH = 50

/** Fills a database. The same options make the same catalog. */
export function createCatalog(
  backend: Backend,
  accounts: Accounts,
  options: CatalogOptions,
): BaseData {
  let now = BEGINNING
  const nextBatch = (): Env => {
    now += 97 * SECOND + 123_457
    return backend.bulk(accounts.bot, now)
  }
  const base = createBaseData(nextBatch(), accounts)
  if (options.products > 0) {
    const workshop = { base, nextBatch }
    if (options.variantsPerProduct === undefined) createVariedProducts(workshop, options)
    else createPlainProducts(workshop, options.products, options.variantsPerProduct, options.seed)
  }
  return base
}

/** First stock of a variant, with the move that brought it. */
export function bringStock(env: Env, productId: number, location: number, quantity: number): void {
  const locations = env.table("stock.location")
  const loss = locations.ids.find((id) => locations.get(id)?.["usage"] === "inventory") ?? 0
  const reference = "Product Quantity Updated"
  if (quantity >= 0) moveStock(env, { productId, from: loss, to: location, quantity, reference })
  else moveStock(env, { productId, from: location, to: loss, quantity: -quantity, reference })
}

/** A valid EAN-13 for a number. */
export function barcodeOf(number: number): string {
  const digits = `29${String(number).padStart(10, "0")}`
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 3 : 1), 0)
  return digits + String((10 - (sum % 10)) % 10)
}
