import { updateProductVariantsWorkflow } from "@medusajs/medusa/core-flows"
import { StructureStep, WriteOrigin } from "../engine/ports"
import { SyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"
import { MedusaOption, MedusaVariant } from "../sync/snapshot"
import { CatalogContext } from "./context"
import { groupBy, query } from "./database"
import { optionsOf } from "./option-values"
import { assignment } from "./product-input"
import { loadVariants } from "./read-variants"

export type AssignStep = Extract<StructureStep, { step: "assign_options" }>

/**
 * Sets the options of several variants of a product at once, so that they may swap values. An option
 * of the merchant's that the steps do not name keeps its value. Returns how many changed.
 */
export const assignOptions = async (
  context: CatalogContext,
  productId: MedusaId,
  steps: readonly AssignStep[],
  origin: WriteOrigin,
): Promise<number> => {
  const options = await optionsOf(context, productId)
  const variants = (await loadVariants(context.db, "product_id", [productId], {})).filter(
    (variant) => !variant.deleted,
  )
  const changes = steps.flatMap((step) => {
    const variant = variants.find((entry) => entry.id === step.variant_id)
    return variant ? changeOf(options, variant, step) : []
  })
  if (changes.length === 0) {
    return 0
  }
  assertDistinct(variants, changes)
  await clearSwapped(context, variants, changes)
  await updateProductVariantsWorkflow(context.container).run({
    input: {
      product_variants: changes.map(({ variant, options: wanted }) => ({
        id: variant.id,
        options: wanted,
      })),
    },
    context: { eventGroupId: origin.group_id },
  })
  return changes.length
}

interface Change {
  variant: MedusaVariant
  options: Record<string, string>
  value_ids: MedusaId[]
}

const changeOf = (
  options: readonly MedusaOption[],
  variant: MedusaVariant,
  step: AssignStep,
): Change[] => {
  const wanted = assignment(step.options)
  const held = new Set(variant.option_value_ids)
  const values = options.flatMap((option) => {
    const name = wanted[option.title]
    const value =
      name === undefined
        ? option.values.find((entry) => held.has(entry.id))
        : valueNamed(option, name, variant.id)
    return value ? [{ title: option.title, ...value }] : []
  })
  const valueIds = values.map((value) => value.id)
  return comboOf(valueIds) === comboOf(variant.option_value_ids)
    ? []
    : [
        {
          variant,
          options: Object.fromEntries(values.map(({ title, value }) => [title, value])),
          value_ids: valueIds,
        },
      ]
}

const valueNamed = (
  option: MedusaOption,
  name: string,
  record: string,
): MedusaOption["values"][number] => {
  const value =
    option.values.find((entry) => entry.value === name) ??
    option.values.find((entry) => entry.value.trim() === name.trim())
  if (!value) {
    throw new SyncError({
      kind: "data",
      code: "unknown_option_value",
      scope: "record",
      record,
      field: `options.${option.title}`,
      value: name,
      message: `The option ${option.title} has no value ${name}.`,
      remedy: "Add the value to the option, or correct the variant in the ERP.",
    })
  }
  return value
}

const comboOf = (valueIds: readonly string[]): string => [...valueIds].sort().join(",")

const assertDistinct = (variants: readonly MedusaVariant[], changes: readonly Change[]): void => {
  const wanted = new Map(changes.map((change) => [change.variant.id, change.value_ids]))
  const byCombo = groupBy(variants, (variant) =>
    comboOf(wanted.get(variant.id) ?? variant.option_value_ids),
  )
  for (const { variant, value_ids } of changes) {
    if ((byCombo.get(comboOf(value_ids)) ?? []).length > 1) {
      throw new SyncError({
        kind: "data",
        code: "duplicate_options",
        scope: "record",
        record: variant.id,
        field: "options",
        message: `Another variant of the product has the same option values as ${variant.title}.`,
        remedy: "Give the variants different values in the ERP, or remove one of them.",
      })
    }
  }
}

/** Core compares with what the other variants hold now: values that change hands are given up first. */
const clearSwapped = async (
  { db }: CatalogContext,
  variants: readonly MedusaVariant[],
  changes: readonly Change[],
): Promise<void> => {
  const wanted = changes.map((change) => change.value_ids)
  const changing = new Set(changes.map((change) => change.variant.id))
  const swapped = variants.filter(
    (variant) =>
      changing.has(variant.id) &&
      wanted.some((ids) => ids.every((id) => variant.option_value_ids.includes(id))),
  )
  if (swapped.length > 0) {
    await query(db, "delete from product_variant_option where variant_id = any(?)", [
      swapped.map((variant) => variant.id),
    ])
  }
}
