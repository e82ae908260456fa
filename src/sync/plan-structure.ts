import { adoptAnyValue, adoptOption } from "./adopt-names"
import { announcedVariants } from "./announced-variants"
import { ErpOption, ErpProduct, ErpVariant } from "./canonical"
import { decide } from "./decide"
import { assignmentOf, OptionNames } from "./default-option"
import { fieldRule } from "./field-rules"
import { MedusaId } from "./ids"
import { VariantMatches } from "./match-variants"
import { optionKey, valueKey } from "./option-keys"
import { planName } from "./option-names"
import { Rules } from "./rules"
import { MedusaOption, MedusaProduct, MedusaVariant } from "./snapshot"
import { Link } from "./values"

export { optionKey, valueKey }

export interface StructureContext {
  rules: Rules
  now: string
  /** With the default option filled in. */
  erp: ErpProduct
  names: OptionNames
  matches: VariantMatches
  options: Link[]
  values: Link[]
  medusa: MedusaProduct
  /** The product is archived: its variants are left as they are. */
  inactive: boolean
  /** Linked to a product of the merchant's whose options are not the ERP's: they are left alone. */
  foreign_options: boolean
  /** What the product's link keeps, announced names among it. */
  kept: Link["kept"]
  /** Variants of the store that are or were linked; every other one may be what the ERP shows as new. */
  known?: ReadonlySet<MedusaId>
}

/** An option or value that was announced and made, but whose link a crash kept from being stored. */
export interface AdoptedName {
  entity: "option" | "option_value"
  erp_key: string
  medusa_id: MedusaId
  /** The name it was made under. */
  title: string
  /** Link of the value that left the ERP, and whose name in Medusa another one has now. */
  former?: Link
}

export interface StructurePlan {
  /** Goes first and alone: everything else is planned again once these are linked. */
  adopt: AdoptedName[]
  rename_options: { option_id: MedusaId; link: Link; title: string; from: string }[]
  rename_values: { option_id: MedusaId; link: Link; value: string; from: string }[]
  add_options: { option: ErpOption; title: string; values: string[] }[]
  add_values: { option_id: MedusaId; option: ErpOption; values: string[] }[]
  assign: { variant_id: MedusaId; options: Record<string, string> }[]
  create: { erp: ErpVariant; options: Record<string, string> }[]
  /** New in the ERP, and in the store already, with the same values: linked, not made twice. */
  join: { erp: ErpVariant; medusa: MedusaVariant }[]
  /** Options and values that the merchant removed, and that the ERP still has: they are added again. */
  restored: { link: Link; title: string }[]
  /** Gone variants that would block a change of options. */
  delete: Link[]
  remove_values: { option_id: MedusaId; links: Link[] }[]
  remove_options: { link: Link }[]
  tracked: { link: Link; erp: ErpVariant; manage_inventory: boolean }[]
  /** Variants that lack a value for an option, or repeat another's combination. */
  unfit: { erp: ErpVariant; reason: string }[]
}

/** True when nothing has to go through Medusa's workflows. */
export const isEmptyStructure = (plan: StructurePlan): boolean =>
  plan.adopt.length +
    plan.rename_options.length +
    plan.rename_values.length +
    plan.add_options.length +
    plan.add_values.length +
    plan.assign.length +
    plan.create.length +
    plan.join.length +
    plan.delete.length +
    plan.remove_values.length +
    plan.remove_options.length +
    plan.tracked.length ===
  0

/**
 * Plans a linked product's options and variants: names, added and removed options and values, new
 * variants, and which inventory is managed. Everything here goes through Medusa's workflows.
 */
export const planStructure = (context: StructureContext): StructurePlan => {
  const { erp, matches, medusa } = context
  const live = [...matches.kept, ...matches.repointed]
  const optionLinks = new Map(context.options.map((link) => [String(link.erp_id), link]))
  const medusaOptions = new Map(medusa.options.map((option) => [option.id, option]))
  const plan = emptyPlan()
  if (context.foreign_options) {
    return planForeign(context, live, plan)
  }

  for (const option of erp.options) {
    const link = optionLinks.get(optionKey(erp.id, option.id))
    const present = link && medusaOptions.get(link.medusa_id)
    if (link && present) {
      planOption(context, option, link, present, plan)
    } else if (!adoptOption(context, option, plan)) {
      noteRestored(plan, link, context.names.option(option.id))
      plan.add_options.push({
        option,
        title: context.names.option(option.id) ?? option.title,
        values: option.values.map(
          (value) => context.names.value(option.id, value.id) ?? value.title,
        ),
      })
    }
  }
  planRemovedOptions(context, medusaOptions, plan)
  planVariants(context, live, plan)
  planUnusedValues(context, medusaOptions, plan)
  return plan
}

/** Only what needs no option: a new variant has no place in the merchant's own options. */
const planForeign = (
  context: StructureContext,
  live: VariantMatches["kept"],
  plan: StructurePlan,
): StructurePlan => {
  const variants = new Map(context.medusa.variants.map((variant) => [variant.id, variant]))
  for (const match of live) {
    const held = variants.get(match.link.medusa_id)
    if (held) {
      planTracked(context, match, held.manage_inventory, plan)
    }
  }
  plan.unfit = context.matches.fresh.map((erp) => ({
    erp,
    reason: "has no counterpart, and the product's options in the store differ from the ERP's",
  }))
  return plan
}

const emptyPlan = (): StructurePlan => ({
  adopt: [],
  rename_options: [],
  rename_values: [],
  add_options: [],
  add_values: [],
  assign: [],
  create: [],
  join: [],
  restored: [],
  delete: [],
  remove_values: [],
  remove_options: [],
  tracked: [],
  unfit: [],
})

const planOption = (
  context: StructureContext,
  option: ErpOption,
  link: Link,
  present: MedusaOption,
  plan: StructurePlan,
): void => {
  const title = context.names.option(option.id) ?? option.title
  if (present.is_exclusive && wantsRename(context, link, title, present.title)) {
    plan.rename_options.push({ option_id: present.id, link, title, from: present.title })
  }
  const valueLinks = new Map(context.values.map((entry) => [String(entry.erp_id), entry]))
  const missing: string[] = []
  for (const value of option.values) {
    const name = context.names.value(option.id, value.id) ?? value.title
    const valueLink = valueLinks.get(valueKey(context.erp.id, option.id, value.id))
    const held = valueLink && present.values.find((entry) => entry.id === valueLink.medusa_id)
    if (!valueLink || !held) {
      if (!adoptAnyValue(context, option, { id: value.id, name }, present, plan)) {
        noteRestored(plan, valueLink, name)
        missing.push(name)
      }
    } else if (present.is_exclusive && wantsRename(context, valueLink, name, held.value)) {
      plan.rename_values.push({
        option_id: present.id,
        link: valueLink,
        value: name,
        from: held.value,
      })
    }
  }
  if (missing.length > 0) {
    plan.add_values.push({ option_id: present.id, option, values: missing })
  }
}

const noteRestored = (
  plan: StructurePlan,
  link: Link | undefined,
  title: string | undefined,
): void => {
  if (link && link.state !== "tombstone" && title !== undefined) {
    plan.restored.push({ link, title })
  }
}

const wantsRename = (
  { rules, now }: StructureContext,
  link: Link,
  erpTitle: string,
  medusaTitle: string,
): boolean => planName(rules, link, erpTitle, medusaTitle, now).decision.outcome === "write"

const planRemovedOptions = (
  context: StructureContext,
  medusaOptions: Map<MedusaId, MedusaOption>,
  plan: StructurePlan,
): void => {
  const wanted = new Set(context.erp.options.map((option) => optionKey(context.erp.id, option.id)))
  plan.remove_options = context.options
    .filter((link) => !wanted.has(link.erp_id) && medusaOptions.has(link.medusa_id))
    .map((link) => ({ link }))
}

const planVariants = (
  context: StructureContext,
  live: VariantMatches["kept"],
  plan: StructurePlan,
): void => {
  const { erp, medusa, matches } = context
  const names = storeNames(context, plan)
  const variants = new Map(medusa.variants.map((variant) => [variant.id, variant]))
  const valueNames = new Map(
    medusa.options.flatMap((option) =>
      option.values.map((value) => [value.id, { option: option.title, value: value.value }]),
    ),
  )
  const taken = new Set<string>()
  for (const match of live) {
    const options = assignmentOf(erp, match.erp, names)
    const held = variants.get(match.link.medusa_id)
    if (!options) {
      plan.unfit.push({ erp: match.erp, reason: "has no value for one of the product's options" })
      continue
    }
    taken.add(JSON.stringify(options))
    if (!held) {
      if (match.link.state === "creating" && !context.inactive) {
        plan.create.push({ erp: match.erp, options })
      }
      continue
    }
    const linked = renamed(heldOptions(held.option_value_ids, valueNames), plan, valueNames, medusa)
    const known = Object.fromEntries(
      Object.entries(linked).filter(
        ([title]) => title in options || isLeaving(context, plan, title),
      ),
    )
    if (JSON.stringify(sorted(known)) !== JSON.stringify(sorted(options))) {
      plan.assign.push({ variant_id: held.id, options })
    }
    planTracked(context, match, held.manage_inventory, plan)
  }
  const announced = announcedVariants(context.kept)
  for (const fresh of matches.fresh) {
    const options = assignmentOf(erp, fresh, names)
    const key = JSON.stringify(options)
    if (!options || taken.has(key)) {
      plan.unfit.push({
        erp: fresh,
        reason: options
          ? "has the same option values as another variant"
          : "has no value for one of the product's options",
      })
      continue
    }
    taken.add(key)
    const own = medusa.variants.filter(
      (variant) =>
        context.known?.has(variant.id) === false &&
        holds(heldOptions(variant.option_value_ids, valueNames), options),
    )
    const held = own.find((variant) => !variant.deleted)
    if (held) {
      plan.join.push({ erp: fresh, medusa: held })
    } else if (own.some(({ id }) => announced.has(id))) {
      // Deleted in the store on its way to the ERP: it is linked as what it is, and not made again.
      continue
    } else {
      plan.create.push({ erp: fresh, options })
    }
  }
  const changed = plan.add_options.length + plan.remove_options.length > 0
  // Also one that holds the very values of a new variant: Medusa has room for one of them.
  const wanted = new Set(plan.create.map((entry) => JSON.stringify(sorted(entry.options))))
  const blocks = (held: MedusaVariant): boolean =>
    changed ||
    wanted.has(
      JSON.stringify(
        sorted(renamed(heldOptions(held.option_value_ids, valueNames), plan, valueNames, medusa)),
      ),
    )
  plan.delete = context.inactive
    ? []
    : matches.gone.filter((link) => {
        const held = variants.get(link.medusa_id)
        return held !== undefined && !held.deleted && blocks(held)
      })
}

/**
 * Names of options and values as the store has them once this plan is carried out: the merchant's own
 * name of a linked option stands, and assignments have to use it.
 */
const storeNames = (context: StructureContext, plan: StructurePlan): OptionNames => {
  const { erp, medusa, names } = context
  const held = new Map<string, string>()
  for (const option of medusa.options) {
    held.set(option.id, option.title)
    option.values.forEach((value) => held.set(value.id, value.value))
  }
  plan.rename_options.forEach((entry) => held.set(entry.option_id, entry.title))
  plan.rename_values.forEach((entry) => held.set(entry.link.medusa_id, entry.value))
  const linked = new Map(
    [...context.options, ...context.values].map((link) => [String(link.erp_id), link.medusa_id]),
  )
  const nameOf = (key: string): string | undefined => {
    const id = linked.get(key)
    return id && held.get(id)
  }
  return {
    option: (id) => nameOf(optionKey(erp.id, id)) ?? names.option(id),
    value: (optionId, valueId) =>
      nameOf(valueKey(erp.id, optionId, valueId)) ?? names.value(optionId, valueId),
  }
}

const heldOptions = (
  valueIds: MedusaId[],
  valueNames: Map<MedusaId, { option: string; value: string }>,
): Record<string, string> =>
  Object.fromEntries(
    valueIds.flatMap((id) => {
      const name = valueNames.get(id)
      return name ? [[name.option, name.value] as const] : []
    }),
  )

/** The held assignment under the names that this very plan gives. */
const renamed = (
  held: Record<string, string>,
  plan: StructurePlan,
  valueNames: Map<MedusaId, { option: string; value: string }>,
  medusa: MedusaProduct,
): Record<string, string> => {
  const optionTitles = new Map(
    plan.rename_options.map((entry) => [
      medusa.options.find((option) => option.id === entry.option_id)?.title ?? "",
      entry.title,
    ]),
  )
  const values = new Map(
    plan.rename_values.map((entry) => {
      const name = valueNames.get(entry.link.medusa_id)
      return [`${name?.option}\u0000${name?.value}`, entry.value]
    }),
  )
  return Object.fromEntries(
    Object.entries(held).map(([option, value]) => [
      optionTitles.get(option) ?? option,
      values.get(`${option}\u0000${value}`) ?? value,
    ]),
  )
}

/** Whether a variant has these values; what it has of options besides tells nothing apart in the ERP. */
const holds = (held: Record<string, string>, options: Record<string, string>): boolean =>
  Object.entries(options).every(([title, value]) => held[title] === value)

const isLeaving = (context: StructureContext, plan: StructurePlan, title: string): boolean =>
  plan.remove_options.some(
    (entry) =>
      context.medusa.options.find((option) => option.id === entry.link.medusa_id)?.title === title,
  )

const sorted = (options: Record<string, string>): [string, string][] =>
  Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))

const planTracked = (
  context: StructureContext,
  match: { link: Link; erp: ErpVariant },
  managed: boolean,
  plan: StructurePlan,
): void => {
  const decision = decide(
    {
      erp: match.erp.tracked,
      medusa: managed,
      base_erp: match.link.base_erp.tracked,
      base_medusa: match.link.base_medusa.tracked,
      now: context.now,
    },
    fieldRule(context.rules, "variant", "tracked"),
  )
  if (decision.outcome === "write") {
    plan.tracked.push({ ...match, manage_inventory: match.erp.tracked })
  }
}

/** Values that the ERP dropped and no variant of the product holds any more. */
const planUnusedValues = (
  context: StructureContext,
  medusaOptions: Map<MedusaId, MedusaOption>,
  plan: StructurePlan,
): void => {
  const deleted = new Set(plan.delete.map((link) => link.medusa_id))
  const reassigned = new Set(plan.assign.map((entry) => entry.variant_id))
  const used = new Set(
    context.medusa.variants
      .filter(
        (variant) => !variant.deleted && !deleted.has(variant.id) && !reassigned.has(variant.id),
      )
      .flatMap((variant) => variant.option_value_ids),
  )
  for (const option of context.erp.options) {
    const link = context.options.find(
      (entry) => entry.erp_id === optionKey(context.erp.id, option.id),
    )
    const held = link && medusaOptions.get(link.medusa_id)
    if (!held?.is_exclusive) {
      continue
    }
    const wanted = new Set(
      option.values.map((value) => valueKey(context.erp.id, option.id, value.id)),
    )
    const prefix = `${optionKey(context.erp.id, option.id)}:`
    const links = context.values.filter(
      (value) =>
        value.erp_id.startsWith(prefix) &&
        !wanted.has(value.erp_id) &&
        held.values.some((entry) => entry.id === value.medusa_id) &&
        !used.has(value.medusa_id),
    )
    if (links.length > 0) {
      plan.remove_values.push({ option_id: held.id, links })
    }
  }
}
