import type { Backend } from "../backend"
import type { Accounts } from "../accounts"
import type { Env } from "../orm/env"
import { SECOND } from "../orm/moments"
import { createBaseData, type BaseData } from "./base-data"
import { createPlainProducts } from "./plain"
import { createVariedProducts } from "./varied"
import type { CatalogOptions } from "./workshop"

/** 3 March 2025, 08:00 UTC: the catalog is always older than any edit. */
const BEGINNING = Date.UTC(2025, 2, 3, 8) * 1000

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
