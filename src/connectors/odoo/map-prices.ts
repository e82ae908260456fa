import { priceSchema, StreamRecords } from "../../sync/canonical"
import { ErpPrice } from "../../sync/canonical"
import { erpId } from "../../sync/ids"
import { admit } from "../door"
import { decimalOrRaw, Mapped, ProductFacts } from "./map-product"
import { idIn, Row } from "./rows"

/** The sales price in the product's own currency, by the name of Odoo's plain price list. */
export const LIST = "list"

/** A variant's row as its canonical prices. */
export const mapPrices = (row: Row, facts: ProductFacts): Mapped<StreamRecords["prices"]> => {
  const subject = {
    id: erpId(row.id),
    version: null,
    named: `the product variant with id ${row.id} in Odoo`,
  }
  return admit("prices", subject, () => ({
    id: subject.id,
    product_id: erpId(String(idIn(row["product_tmpl_id"], "product_id"))),
    // No stamp covers a price: an attribute value's extra moves neither variant nor template.
    version: null,
    prices: [priceOf(row, row, facts)],
  }))
}

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
  currency: currencyOf(product) ?? facts.currency,
  amount: decimalOrRaw(variant["lst_price"], facts.variant.get("lst_price")?.digits ?? null),
  tax_included: taxIncluded(product),
})

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
