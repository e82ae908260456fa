import { Decision } from "./decide"
import { ErpProduct } from "./canonical"
import { OptionNames } from "./default-option"
import { MedusaId } from "./ids"
import { optionKey, valueKey } from "./option-keys"
import { FieldPlan, planField } from "./plan-fields"
import { Rules } from "./rules"
import { MedusaOption, MedusaProduct } from "./snapshot"
import { Link } from "./values"

/** A name of an option or of one of its values, as both sides have it. */
export interface NamePlan {
  link: Link
  fields: [FieldPlan]
}

export interface NamesContext {
  rules: Rules
  /** Database time, ISO. */
  now: string
  /** With the default option filled in. */
  erp: ErpProduct
  names: OptionNames
  options: readonly Link[]
  values: readonly Link[]
  medusa: MedusaProduct
}

/** Decides one name of a linked option or value. */
export const planName = (
  rules: Rules,
  link: Link,
  erp: string,
  medusa: string,
  now: string,
): FieldPlan => {
  const reading = { field: "title", erp, medusa, owner_key: "option_title" }
  const plan = planField(rules, link, reading, now)
  return { ...plan, decision: withMessage(plan.decision) }
}

/**
 * The names of a product's options and values, for what stands open of them: names belong to a dictionary
 * that many products of the ERP share, and an edit of one in the store cannot go there. Options that
 * several products of the store share are the merchant's own, and so are their names.
 */
export const planNames = (context: NamesContext): NamePlan[] => {
  const { rules, now, erp, names } = context
  const values = new Map(
    context.medusa.options.flatMap((option) =>
      option.is_exclusive ? option.values.map(({ id, value }) => [id, value] as const) : [],
    ),
  )
  const options = new Map(
    context.medusa.options.flatMap((option) =>
      option.is_exclusive ? [[option.id, option.title] as const] : [],
    ),
  )
  const named = (
    links: readonly Link[],
    key: string,
    title: string,
    held: ReadonlyMap<MedusaId, string>,
  ): NamePlan[] => {
    const link = links.find(({ erp_id, state }) => erp_id === key && state !== "tombstone")
    const present = link && held.get(link.medusa_id)
    return link && present !== undefined
      ? [{ link, fields: [planName(rules, link, title, present, now)] }]
      : []
  }
  return erp.options.flatMap((option) => [
    ...named(
      context.options,
      optionKey(erp.id, option.id),
      names.option(option.id) ?? option.title,
      options,
    ),
    ...option.values.flatMap((value) =>
      named(
        context.values,
        valueKey(erp.id, option.id, value.id),
        names.value(option.id, value.id) ?? value.title,
        values,
      ),
    ),
  ])
}

/**
 * Options and values that the merchant added, and that the ERP's product does not have: as fields of the
 * product, which wait. A value goes there with the first variant that has it.
 */
export const planAddedOptions = ({
  medusa,
  options,
  values,
}: Pick<NamesContext, "medusa" | "options" | "values">): FieldPlan[] => {
  const isLinked = (links: readonly Link[], id: MedusaId): boolean =>
    links.some((link) => link.medusa_id === id && link.state !== "tombstone")
  const used = new Set(
    medusa.variants.flatMap((variant) => (variant.deleted ? [] : variant.option_value_ids)),
  )
  return medusa.options.flatMap((option) => {
    if (!isLinked(options, option.id)) {
      // Without a choice it tells no variants apart.
      return option.values.length > 1 ? [added(`option:${option.id}`, option.title, NO_OPTION)] : []
    }
    return option.values
      .filter(({ id }) => !isLinked(values, id) && !used.has(id))
      .map(({ id, value }) => added(`value:${id}`, nameOf(option, value), NO_VARIANT))
  })
}

const nameOf = ({ title }: MedusaOption, value: string): string => `${title}: ${value}`

const added = (field: string, name: string, message: string): FieldPlan => ({
  field,
  medusa_field: field,
  voided: false,
  erp: null,
  medusa: name,
  decision: { outcome: "pending", reason: "unsupported", message, value: name, loses_erp: false },
})

const NAMES =
  "Names of options and values are shared by many products of the ERP, and do not go there. Rename it in the ERP, or give it back its name in the store."
const NO_OPTION =
  "The product has no such option in the ERP. Add the option there, and remove this one in the store: the ERP's comes with its variants."
const NO_VARIANT =
  "The ERP's product has no such value. It goes there with the first variant of it."

const withMessage = (decision: Decision): Decision =>
  decision.outcome === "pending" && decision.reason === "unsupported" && !decision.message
    ? { ...decision, message: NAMES }
    : decision
