import { StructureResult, StructureStep, WriteOrigin } from "../engine/ports"
import { SyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"
import { CatalogContext } from "./context"
import { creationError } from "./creation-errors"
import { optionsOf } from "./option-values"
import { DEFAULT_OPTION } from "./product-input"
import { recordBusy, withRecordLocks } from "./record-locks"
import { carryOut, JoinedStep, StructureRun } from "./structure-steps"

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
export const applyStructure = (
  context: CatalogContext,
  productId: MedusaId,
  steps: readonly StructureStep[],
  origin: WriteOrigin,
): Promise<StructureResult> =>
  withRecordLocks(context, [productId], async (free) => {
    if (!free.has(productId)) {
      throw recordBusy(productId)
    }
    const run: StructureRun = { context, productId, origin, writes: 0, events: 0 }
    const failure = await carryOutAll(run, [...steps, ...(await emptyOptionStep(run, steps))])
    if (failure) {
      throw failure
    }
    const options = await optionsOf(context, productId)
    return { options, writes: run.writes, events: run.events }
  })

/** Returns the failure of a step that no other depends on; one that others depend on is thrown. */
const carryOutAll = async (
  run: StructureRun,
  steps: readonly StructureStep[],
): Promise<SyncError | undefined> => {
  let failure: SyncError | undefined
  for (const phase of PHASES) {
    for (const step of inPhase(steps, phase)) {
      try {
        await carryOut(run, step)
      } catch (cause) {
        const error = stepError(cause, run.productId, step)
        // A variant that cannot go, say for its reservations, is no reason to keep the others out.
        if (step.step !== "delete_variant" || error.kind !== "data") {
          throw error
        }
        failure ??= error
      }
    }
  }
  return failure
}

/** The steps of a phase in their order, assignments joined into one. */
const inPhase = (
  steps: readonly StructureStep[],
  phase: readonly StructureStep["step"][],
): JoinedStep[] => {
  const all = steps.flatMap((step) => (step.step === "assign_options" ? [step] : []))
  if (phase.includes("assign_options")) {
    return all.length > 0 ? [{ step: "assign_options", all }] : []
  }
  return steps.flatMap((step) =>
    step.step !== "assign_options" && phase.includes(step.step) ? [step] : [],
  )
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

const stepError = (cause: unknown, productId: MedusaId, { step }: JoinedStep): SyncError =>
  creationError(cause, { record: productId, task: `change the product (${step})`, field: step })
