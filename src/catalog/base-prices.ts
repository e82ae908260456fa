import { MedusaId } from "../sync/ids"
import { MedusaBasePrice } from "../sync/snapshot"
import { Database, query, queryByIds } from "./database"

export interface BasePriceRow extends MedusaBasePrice {
  price_set_id: MedusaId
}

/**
 * Base prices of price sets: of no price list, without rules, for any quantity; the lowest first, the
 * one the store uses where a set holds several of a currency. The exact amount stands in the raw twin:
 * Medusa writes the numeric column from a float.
 */
export const readBasePrices = (
  db: Database,
  setIds: readonly MedusaId[],
  locking: "" | "for no key update skip locked" = "",
): Promise<BasePriceRow[]> =>
  queryByIds(setIds, (chunk) =>
    query<BasePriceRow>(
      db,
      `select id, price_set_id, currency_code as currency,
              coalesce(raw_amount->>'value', amount::text) as amount
         from price
        where price_set_id = any(?) and deleted_at is null and price_list_id is null
          and coalesce(rules_count, 0) = 0 and min_quantity is null and max_quantity is null
        order by price.amount, id ${locking}`,
      [chunk],
    ),
  )

/** The live price set of each variant. */
export const readPriceSets = (
  db: Database,
  variantIds: readonly MedusaId[],
): Promise<{ variant_id: MedusaId; id: MedusaId }[]> =>
  queryByIds(variantIds, (chunk) =>
    query(
      db,
      `select distinct on (link.variant_id) link.variant_id, price_set.id
         from product_variant_price_set link
         join price_set on price_set.id = link.price_set_id and price_set.deleted_at is null
        where link.variant_id = any(?) and link.deleted_at is null
        order by link.variant_id, link.created_at, price_set.id`,
      [chunk],
    ),
  )
