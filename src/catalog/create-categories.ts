import { createProductCategoriesWorkflow } from "@medusajs/medusa/core-flows"
import { ProductTypes } from "@medusajs/framework/types"
import { CreateCategory, CreateOutcome, WriteOrigin } from "../engine/ports"
import { SyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"
import { MedusaCategory } from "../sync/snapshot"
import { bisect } from "./bisect"
import { CatalogContext } from "./context"
import { creationError } from "./creation-errors"
import { chunksOf, groupBy } from "./database"
import { pickHandles } from "./handles"
import { readCategories } from "./read-categories"
import { recordBusy, withRecordLocks } from "./record-locks"

const CATEGORIES_PER_RUN = 100

export interface CreatedCategory {
  id: MedusaId
  writes: number
  events: number
}

type Outcome = CreateOutcome<CreatedCategory>

/**
 * Creates categories with the given ids, parents before children. One that exists already is reported
 * as created; a child of one that failed fails with it.
 */
export const createCategories = async (
  context: CatalogContext,
  inputs: readonly CreateCategory[],
  origin: WriteOrigin,
): Promise<Outcome[]> => {
  const outcomes = new Map<MedusaId, Outcome>()
  const ids = inputs.map((input) => input.id)
  await withRecordLocks(context, ids, async (free) => {
    const known = await readCategories(context.db, [
      ...ids,
      ...inputs.flatMap((input) => input.parent_id ?? []),
    ])
    for (const input of inputs) {
      const settled = settledOutcome(input, known.has(input.id), free)
      if (settled) {
        outcomes.set(input.id, settled)
      }
    }
    const missing = inputs.filter((input) => !outcomes.has(input.id))
    for (const level of levelsOf(missing)) {
      const ready = refuseOrphans(level, known, outcomes)
      for (const { id, outcome } of await createLevel(context, ready, origin)) {
        outcomes.set(id, outcome)
      }
    }
  })
  return inputs.map(
    (input) => outcomes.get(input.id) ?? { outcome: "failed", error: categoryError(null, input) },
  )
}

const settledOutcome = (
  { id, erp_id }: CreateCategory,
  exists: boolean,
  free: ReadonlySet<string>,
): Outcome | undefined => {
  if (exists) {
    return { outcome: "created", created: { id, writes: 0, events: 0 } }
  }
  return free.has(id) ? undefined : { outcome: "failed", error: recordBusy(erp_id) }
}

/** Fails the categories whose parent is not in the store, and returns the others. */
const refuseOrphans = (
  level: readonly CreateCategory[],
  known: ReadonlyMap<MedusaId, MedusaCategory>,
  outcomes: Map<MedusaId, Outcome>,
): CreateCategory[] =>
  level.filter((input) => {
    const fault = parentFault(input, outcomes, known.get(input.parent_id ?? input.id)?.deleted)
    if (fault) {
      outcomes.set(input.id, { outcome: "failed", error: fault })
    }
    return !fault
  })

/** Categories whose parents are not in the list, then their children, and so on; cycles come last. */
const levelsOf = (inputs: readonly CreateCategory[]): CreateCategory[][] => {
  const byId = new Map(inputs.map((input) => [input.id, input]))
  const depthOf = (input: CreateCategory): number => {
    let depth = 0
    let parent = input.parent_id === null ? undefined : byId.get(input.parent_id)
    while (parent && depth <= inputs.length) {
      depth += 1
      parent = parent.parent_id === null ? undefined : byId.get(parent.parent_id)
    }
    return depth
  }
  return [...groupBy(inputs, depthOf)].sort(([a], [b]) => a - b).map(([, level]) => level)
}

const parentFault = (
  input: CreateCategory,
  outcomes: ReadonlyMap<MedusaId, Outcome>,
  parentDeleted: boolean | undefined,
): SyncError | undefined => {
  if (input.parent_id === null) {
    return undefined
  }
  const parent = outcomes.get(input.parent_id)
  const missing = parent ? parent.outcome === "failed" : parentDeleted !== false
  return missing || parentDeleted
    ? new SyncError({
        kind: "data",
        code: "missing_parent",
        scope: "record",
        record: input.erp_id,
        field: "parent_id",
        value: input.parent_id,
        message: `The parent of the category ${input.name} is not in the store.`,
        remedy: "Restore the parent in Medusa, or unlink it.",
      })
    : undefined
}

const createLevel = async (
  context: CatalogContext,
  inputs: readonly CreateCategory[],
  origin: WriteOrigin,
): Promise<{ id: MedusaId; outcome: Outcome }[]> => {
  const results: { id: MedusaId; outcome: Outcome }[] = []
  for (const chunk of chunksOf(inputs, CATEGORIES_PER_RUN)) {
    results.push(
      ...(await bisect(
        chunk,
        (part) => createBatch(context, part, origin),
        categoryError,
        ({ id }, error) => ({ id, outcome: { outcome: "failed" as const, error } }),
      )),
    )
  }
  return results
}

const createBatch = async (
  { container, db }: CatalogContext,
  inputs: readonly CreateCategory[],
  origin: WriteOrigin,
): Promise<{ id: MedusaId; outcome: Outcome }[]> => {
  const handles = await pickHandles(
    db,
    "product_category",
    inputs.map(({ id, name, erp_id }) => ({ id, stem: name, erp_id })),
  )
  const categories = inputs.map(
    (input): ProductTypes.CreateProductCategoryDTO & { id: string } => ({
      id: input.id,
      name: input.name,
      handle: handles.get(input.id) ?? "",
      is_active: input.is_active,
      parent_category_id: input.parent_id,
      external_id: input.erp_id,
    }),
  )
  await createProductCategoriesWorkflow(container).run({
    input: { product_categories: categories },
    context: { eventGroupId: origin.group_id },
  })
  return inputs.map(({ id }) => ({
    id,
    outcome: { outcome: "created", created: { id, writes: 1, events: 1 } },
  }))
}

const categoryError = (cause: unknown, input: CreateCategory): SyncError =>
  creationError(cause, { record: input.erp_id, task: "create the category" })
