import { ErpPrice } from "./canonical"
import { FieldReading } from "./plan-fields"
import { priceListField, tiersText } from "./price-tiers"
import { PriceMapping, Rules } from "./rules"
import { MedusaVariant } from "./snapshot"
import { FieldName, Link } from "./values"

/** The price that a base price of the store comes from: from the first piece on, without a tier. */
export const isOf =
  ({ erp: list, currency }: Pick<PriceMapping, "erp" | "currency">) =>
  (price: ErpPrice): boolean =>
    price.list === list && price.currency === currency && (price.min_quantity ?? null) === null

/** Mapped prices of a variant; a mapping without a price in the ERP reads as null. */
export const priceReadings = (
  rules: Rules,
  prices: ErpPrice[],
  medusa: MedusaVariant,
  link: Link,
): FieldReading[] =>
  rules.prices.flatMap((mapping) => {
    const erp = prices.find(isOf(mapping))
    const field: FieldName = `price:${mapping.currency}`
    const held = medusa.prices.find((price) => price.currency === mapping.currency)
    const known = erp !== undefined || link.base_erp[field] !== undefined
    return known
      ? [{ field, erp: erp?.amount ?? null, medusa: held?.amount ?? null, owner_key: field }]
      : []
  })

/** Tiers of a variant in the mapped price lists. Of a list that is unknown now nothing is said. */
export const listReadings = (
  rules: Rules,
  prices: ErpPrice[],
  unknown: readonly string[] | undefined,
  medusa: MedusaVariant,
  link: Link,
): FieldReading[] =>
  (rules.price_lists ?? []).flatMap((mapping) => {
    const field = priceListField(mapping)
    const { erp, currency, price_list_id } = mapping
    const tiers = prices
      .filter((price) => price.list === erp && price.currency === currency)
      .map(({ min_quantity = null, amount }) => ({ min_quantity, amount }))
    const held = medusa.list_prices?.find(
      (list) => list.price_list_id === price_list_id && list.currency === currency,
    )
    const known = tiers.length > 0 || link.base_erp[field] !== undefined
    return known && !unknown?.includes(erp)
      ? [{ field, erp: tiersText(tiers), medusa: held?.tiers ?? null, owner_key: field }]
      : []
  })
