import { priceSchema, StreamRecords } from "../../sync/canonical"
import { ErpPrice } from "../../sync/canonical"
import { erpId } from "../../sync/ids"
import { admit, DoorSubject, refuse } from "../door"
import { decimalOrRaw, Mapped, ProductFacts } from "./map-product"
import { ListPrices, momentOf } from "./pricelists/list-prices"
import { pricedProduct } from "./pricelists/priced-product"
import type { Pricing } from "./pricelists/pricing"
import { idIn, Row } from "./rows"

/** The sales price in the product's own currency, by the name of Odoo's plain price list. */
export const LIST = "list"

/**
 * A variant's row as its canonical prices. One of a price list that cannot be computed is left out
 * and reported beside the record.
 */
export const mapPrices = (
  row: Row,
  facts: ProductFacts,
  pricing: Pricing | null = null,
): Mapped<StreamRecords["prices"]> => {
  const subject: DoorSubject = {
    id: erpId(row.id),
    version: null,
    named: `the product variant with id ${row.id} in Odoo`,
  }
  let listed: ListPrices | null = null
  const { record, rejected } = admit("prices", subject, () => {
    listed = listPrices(row, row, facts, pricing)
    return {
      id: subject.id,
      product_id: erpId(String(idIn(row["product_tmpl_id"], "product_id"))),
      // No stamp covers a price: an attribute value's extra moves neither variant nor template.
      version: null,
      prices: [priceOf(row, row, facts), ...(listed?.prices ?? [])],
      ...validUntil(listed, "valid_until"),
      ...unknownLists(listed),
    }
  })
  return { record, rejected: rejected ?? leftOut(listed, subject, "prices")[0] ?? null }
}

/** Prices of a variant in the mapped lists; null where none is mapped. @throws Refusal */
export const listPrices = (
  variant: Row,
  product: Row,
  facts: ProductFacts,
  pricing: Pricing | null,
): ListPrices | null => {
  const priced = pricing && pricedProduct(variant, product, priceCurrencyOf(product, facts), facts)
  return priced ? pricing.of(priced, taxIncluded(product)) : null
}

/** The lists without a price as rejections of `<path>.<list>.amount`, or of its currency. */
export const leftOut = (listed: ListPrices | null, subject: DoorSubject, path: string) =>
  (listed?.left_out ?? []).map(({ list, field, value, reason, remedy }) => ({
    ...refuse(subject, `${path}.${list}.${field}`, value, reason),
    remedy,
  }))

export const validUntil = <K extends string>(listed: ListPrices | null, key: K) =>
  listed?.valid_until ? { [key]: momentOf(listed.valid_until) } : {}

export const unknownLists = (listed: ListPrices | null) =>
  listed && listed.left_out.length > 0 && { unknown_lists: listed.left_out.map(({ list }) => list) }

/** Prices of a variant inside its product, or why there are none. */
export const pricesOf = (
  variant: Row,
  template: Row,
  facts: ProductFacts,
): { prices: ErpPrice[] | null; refused: string | null } => {
  const parsed = priceSchema.safeParse(priceOf(variant, template, facts))
  return parsed.success
    ? { prices: [parsed.data], refused: null }
    : { prices: null, refused: parsed.error.issues[0]?.message ?? "is not valid" }
}

const priceOf = (variant: Row, product: Row, facts: ProductFacts) => ({
  list: LIST,
  currency: priceCurrencyOf(product, facts),
  amount: decimalOrRaw(variant["lst_price"], facts.variant.get("lst_price")?.digits ?? null),
  tax_included: taxIncluded(product),
})

const priceCurrencyOf = (product: Row, facts: ProductFacts): string =>
  currencyOf(product) ?? facts.currency

const currencyOf = (product: Row): string | null => {
  const name = (product["currency_id"] as Record<string, unknown> | undefined)?.["name"]
  return typeof name === "string" ? name.toLowerCase() : null
}

/** Whether the price holds its taxes; null without taxes, and where they contradict each other. */
const taxIncluded = (product: Row): boolean | null => {
  const taxes = product["taxes_id"]
  if (!Array.isArray(taxes) || taxes.length === 0) return null
  const flags = new Set(
    taxes.map((tax: unknown) => (tax as Row | null)?.["price_include"] === true),
  )
  return flags.size === 1 ? flags.has(true) : null
}
