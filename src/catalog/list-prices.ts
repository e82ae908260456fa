import { groupBy, Database, query, queryByIds } from "./database"
import { MedusaId } from "../sync/ids"
import { tiersText } from "../sync/price-tiers"
import { MedusaListPrice } from "../sync/snapshot"

/** A price of a list that has no rules of its own; the exact amounts stand in the raw twins. */
export interface ListPriceRow {
  id: MedusaId
  price_set_id: MedusaId
  price_list_id: MedusaId
  currency: string
  amount: string
  min_quantity: string | null
  max_quantity: string | null
}

/** Prices of price sets in these lists; the lowest first, the one the store uses of two alike. */
export const readListPrices = async (
  db: Database,
  setIds: readonly MedusaId[],
  listIds: readonly MedusaId[],
  locking: "" | "for no key update skip locked" = "",
): Promise<ListPriceRow[]> =>
  listIds.length === 0
    ? []
    : queryByIds(setIds, (chunk) =>
        query<ListPriceRow>(
          db,
          `select id, price_set_id, price_list_id, currency_code as currency,
                  coalesce(raw_amount->>'value', amount::text) as amount,
                  coalesce(raw_min_quantity->>'value', min_quantity::text) as min_quantity,
                  coalesce(raw_max_quantity->>'value', max_quantity::text) as max_quantity
             from price
            where price_set_id = any(?) and price_list_id = any(?) and deleted_at is null
              and coalesce(rules_count, 0) = 0
            order by price.amount, id ${locking}`,
          [chunk, [...listIds]],
        ),
      )

/** The rows of one price set as its variant's tiers, one entry per list and currency. */
export const listPricesOf = (rows: readonly ListPriceRow[]): MedusaListPrice[] =>
  [...groupBy(rows, ({ price_list_id: id, currency }) => `${id}:${currency}`).values()].flatMap(
    (own) => {
      const [first] = own
      const tiers = tiersText(own)
      return first && tiers !== null
        ? [{ price_list_id: first.price_list_id, currency: first.currency, tiers }]
        : []
    },
  )
