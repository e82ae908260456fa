import { deleteProductVariantsWorkflow } from "@medusajs/medusa/core-flows"
import { StructureResult, StructureStep, WriteOrigin } from "../engine/ports"
import { SyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"
import { MedusaOption } from "../sync/snapshot"
import { AssignStep, assignOptions } from "./assign-options"
import { CatalogContext } from "./context"
import { createVariants } from "./create-variants"
import { creationError } from "./creation-errors"
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

/**
 * The order that Medusa can carry out: names and additions first; variants that go make room; options
 * go before variants are assigned anew, since a variant has to name every option of its product.
 */
const PHASES: readonly (readonly StructureStep["step"][])[] = [
  ["rename_option", "rename_option_value", "add_option", "add_option_values"],
  ["delete_variant"],
  ["remove_option"],
  ["assign_options"],
  ["create_variants"],
  ["remove_option_values"],
  ["set_manage_inventory"],
]

/**
 * Changes options and variants of a product through Medusa's workflows. Each step finds out by itself
 * whether it was done already, so that the whole may be repeated.
 *
 * @throws SyncError naming the step that failed; steps that do not depend on it were carried out.
 */
export const applyStructure = async (
  context: CatalogContext,
  productId: MedusaId,
  steps: readonly StructureStep[],
  origin: WriteOrigin,
): Promise<StructureResult> => {
  const run: StructureRun = { context, productId, origin, writes: 0, events: 0 }
  const complete = [...steps, ...(await emptyOptionStep(run, steps))]
  let failure: SyncError | undefined
  for (const phase of PHASES) {
    for (const step of inPhase(complete, phase)) {
      try {
        await carryOut(run, step)
      } catch (cause) {
        const error = stepError(cause, productId, step)
        // A variant that cannot go, say for its reservations, is no reason to keep the others out.
        if (phase.includes("delete_variant") && error.kind === "data") {
          failure ??= error
        } else {
          throw error
        }
      }
    }
  }
  if (failure) {
    throw failure
  }
  const options = await optionsOf(context, productId)
  return { options, writes: run.writes, events: run.events }
}

interface StructureRun {
  context: CatalogContext
  productId: MedusaId
  origin: WriteOrigin
  writes: number
  events: number
}

type JoinedStep = Exclude<StructureStep, AssignStep> | { step: "assign_options"; all: AssignStep[] }

/** The steps of a phase; assignments are one, so that variants may swap their values. */
const inPhase = (
  steps: readonly StructureStep[],
  phase: readonly StructureStep["step"][],
): JoinedStep[] => {
  const all = steps.filter((step) => step.step === "assign_options")
  const others = steps.flatMap((step) => (step.step === "assign_options" ? [] : [step]))
  return phase.includes("assign_options")
    ? all.length > 0
      ? [{ step: "assign_options", all }]
      : []
    : others.filter((step) => phase.includes(step.step))
}

/** A simple product that gets its first real option loses the one that says nothing. */
const emptyOptionStep = async (
  { context, productId }: StructureRun,
  steps: readonly StructureStep[],
): Promise<StructureStep[]> => {
  const added = steps.flatMap((step) => (step.step === "add_option" ? [step.title] : []))
  if (added.length === 0 || added.includes(DEFAULT_OPTION.title)) {
    return []
  }
  const removed = steps.flatMap((step) => (step.step === "remove_option" ? [step.option_id] : []))
  return (await optionsOf(context, productId))
    .filter((option) => option.is_exclusive && option.title === DEFAULT_OPTION.title)
    .filter((option) => !removed.includes(option.id))
    .map((option) => ({ step: "remove_option", option_id: option.id }))
}

const carryOut = async (run: StructureRun, step: JoinedStep): Promise<void> => {
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

const stepError = (cause: unknown, productId: MedusaId, { step }: JoinedStep): SyncError =>
  creationError(cause, { record: productId, task: `change the product (${step})`, field: step })
