import { createProductsWorkflow } from "@medusajs/medusa/core-flows"
import { CreatedProduct, CreateOutcome, CreateProduct, WriteOrigin } from "../engine/ports"
import { SyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"
import { bisect } from "./bisect"
import { completeProduct } from "./complete-product"
import { CatalogContext } from "./context"
import { creationError } from "./creation-errors"
import { ProductState, readProductStates } from "./creation-state"
import { ensureTags } from "./ensure-tags"
import { pickHandles } from "./handles"
import { dropUnusedItems, ensureItems } from "./inventory-items"
import { productInput } from "./product-input"
import { removeHalfCreated } from "./remove-half-created"
import { readOptions } from "./read-products"
import { recordBusy, withRecordLocks } from "./record-locks"
import { screenProducts } from "./screen-products"

/** A hundred products, or fewer with many variants, keep the event loop free of long blocks. */
const PRODUCTS_PER_RUN = 100
const VARIANTS_PER_RUN = 400

/**
 * Creates products with the given ids through Medusa's workflow. Safe to repeat: a product that exists
 * already is completed where an earlier run was killed, and reported as created.
 */
export const createProducts = async (
  context: CatalogContext,
  inputs: readonly CreateProduct[],
  origin: WriteOrigin,
): Promise<CreateOutcome<CreatedProduct>[]> => {
  const outcomes = new Map<MedusaId, CreateOutcome<CreatedProduct>>()
  for (const batch of batchesOf(inputs)) {
    for (const { id, outcome } of await createLocked(context, batch, origin)) {
      outcomes.set(id, outcome)
    }
  }
  return inputs.map(
    (input) => outcomes.get(input.id) ?? { outcome: "failed", error: productError(null, input) },
  )
}

interface Result {
  id: MedusaId
  outcome: CreateOutcome<CreatedProduct>
}

const createLocked = (
  context: CatalogContext,
  batch: readonly CreateProduct[],
  origin: WriteOrigin,
): Promise<Result[]> =>
  withRecordLocks(
    context,
    batch.map((input) => input.id),
    async (free) => [
      ...batch
        .filter((input) => !free.has(input.id))
        .map((input) => failed(input.id, recordBusy(input.erp_id))),
      ...(await bisect(
        batch.filter((input) => free.has(input.id)),
        (part) => createBatch(context, part, origin),
        productError,
        (input, error) => failProduct(context, input, error),
      )),
    ],
  )

/** A failure of one product, or of the run it was in. */
const productError = (cause: unknown, input: CreateProduct): SyncError =>
  creationError(cause, { record: input.erp_id, task: "create the product" })

const failProduct = async (
  context: CatalogContext,
  input: CreateProduct,
  error: SyncError,
): Promise<Result> => {
  if (error.kind !== "transient") {
    await dropUnusedItems(context, input.variants)
  }
  return { id: input.id, outcome: { outcome: "failed", error } }
}

const batchesOf = (inputs: readonly CreateProduct[]): CreateProduct[][] => {
  const batches: CreateProduct[][] = []
  let batch: CreateProduct[] = []
  let variants = 0
  for (const input of inputs) {
    const full =
      batch.length >= PRODUCTS_PER_RUN || variants + input.variants.length > VARIANTS_PER_RUN
    if (full && batch.length > 0) {
      batches.push(batch)
      batch = []
      variants = 0
    }
    batch.push(input)
    variants += input.variants.length
  }
  return batch.length > 0 ? [...batches, batch] : batches
}

const createBatch = async (
  context: CatalogContext,
  inputs: readonly CreateProduct[],
  origin: WriteOrigin,
): Promise<Result[]> => {
  const states = await readProductStates(
    context.db,
    inputs.map((input) => input.id),
  )
  const existing = inputs.flatMap((input) => {
    const state = states.get(input.id)
    return state && isWritten(input, state) ? [{ input, state }] : []
  })
  const known = new Set(existing.map(({ input }) => input.id))
  const absent = inputs.filter((input) => !known.has(input.id))
  const faults = await screenProducts(context.db, absent)
  const fresh = absent.filter((input) => !faults.has(input.id))
  const results = [...faults].map(([id, error]) => failed(id, error))
  // One that exists is looked at by itself: its fault is no reason to halve the batch.
  for (const { input, state } of existing) {
    results.push(await completeOne(context, input, state, origin))
  }
  await createFresh(context, fresh, origin)
  const options = await readOptions(
    context.db,
    fresh.map((input) => input.id),
  )
  return [
    ...results,
    ...fresh.map((input): Result => ({
      id: input.id,
      outcome: {
        outcome: "created",
        created: { id: input.id, options: options.get(input.id) ?? [], ...countsOf(input) },
      },
    })),
  ]
}

/** Written with all its variants, or deleted since: not to be made anew. */
const isWritten = (input: CreateProduct, state: ProductState): boolean =>
  state.has_variants || state.deleted || input.variants.length === 0

const createFresh = async (
  context: CatalogContext,
  inputs: readonly CreateProduct[],
  origin: WriteOrigin,
): Promise<void> => {
  if (inputs.length === 0) {
    return
  }
  await removeHalfCreated(
    context,
    inputs.map((input) => input.id),
  )
  const variants = inputs.flatMap((input) => input.variants)
  const items = await ensureItems(context, variants, origin)
  const handles = await pickHandles(
    context.db,
    "product",
    inputs.map(({ id, handle_stem, erp_id }) => ({ id, stem: handle_stem, erp_id })),
  )
  const tags = await ensureTags(
    context,
    inputs.flatMap((input) => input.tags ?? []),
    origin,
  )
  await createProductsWorkflow(context.container).run({
    input: {
      products: inputs.map((input) =>
        productInput(input, handles.get(input.id) ?? "", items, tags),
      ),
    },
    context: { eventGroupId: origin.group_id },
  })
}

const completeOne = async (
  context: CatalogContext,
  input: CreateProduct,
  state: ProductState,
  origin: WriteOrigin,
): Promise<Result> => {
  try {
    const created = await completeProduct(context, input, state, origin)
    return { id: input.id, outcome: { outcome: "created", created } }
  } catch (error) {
    return failed(input.id, productError(error, input))
  }
}

const failed = (id: MedusaId, error: SyncError): Result => ({
  id,
  outcome: { outcome: "failed", error },
})

/** Product, variants and prices; events of product, variants and their inventory items. */
const countsOf = ({ variants }: CreateProduct): { writes: number; events: number } => ({
  writes: 1 + variants.length + variants.reduce((sum, variant) => sum + variant.prices.length, 0),
  events: 1 + variants.length + variants.filter((variant) => variant.manage_inventory).length,
})
