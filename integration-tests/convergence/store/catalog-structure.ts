import { StructureStep } from "../../../src/engine/ports"
import { DEFAULT_OPTION } from "../../../src/sync/default-option"
import { MedusaId, medusaId } from "../../../src/sync/ids"
import { MedusaOption } from "../../../src/sync/snapshot"
import { assertDistinct, newOption, valueIdsOf } from "./catalog-create"
import { failure } from "./memory-catalog"
import { View } from "./memory-database"
import { ProductRow, VariantRow } from "./rows"
import { Session } from "./session"

/** The order that Medusa can carry out: options go before variants are assigned anew. */
export const PHASES: readonly (readonly StructureStep["step"][])[] = [
  ["rename_option", "rename_option_value", "add_option", "add_option_values"],
  ["delete_variant"],
  ["remove_option"],
  ["assign_options"],
  ["create_variants"],
  ["remove_option_values"],
  ["set_manage_inventory"],
]

type PlainStep = Exclude<StructureStep, { step: "create_variants" }>

export const optionOfProduct = (view: View, id: MedusaId): MedusaOption[] =>
  view.get("products", id)?.options ?? []

/** One step, committed by itself; finds out whether it was done already. Returns the rows written. */
export const applyStep = (
  session: Session,
  view: View,
  productId: MedusaId,
  step: PlainStep,
): number => {
  const product = view.get("products", productId)
  if (!product) {
    throw failure("missing_product", `The product ${productId} is gone.`)
  }
  switch (step.step) {
    case "rename_option":
      return rename(view, product, step.option_id, (option) => ({ ...option, title: step.title }))
    case "rename_option_value":
      return rename(view, product, step.option_id, (option) => ({
        ...option,
        values: option.values.map((value) =>
          value.id === step.value_id ? { ...value, value: step.value } : value,
        ),
      }))
    case "add_option":
      return addOption(session, view, product, step.title, step.values)
    case "add_option_values":
      return addValues(session, view, product, step.option_id, step.values)
    case "delete_variant":
      return changeVariant(view, step.variant_id, (row) => ({
        ...row,
        deleted: true,
        item_id: null,
      }))
    case "remove_option":
      return removeOption(session, view, product, step.option_id)
    case "assign_options": {
      const values = valueIdsOf(view, productId, withHeld(view, product, step))
      assertDistinct(view, productId, new Map([[step.variant_id, values]]))
      return changeVariant(view, step.variant_id, (row) => ({ ...row, option_value_ids: values }))
    }
    case "remove_option_values":
      return removeValues(view, product, step.option_id, step.value_ids)
    case "set_manage_inventory":
      return manage(session, view, step.variant_id, step.manage_inventory)
  }
}

const rename = (
  view: View,
  product: ProductRow,
  optionId: MedusaId,
  change: (option: MedusaOption) => MedusaOption,
): number => {
  const options = product.options.map((option) =>
    option.id === optionId ? change(option) : option,
  )
  if (!options.some((option) => option.id === optionId)) {
    throw failure("missing_option", `The product has no option ${optionId} any more.`)
  }
  const twice = options.some(
    ({ values }) => new Set(values.map((entry) => entry.value)).size < values.length,
  )
  if (twice) {
    throw failure("duplicate_option_value", "The option has a value of that name.", "options")
  }
  view.put("products", product.id, { ...product, options })
  return 1
}

const addOption = (
  session: Session,
  view: View,
  product: ProductRow,
  title: string,
  values: string[],
): number => {
  const standing = product.options.find((option) => option.title === title)
  if (standing) {
    return addValues(session, view, product, standing.id, values)
  }
  const added = newOption(session, { title, values })
  // The option that says nothing makes room for the first real one.
  const kept = product.options.filter((option) => option.title !== DEFAULT_OPTION.title)
  const dropped = product.options.filter((option) => !kept.includes(option))
  dropped.forEach((option) => unassign(view, product.id, option))
  view.put("products", product.id, { ...product, options: [...kept, added] })
  return 1 + values.length
}

const addValues = (
  session: Session,
  view: View,
  product: ProductRow,
  optionId: MedusaId,
  values: string[],
): number =>
  rename(view, product, optionId, (option) => {
    const missing = values.filter((value) => !option.values.some((held) => held.value === value))
    const added = missing.map((value) => ({
      id: medusaId(`optval_${session.db.nextSeq()}`),
      value,
    }))
    return { ...option, values: [...option.values, ...added] }
  })

const removeOption = (
  session: Session,
  view: View,
  product: ProductRow,
  optionId: MedusaId,
): number => {
  const option = product.options.find((entry) => entry.id === optionId)
  if (!option) {
    return 0
  }
  const rest = product.options.filter((entry) => entry !== option)
  const { title, values } = DEFAULT_OPTION
  const options =
    rest.length > 0
      ? rest
      : [newOption(session, { title, values: values.map((value) => value.title) })]
  unassign(view, product.id, option)
  view.put("products", product.id, { ...product, options })
  return 1
}

const removeValues = (
  view: View,
  product: ProductRow,
  optionId: MedusaId,
  ids: MedusaId[],
): number => {
  const used = view
    .all("variants")
    .find(
      (row) =>
        row.product_id === product.id &&
        !row.deleted &&
        row.option_value_ids.some((id) => ids.includes(id)),
    )
  if (used) {
    throw failure("value_in_use", `The variant ${used.id} has one of these values.`, "options")
  }
  return rename(view, product, optionId, (option) => ({
    ...option,
    values: option.values.filter((value) => !ids.includes(value.id)),
  }))
}

const unassign = (view: View, productId: MedusaId, option: MedusaOption): void => {
  const gone = new Set(option.values.map((value) => value.id))
  for (const row of view.all("variants").filter((entry) => entry.product_id === productId)) {
    const kept = row.option_value_ids.filter((id) => !gone.has(id))
    if (kept.length < row.option_value_ids.length) {
      view.put("variants", row.id, { ...row, option_value_ids: kept })
    }
  }
}

/** An option that the step does not name keeps its value. */
const withHeld = (
  view: View,
  product: ProductRow,
  step: Extract<StructureStep, { step: "assign_options" }>,
): Record<string, string> => {
  const held = new Set(view.get("variants", step.variant_id)?.option_value_ids)
  const present = product.options.flatMap((option) =>
    option.values
      .filter((value) => held.has(value.id))
      .map((value) => [option.title, value.value] as const),
  )
  return { ...Object.fromEntries(present), ...step.options }
}

const changeVariant = (
  view: View,
  id: MedusaId,
  change: (row: VariantRow) => VariantRow,
): number => {
  const row = view.get("variants", id)
  if (!row || row.deleted) {
    return 0
  }
  view.put("variants", id, change(row))
  return 1
}

const manage = (session: Session, view: View, id: MedusaId, managed: boolean): number =>
  changeVariant(view, id, (row) => {
    if (!managed) {
      const former = row.item_id ?? row.former_item_id
      return { ...row, manage_inventory: false, item_id: null, former_item_id: former }
    }
    const itemId = row.item_id ?? row.former_item_id ?? medusaId(`iitem_${session.db.nextSeq()}`)
    view.put("items", itemId, { id: itemId, sku: row.sku })
    return { ...row, manage_inventory: true, item_id: itemId, former_item_id: null }
  })
