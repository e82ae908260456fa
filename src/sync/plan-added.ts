import { KnownLinks, NewVariant, planNewVariants } from "./new-variants"
import { NamePlan, NamesContext, planAddedOptions, planNames } from "./option-names"
import { FieldPlan } from "./plan-fields"

export interface Added {
  /** Variants to be created in the ERP now. */
  due: NewVariant[]
  /** What cannot go there, or not yet: as fields of the product. */
  waiting: FieldPlan[]
  names: NamePlan[]
}

/** What the merchant added to a product that the ERP offers, and what stands open of its names. */
export const planAdded = (context: NamesContext & KnownLinks): Added => {
  const { rules, now, erp, product, medusa } = context
  if (!erp.active) {
    return { due: [], waiting: [], names: [] }
  }
  const { due, waiting } = planNewVariants(rules, context, medusa, now)
  // Options that are the merchant's own are compared with nothing.
  return product.kept.foreign_options === true
    ? { due, waiting, names: [] }
    : { due, waiting: [...waiting, ...planAddedOptions(context)], names: planNames(context) }
}
