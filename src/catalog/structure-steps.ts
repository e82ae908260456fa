import { deleteProductVariantsWorkflow } from "@medusajs/medusa/core-flows"
import { StructureStep, WriteOrigin } from "../engine/ports"
import { SyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"
import { MedusaOption } from "../sync/snapshot"
import { AssignStep, assignOptions } from "./assign-options"
import { CatalogContext } from "./context"
import { createVariants } from "./create-variants"
import { query } from "./database"
import { setManageInventory } from "./manage-inventory"
import {
  addMissingValues,
  addValues,
  optionsOf,
  removeOption,
  removeValues,
  renameOption,
  renameValue,
} from "./option-values"
import { DEFAULT_OPTION } from "./product-input"

/** One change of a product's structure under way, with what it has written so far. */
export interface StructureRun {
  context: CatalogContext
  productId: MedusaId
  origin: WriteOrigin
  writes: number
  events: number
}

/** A step as it is carried out: assignments are one, so that variants may swap their values. */
export type JoinedStep =
  Exclude<StructureStep, AssignStep> | { step: "assign_options"; all: AssignStep[] }

/** Carries out one step, unless it was done already. */
export const carryOut = async (run: StructureRun, step: JoinedStep): Promise<void> => {
  const { context, productId, origin } = run
  switch (step.step) {
    case "rename_option":
      await renameOption(context, await optionOf(run, step.option_id), step.title, origin)
      return count(run, 1)
    case "rename_option_value": {
      const option = await optionOf(run, step.option_id)
      await renameValue(context, option, step.value_id, step.value, origin)
      return count(run, 1)
    }
    case "add_option":
      await addMissingValues(context, productId, [step], origin)
      return count(run, 1 + step.values.length, 1)
    case "add_option_values": {
      const option = await optionOf(run, step.option_id)
      await addValues(context, productId, option, step.values, origin)
      return count(run, step.values.length, 1)
    }
    case "delete_variant":
      return deleteVariant(run, step.variant_id)
    case "remove_option":
      return dropOption(run, step.option_id)
    case "assign_options":
      return count(run, await assignOptions(context, productId, step.all, origin))
    case "create_variants": {
      const made = await createVariants(context, productId, step.variants, origin)
      const rows = made.map((variant) => 1 + variant.prices.length)
      const items = made.filter((variant) => variant.manage_inventory).length
      return count(run, sum(rows), made.length + items)
    }
    case "remove_option_values": {
      const option = await optionOf(run, step.option_id)
      await removeValues(context, productId, option, step.value_ids, origin)
      return count(run, step.value_ids.length)
    }
    case "set_manage_inventory": {
      const { variant_id, manage_inventory } = step
      return count(
        run,
        (await setManageInventory(context, variant_id, manage_inventory, origin)) ? 1 : 0,
      )
    }
  }
}

const count = (run: StructureRun, writes: number, events = writes): void => {
  run.writes += writes
  run.events += events
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

const optionOf = async (run: StructureRun, optionId: MedusaId): Promise<MedusaOption> => {
  const option = (await optionsOf(run.context, run.productId)).find(({ id }) => id === optionId)
  if (!option) {
    throw new SyncError({
      kind: "data",
      code: "missing_option",
      scope: "record",
      record: run.productId,
      field: "options",
      value: optionId,
      message: `The product has no option ${optionId} any more.`,
      remedy: "Nothing to do: the product is looked at again.",
    })
  }
  return option
}

const deleteVariant = async (run: StructureRun, variantId: MedusaId): Promise<void> => {
  const [variant] = await query<{ id: string }>(
    run.context.db,
    "select id from product_variant where id = ? and deleted_at is null",
    [variantId],
  )
  if (variant) {
    await deleteProductVariantsWorkflow(run.context.container).run({
      input: { ids: [variantId] },
      context: { eventGroupId: run.origin.group_id },
    })
    count(run, 1)
  }
}

/** Medusa has no product without options: the last one makes room for the one that says nothing. */
const dropOption = async (run: StructureRun, optionId: MedusaId): Promise<void> => {
  const { context, productId, origin } = run
  const options = await optionsOf(context, productId)
  if (!options.some((option) => option.id === optionId)) {
    return
  }
  if (options.length === 1) {
    const { title, value } = DEFAULT_OPTION
    await addMissingValues(context, productId, [{ title, values: [value] }], origin)
  }
  await removeOption(context, productId, optionId, origin)
  count(run, 1)
}
