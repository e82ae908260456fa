import { fieldRule } from "../sync/field-rules"
import { Rules } from "../sync/rules"
import { Values } from "../sync/values"
import { NewLink } from "./ports"

type Bases = Pick<NewLink, "base_erp" | "base_medusa">

/**
 * The bases of a record that was created in the ERP: what was sent, and what the ERP makes of it. The
 * look that follows sees whatever else it did.
 */
export const sentBases = (rules: Rules, entity: "product" | "variant", sent: Values): Bases => ({
  base_erp: Object.fromEntries(
    Object.entries(sent).map(([field, value]) => [
      field,
      fieldRule(rules, entity, field).toErp(value),
    ]),
  ),
  base_medusa: sent,
})

/**
 * The same of a variant. Its title is not sent: the ERP's is put together of its values, and the
 * merchant's stands beside it.
 */
export const variantBases = (
  rules: Rules,
  sent: Values,
  titles: { erp: string; medusa: string } | undefined,
): Bases => {
  const { base_erp, base_medusa } = sentBases(rules, "variant", sent)
  return titles
    ? {
        base_erp: { ...base_erp, title: titles.erp },
        base_medusa: { ...base_medusa, title: titles.medusa },
      }
    : { base_erp, base_medusa }
}

/** What a variant was created with, by the names of its fields. */
export const sentValues = (sent: {
  sku: string | null
  barcode: string | null
  weight: string | null
  prices: { currency: string; amount: string }[]
}): Values => ({
  sku: sent.sku,
  barcode: sent.barcode,
  weight: sent.weight,
  ...Object.fromEntries(sent.prices.map((price) => [`price:${price.currency}`, price.amount])),
})
