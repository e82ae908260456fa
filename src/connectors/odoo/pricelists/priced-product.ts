import { idIn, Row } from "../rows"
import type { PricedProduct } from "./book"
import { exactOf } from "./exact"
import { currencyName } from "./outline"

/**
 * What of a variant's row its list prices are made of; null where its sales price is no number.
 *
 * @param product the variant's own row, or its template's
 * @throws Refusal when a related record is no id
 */
export const pricedProduct = (
  variant: Row,
  product: Row,
  currency: string,
  company: { currency: string },
): PricedProduct | null => {
  const list_price = exactOf(variant["lst_price"])
  const cost = exactOf(variant["standard_price"])
  const template = variant === product ? idIn(product["product_tmpl_id"], "product_id") : product.id
  if (list_price === null) return null
  const costCurrency = variant["cost_currency_id"]
  return {
    variant: variant.id,
    template: template ?? 0,
    category: idIn(product["categ_id"], "category_ids"),
    list_price: { amount: list_price, currency },
    cost: cost && {
      amount: cost,
      currency: costCurrency ? currencyName(costCurrency) : company.currency,
    },
  }
}
