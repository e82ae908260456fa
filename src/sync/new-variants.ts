import { HeldReason } from "./decide"
import { DEFAULT_OPTION_ID } from "./default-option"
import { ErpId, erpId, MedusaId } from "./ids"
import { FieldPlan } from "./plan-fields"
import { refusalOf } from "./refusals"
import { Rules } from "./rules"
import { MedusaProduct, MedusaVariant } from "./snapshot"
import { FieldName, Link } from "./values"

/** A variant of the store for a product that the ERP has, with its value of each of the ERP's options. */
export interface NewVariant {
  variant: MedusaVariant
  values: NewValue[]
}

export interface NewValue {
  option_id: ErpId
  /** Null where the ERP does not know the value yet. */
  value_id: ErpId | null
  title: string
}

/** The links of a product that say what of the store the ERP knows. */
export interface KnownLinks {
  product: Link
  variants: readonly Link[]
  options: readonly Link[]
  values: readonly Link[]
}

/** Under which name a new variant stands among the fields of its product. */
export const variantField = (variant: MedusaVariant): FieldName => `variant:${variant.id}`

export interface NewVariants {
  /** To be created in the ERP now. */
  due: NewVariant[]
  /** Those that wait, as fields of the product, with the reason. */
  waiting: FieldPlan[]
}

/**
 * Variants that the merchant added to a linked product. What was linked once, and was unlinked or deleted
 * since, is none: it is not made again. Pure.
 * @param now database time, ISO
 */
export const planNewVariants = (
  rules: Rules,
  links: KnownLinks,
  medusa: MedusaProduct,
  now: string,
): NewVariants => {
  const known = new Set(links.variants.map((link) => link.medusa_id))
  const plan: NewVariants = { due: [], waiting: [] }
  for (const variant of medusa.variants.filter(({ id, deleted }) => !deleted && !known.has(id))) {
    const values = valuesOf(links, medusa, variant)
    const waits =
      typeof values === "string"
        ? ({ reason: "unsupported", message: values } as const)
        : waitOf(rules, links.product, { variant, values }, now)
    if (waits) {
      plan.waiting.push(waitingField(variant, waits.reason, waits.message))
    } else if (typeof values !== "string") {
      plan.due.push({ variant, values })
    }
  }
  return plan
}

/** The edit that a refusal is kept for: with another content it is another one. */
export const editOf = ({ variant, values }: NewVariant): { from: null; to: string } => {
  const { sku, barcode, weight, prices } = variant
  const amounts = prices.map(({ currency, amount }) => [currency, amount]).sort()
  return { from: null, to: JSON.stringify([values, sku, barcode, weight, amounts]) }
}

interface Wait {
  reason: HeldReason
  message?: string
}

const waitOf = (rules: Rules, product: Link, created: NewVariant, now: string): Wait | null => {
  const { push } = rules
  if (push.held) {
    return { reason: push.held }
  }
  if (!push.create) {
    return { reason: "create_off", message: CREATE_OFF }
  }
  if (push.create_variants !== true) {
    return { reason: "unsupported", message: NO_VARIANTS }
  }
  return refusalOf(product.kept, variantField(created.variant), editOf(created), now)
}

const CREATE_OFF =
  "The variant is not in the ERP. Set `push: { create: true }`, or create it there: it is linked by its values."
const NO_VARIANTS =
  "The connector adds no variants to products of the ERP. Create it there: it is linked by its values."

const waitingField = (
  variant: MedusaVariant,
  reason: HeldReason,
  message: string | undefined,
): FieldPlan => ({
  field: variantField(variant),
  medusa_field: variantField(variant),
  voided: false,
  erp: null,
  medusa: variant.title,
  decision: {
    outcome: "pending",
    reason,
    ...(message !== undefined && { message }),
    value: variant.title,
    loses_erp: false,
  },
})

/** The variant's values under the ERP's names, or why there are none. */
const valuesOf = (
  links: KnownLinks,
  medusa: MedusaProduct,
  variant: MedusaVariant,
): NewValue[] | string => {
  if (links.product.kept.foreign_options === true) {
    return "The product's options in the store are not those of the ERP. Create the variant in the ERP."
  }
  const values: NewValue[] = []
  for (const option of medusa.options) {
    const link = linkOf(links.options, option.id)
    const id = link && link.erp_id.slice(`${links.product.erp_id}:`.length)
    if (id === DEFAULT_OPTION_ID || (!link && option.values.length > 1)) {
      return `The product has no option "${option.title}" in the ERP. Add it there, and its variants come with it.`
    }
    if (!link || id === undefined) {
      // Without a choice it tells no variants apart, and the ERP need not know of it.
      continue
    }
    const value = option.values.find((entry) => variant.option_value_ids.includes(entry.id))
    if (!value) {
      return `The variant has no value for "${option.title}". Give it one.`
    }
    const value_id = valueIdOf(links, link, value.id)
    values.push({ option_id: erpId(id), value_id, title: value.value })
  }
  return values.length > 0
    ? values
    : "Nothing tells the product's variants apart in the ERP. Add the option there."
}

const valueIdOf = (links: KnownLinks, option: Link, held: MedusaId): ErpId | null => {
  const link = linkOf(links.values, held)
  const prefix = `${option.erp_id}:`
  return link?.erp_id.startsWith(prefix) ? erpId(link.erp_id.slice(prefix.length)) : null
}

const linkOf = (links: readonly Link[], id: MedusaId): Link | undefined =>
  links.find((link) => link.medusa_id === id && link.state !== "tombstone")
