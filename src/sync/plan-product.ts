import { attributeReadings } from "./attributes"
import { ErpProduct, ErpVariant } from "./canonical"
import { categoryReadings } from "./category-readings"
import { optionNames, OptionNames, variantTitle, withDefaultOption } from "./default-option"
import { weightOf } from "./field-rules"
import { freeNames } from "./free-names"
import { ErpId, MedusaId } from "./ids"
import { matchVariants, VariantMatches } from "./match-variants"
import { NewVariant } from "./new-variants"
import { NamePlan } from "./option-names"
import { planAdded } from "./plan-added"
import { FieldPlan, FieldReading, planFields } from "./plan-fields"
import { translationReadings, untoldTranslations } from "./plan-translations"
import { isEmptyStructure, planStructure, StructurePlan } from "./plan-structure"
import { listReadings, priceReadings } from "./price-readings"
import { forSingleCategory } from "./primary-category"
import { Rules } from "./rules"
import { MedusaProduct, MedusaVariant, ProductStatus } from "./snapshot"
import { tagReadings } from "./tag-readings"
import { Link } from "./values"

/** The links of one product and of what hangs on it. */
export interface ProductLinks {
  product: Link | null
  variants: Link[]
  options: Link[]
  values: Link[]
}

export interface ProductContext {
  rules: Rules
  /**
   * Database time at which the ERP was asked for this record, ISO: a write that could still land then
   * may have landed since, unseen.
   */
  now: string
  erp: ErpProduct
  links: ProductLinks
  /** The linked product as Medusa holds it, soft-deleted ones flagged; null when there is none. */
  medusa: MedusaProduct | null
  /** Live linked categories. */
  categories: ReadonlyMap<ErpId, MedusaId>
  /** The structure could not be changed: everything else goes on without it. */
  values_only?: boolean
}

export type Life = "keep" | "retire" | "revive"

export interface VariantPlan {
  link: Link
  erp: ErpVariant | null
  medusa: MedusaVariant
  life: Life
  fields: FieldPlan[]
}

export interface ProductValues {
  kind: "values"
  link: Link
  fields: FieldPlan[]
  life: Life
  /** The product's status as read for this plan. */
  medusa_status: ProductStatus
  variants: VariantPlan[]
  /** Variants that the merchant deleted: their links become tombstones. */
  deleted_variants: Link[]
  unfit: StructurePlan["unfit"]
  /** Variants that the merchant added, to be created in the ERP now. */
  new_variants: NewVariant[]
  /** Names of its options and values; what is to be written of them, the structure writes. */
  names: NamePlan[]
  /** Categories that are not linked yet: left out until they arrive. */
  waits_for: ErpId[]
  /** Something of the record is left undone, so that it does not count as reconciled. */
  partial: boolean
}

export type ProductPlan =
  | { kind: "skip"; reason: "tombstone" | "archived" }
  /** No record in Medusa yet; with the default option filled in. */
  | { kind: "create"; erp: ErpProduct; names: OptionNames }
  | { kind: "deleted_in_medusa"; link: Link }
  /** Options or variants have to change first; the values are planned again afterwards. */
  | {
      kind: "structure"
      link: Link
      erp: ErpProduct
      /** As the store has room for them; titles of variants are made of the ERP's own. */
      names: OptionNames
      matches: VariantMatches
      structure: StructurePlan
    }
  | ProductValues

/**
 * Plans one product from a complete aggregate read. Pure. Structure comes first; a plan of values is
 * made only once options and variants stand as the ERP has them.
 */
export const planProduct = (context: ProductContext): ProductPlan => {
  const { links, medusa, rules } = context
  const link = links.product
  const erp = withDefaultOption(context.erp)
  if (link?.state === "tombstone") {
    return { kind: "skip", reason: "tombstone" }
  }
  if (!link || link.state === "creating") {
    return !link && !erp.active && !rules.create.archived
      ? { kind: "skip", reason: "archived" }
      : { kind: "create", erp, names: optionNames(erp) }
  }
  if (!medusa || medusa.deleted) {
    return { kind: "deleted_in_medusa", link }
  }
  const names = freeNames({ ...links, rules, now: context.now, erp, medusa }, optionNames(erp))
  const matches = matchVariants(erp, withoutGhosts(links.variants, erp, medusa))
  const deleted = deletedVariants(links.variants, medusa)
  const present = withoutLinks(matches, new Set(deleted.map((entry) => entry.id)))
  const structure = planStructure({
    rules,
    now: context.now,
    erp,
    names,
    matches: erp.active ? present : onlyKept(present),
    options: links.options,
    values: links.values,
    medusa,
    inactive: !erp.active,
    foreign_options: link.kept.foreign_options === true,
    kept: link.kept,
    known: new Set(links.variants.map((variant) => variant.medusa_id)),
  })
  const due = !isEmptyStructure(structure) || (erp.active && present.repointed.length > 0)
  if (due && !context.values_only) {
    return { kind: "structure", link, erp, names, matches: present, structure }
  }
  const values = planValues(context, erp, names, link, medusa, present, deleted, structure)
  return due ? { ...withoutStructure(values), partial: true } : { ...values, partial: false }
}

/** Stock keeping is turned on and off by the structure alone: its plan waits with the rest of that. */
const withoutStructure = (
  values: Omit<ProductValues, "partial">,
): Omit<ProductValues, "partial"> => ({
  ...values,
  new_variants: [],
  variants: values.variants.map((variant) => ({
    ...variant,
    fields: variant.fields.filter(
      ({ field, decision }) => field !== "tracked" || decision.outcome !== "write",
    ),
  })),
})

/** A link whose variant neither side has: its creator died, and the ERP has numbered it anew since. */
const withoutGhosts = (links: Link[], erp: ErpProduct, medusa: MedusaProduct): Link[] =>
  links.filter(
    (link) =>
      link.state !== "creating" ||
      erp.variants.some((variant) => variant.id === link.erp_id) ||
      medusa.variants.some((variant) => variant.id === link.medusa_id),
  )

const onlyKept = (matches: VariantMatches): VariantMatches => ({
  kept: matches.kept,
  repointed: [],
  fresh: [],
  gone: [],
})

/** Variants that the merchant deleted, also where their creator died before it could say that they exist. */
const deletedVariants = (links: Link[], medusa: MedusaProduct): Link[] => {
  const held = new Map(medusa.variants.map((variant) => [variant.id, variant]))
  return links.filter((link) => {
    const deleted = held.get(link.medusa_id)?.deleted
    return link.state === "creating"
      ? deleted === true
      : (link.state === "linked" || link.state === "gone") && deleted !== false
  })
}

const withoutLinks = (matches: VariantMatches, without: ReadonlySet<string>): VariantMatches => ({
  kept: matches.kept.filter((match) => !without.has(match.link.id)),
  repointed: matches.repointed.filter((match) => !without.has(match.link.id)),
  fresh: matches.fresh,
  gone: matches.gone.filter((link) => !without.has(link.id)),
})

const planValues = (
  context: ProductContext,
  erp: ErpProduct,
  names: OptionNames,
  link: Link,
  medusa: MedusaProduct,
  matches: VariantMatches,
  deleted: Link[],
  structure: StructurePlan,
): Omit<ProductValues, "partial"> => {
  const { rules, now } = context
  const held = new Map(medusa.variants.map((variant) => [variant.id, variant]))
  const unfit = new Set(structure.unfit.map((entry) => entry.erp.id))
  const titles = optionNames(erp)
  const variants: VariantPlan[] = []
  for (const match of matches.kept) {
    const variant = held.get(match.link.medusa_id)
    if (variant && !unfit.has(match.erp.id)) {
      variants.push({
        link: match.link,
        erp: match.erp,
        medusa: variant,
        life: match.link.state === "gone" && erp.active ? "revive" : "keep",
        fields: planFields(
          rules,
          match.link,
          variantReadings(rules, erp, match.erp, titles, variant, match.link),
          now,
        ),
      })
    }
  }
  // An archived product takes its variants out of sale by its own status.
  for (const gone of erp.active ? matches.gone : []) {
    const variant = held.get(gone.medusa_id)
    const open = gone.state === "linked" || gone.state === "creating"
    if (variant && open && rules.gone !== "ignore") {
      variants.push({ link: gone, erp: null, medusa: variant, life: "retire", fields: [] })
    }
  }
  const categories = categoryReadings(context, erp, link, medusa)
  const added = planAdded({ ...context.links, product: link, rules, now, erp, names, medusa })
  return {
    kind: "values",
    link,
    fields: [
      ...forSingleCategory(
        rules,
        erp.category_ids,
        planFields(
          rules,
          link,
          [
            { field: "title", erp: erp.title, medusa: medusa.title },
            { field: "description", erp: erp.description, medusa: medusa.description },
            ...attributeReadings(
              rules.attributes ?? [],
              "product",
              erp.attributes,
              medusa.attributes,
            ),
            ...translationReadings(rules, "product", erp.translations, medusa.translations),
            ...categories.readings,
            ...tagReadings(rules, erp, link, medusa),
          ],
          now,
        ),
      ),
      ...untoldTranslations(rules, "product", link, erp.translations, medusa.translations),
      ...added.waiting,
    ],
    new_variants: added.due,
    names: added.names,
    life: productLife(erp, link, matches, rules),
    medusa_status: medusa.status,
    variants,
    deleted_variants: deleted,
    unfit: structure.unfit,
    waits_for: categories.waits_for,
  }
}

/** Archived, or without a single live variant although it had some: out of sale. */
const productLife = (erp: ErpProduct, link: Link, matches: VariantMatches, rules: Rules): Life => {
  const live = matches.kept.length + matches.repointed.length
  const sellable = erp.active && (live > 0 || matches.gone.length === 0)
  if (sellable) {
    return link.state === "gone" ? "revive" : "keep"
  }
  return link.state === "gone" || rules.gone === "ignore" ? "keep" : "retire"
}

const variantReadings = (
  rules: Rules,
  product: ErpProduct,
  erp: ErpVariant,
  names: OptionNames,
  medusa: MedusaVariant,
  link: Link,
): FieldReading[] => [
  {
    field: "title",
    erp: variantTitle(product, erp, names),
    medusa: medusa.title,
    owner_key: "variant_title",
  },
  { field: "sku", erp: erp.sku, medusa: medusa.sku },
  { field: "barcode", erp: erp.barcode, medusa: medusa.barcode },
  { field: "weight", erp: weightOf(rules, erp.weight), medusa: medusa.weight },
  { field: "tracked", erp: erp.tracked, medusa: medusa.manage_inventory },
  ...attributeReadings(rules.attributes ?? [], "variant", erp.attributes, medusa.attributes),
  ...(erp.prices
    ? [
        ...priceReadings(rules, erp.prices, medusa, link),
        ...listReadings(rules, erp.prices, erp.unknown_lists, medusa, link),
      ]
    : []),
]
