import { CreatedAttributes, createdAttributes } from "../sync/attributes"
import { ErpProduct, ErpVariant } from "../sync/canonical"
import { matchKeyOf, OptionNames, variantTitle } from "../sync/default-option"
import { fieldRule, weightOf } from "../sync/field-rules"
import { MedusaId } from "../sync/ids"
import { isOf } from "../sync/price-readings"
import { Rules } from "../sync/rules"
import { FieldValue } from "../sync/values"
import { CreateVariant, NewLink } from "./ports"

/** A variant on its way into Medusa, with the ERP record it comes from. */
export interface VariantDraft {
  erp: ErpVariant
  create: CreateVariant
  attributes: CreatedAttributes
}

export const draftVariant = (
  rules: Rules,
  product: ErpProduct,
  names: OptionNames,
  erp: ErpVariant,
  options: Record<string, string>,
  id: MedusaId,
): VariantDraft => {
  const attributes = createdAttributes(rules.attributes ?? [], "variant", erp.attributes)
  return {
    erp,
    attributes,
    create: {
      id,
      erp_id: erp.id,
      title: variantTitle(product, erp, names),
      sku: blankToNull(erp.sku),
      barcode: blankToNull(erp.barcode),
      weight: weightOf(rules, erp.weight),
      manage_inventory: erp.tracked,
      allow_backorder: false,
      options,
      attributes: attributes.values,
      prices: rules.prices.flatMap((mapping) => {
        const source = sourcePrice(rules, erp, mapping.currency)
        const amount =
          source === undefined
            ? null
            : fieldRule(rules, "variant", `price:${mapping.currency}`).toMedusa(source)
        return typeof amount === "string" ? [{ currency: mapping.currency, amount }] : []
      }),
    },
  }
}

export const blankToNull = (text: string | null): string | null =>
  text === null || text.trim() === "" ? null : text

/** The ERP's exact amount behind a mapped price. */
const sourcePrice = (rules: Rules, erp: ErpVariant, currency: string): string | undefined => {
  const mapping = rules.prices.find((entry) => entry.currency === currency)
  return mapping && erp.prices?.find(isOf(mapping))?.amount
}

export const creatingLink = (rules: Rules, product: ErpProduct, draft: VariantDraft): NewLink => ({
  entity: "variant",
  erp_id: draft.erp.id,
  parent_erp_id: product.id,
  medusa_id: draft.create.id,
  state: "creating",
  fingerprint: rules.fingerprint,
  match_key: matchKeyOf(draft.erp),
  // Announced before it happens: after a crash they tell our own work from the merchant's.
  ...createdBases(rules, draft),
})

/** The bases of a variant that was created from this draft: what each side holds now. */
export const createdBases = (
  rules: Rules,
  draft: VariantDraft,
): Pick<NewLink, "base_erp" | "base_medusa"> => {
  const { create, erp, attributes } = draft
  const shared: Record<string, FieldValue> = {
    title: create.title,
    weight: create.weight,
    tracked: create.manage_inventory,
  }
  return {
    base_erp: {
      ...shared,
      ...attributes.base_erp,
      sku: erp.sku,
      barcode: erp.barcode,
      ...Object.fromEntries(
        create.prices.map((price) => [
          `price:${price.currency}`,
          sourcePrice(rules, erp, price.currency) ?? price.amount,
        ]),
      ),
    },
    base_medusa: {
      ...shared,
      ...attributes.base_medusa,
      sku: create.sku,
      barcode: create.barcode,
      ...Object.fromEntries(
        create.prices.map((price) => [`price:${price.currency}`, price.amount]),
      ),
    },
  }
}
