import {
  createAndLinkProductOptionsToProductWorkflow,
  deleteProductOptionValuesWorkflow,
  updateProductOptionsWorkflow,
  updateProductOptionValuesWorkflow,
} from "@medusajs/medusa/core-flows"
import { WriteOrigin } from "../engine/ports"
import { SyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"
import { MedusaOption } from "../sync/snapshot"
import { CatalogContext } from "./context"
import { query } from "./database"
import { readOptions } from "./read-products"

/** The options of one product as they stand. */
export const optionsOf = async (
  { db }: CatalogContext,
  productId: MedusaId,
): Promise<MedusaOption[]> => (await readOptions(db, [productId])).get(productId) ?? []

/** Adds options and values that the product lacks, by their names; those it has are left alone. */
export const addMissingValues = async (
  context: CatalogContext,
  productId: MedusaId,
  wanted: readonly { title: string; values: readonly string[] }[],
  origin: WriteOrigin,
): Promise<void> => {
  const present = await optionsOf(context, productId)
  for (const { title, values } of wanted) {
    const option = present.find((entry) => entry.title === title)
    if (option) {
      await addValues(context, productId, option, values, origin)
    } else {
      await createAndLinkProductOptionsToProductWorkflow(context.container).run({
        input: { product_id: productId, add: [{ title, values: [...values], is_exclusive: true }] },
        context: { eventGroupId: origin.group_id },
      })
    }
  }
}

/** Adds values to an option of the product. Core cuts white space at their ends. */
export const addValues = async (
  { container }: CatalogContext,
  productId: MedusaId,
  option: MedusaOption,
  values: readonly string[],
  origin: WriteOrigin,
): Promise<void> => {
  const held = new Set(option.values.map((entry) => entry.value.trim()))
  const missing = values.filter((value) => !held.has(value.trim()))
  if (missing.length > 0) {
    await createAndLinkProductOptionsToProductWorkflow(container).run({
      input: {
        product_id: productId,
        update: [{ product_option_id: option.id, add: missing.map((value) => ({ value })) }],
      },
      context: { eventGroupId: origin.group_id },
    })
  }
}

/** Takes values off the product; an exclusive option loses them for good. */
export const removeValues = async (
  { container }: CatalogContext,
  productId: MedusaId,
  option: MedusaOption,
  valueIds: readonly MedusaId[],
  origin: WriteOrigin,
): Promise<void> => {
  const held = new Set(option.values.map((entry) => entry.id))
  const removed = valueIds.filter((id) => held.has(id))
  if (removed.length === 0) {
    return
  }
  const context = { eventGroupId: origin.group_id }
  await createAndLinkProductOptionsToProductWorkflow(container).run({
    input: {
      product_id: productId,
      update: [{ product_option_id: option.id, remove: removed }],
    },
    context,
  })
  if (option.is_exclusive) {
    await deleteProductOptionValuesWorkflow(container).run({ input: { ids: removed }, context })
  }
}

export const renameOption = async (
  { container }: CatalogContext,
  option: MedusaOption,
  title: string,
  origin: WriteOrigin,
): Promise<void> => {
  assertExclusive(option)
  await updateProductOptionsWorkflow(container).run({
    input: { selector: { id: option.id }, update: { title } },
    context: { eventGroupId: origin.group_id },
  })
}

export const renameValue = async (
  { container }: CatalogContext,
  option: MedusaOption,
  valueId: MedusaId,
  value: string,
  origin: WriteOrigin,
): Promise<void> => {
  assertExclusive(option)
  await updateProductOptionValuesWorkflow(container).run({
    input: { id: valueId, update: { value } },
    context: { eventGroupId: origin.group_id },
  })
}

/**
 * Takes an option off the product. Medusa refuses while variants use it, and refuses variants that do
 * not name every option: so the variants' rows of this option go first.
 */
export const removeOption = async (
  { container, db }: CatalogContext,
  productId: MedusaId,
  optionId: MedusaId,
  origin: WriteOrigin,
): Promise<void> => {
  await query(
    db,
    `delete from product_variant_option assigned using product_variant v, product_option_value value
      where v.id = assigned.variant_id and v.product_id = ? and v.deleted_at is null
        and value.id = assigned.option_value_id and value.option_id = ?`,
    [productId, optionId],
  )
  await createAndLinkProductOptionsToProductWorkflow(container).run({
    input: { product_id: productId, remove: [optionId] },
    context: { eventGroupId: origin.group_id },
  })
}

const assertExclusive = (option: MedusaOption): void => {
  if (!option.is_exclusive) {
    throw new SyncError({
      kind: "data",
      code: "global_option",
      scope: "record",
      field: "options",
      value: option.title,
      message: `The option ${option.title} belongs to the store, not to this product.`,
      remedy: "Rename it in Medusa's settings, or give the product an option of its own.",
    })
  }
}
