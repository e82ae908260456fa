import { IInventoryService, IProductModuleService, ProductTypes } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { ValueWrite } from "../engine/ports"
import { toSyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"
import { FieldValue } from "../sync/values"
import { CatalogContext } from "./context"
import { creationError } from "./creation-errors"
import { groupBy } from "./database"
import { liveIds } from "./lock-rows"
import { writeNativePrices } from "./native-prices"
import { ownItems } from "./own-items"
import { readCategories } from "./read-categories"
import { readProducts } from "./read-products"
import { readVariants } from "./read-variants"
import { findHolders, refuseTaken } from "./taken-values"
import { keyOf, OpenWrite, ValueBatch } from "./value-batch"
import type { UniqueField } from "./write-unique"
import type { WrittenValues } from "./write-values"

/**
 * The writer for a Medusa whose tables are not those that were tested: reads, compares, and writes
 * through Medusa's services, record by record. An edit that falls between the reading and the writing
 * of a record (some milliseconds) is overwritten, nothing is locked, and what is written stands even
 * if the ledger's transaction is rolled back: the next plan finds it.
 */
export const writeValuesNatively = async (
  context: CatalogContext,
  writes: readonly ValueWrite[],
): Promise<WrittenValues> => {
  const batch = new ValueBatch(writes)
  await writeProducts(context, batch)
  await writeVariants(context, batch)
  await writeCategories(context, batch)
  // The services told of the rows themselves; the workflows that would have told of records did not run.
  return { outcomes: batch.outcomes, events: batch.events.toWorkflowEvents(), writes: batch.rows }
}

const SCALARS = {
  product: ["title", "description", "status"],
  variant: ["title", "weight", "allow_backorder", "sku", "barcode"],
  category: ["name", "is_active"],
} as const

const writeProducts = async (context: CatalogContext, batch: ValueBatch): Promise<void> => {
  const products: IProductModuleService = context.container.resolve(Modules.PRODUCT)
  for (const [id, writes] of groupBy(batch.open("product"), (write) => write.id)) {
    const product = (await readProducts(context.db, [id])).get(id)
    if (!product || product.deleted) {
      settleGone(batch, writes)
      continue
    }
    const held = new Set<string>(product.category_ids)
    const due = writes.filter((write) =>
      write.field.startsWith("category:")
        ? batch.isDue(write, held.has(keyOf(write.field)) ? true : null)
        : isScalar("product", write) && batch.isDue(write, valueOf(product, write.field)),
    )
    const open = await refuseMissingCategories(context, batch, due)
    const members = open.filter((write) => write.field.startsWith("category:"))
    for (const write of members) {
      held[write.to === true ? "add" : "delete"](keyOf(write.field))
    }
    const patch = {
      ...patchOf(open.filter((write) => !members.includes(write))),
      ...(members.length > 0 ? { category_ids: [...held] } : {}),
    }
    await attempt(batch, open, "product_updated", () => products.updateProducts(id, patch))
  }
}

const writeVariants = async (context: CatalogContext, batch: ValueBatch): Promise<void> => {
  const products: IProductModuleService = context.container.resolve(Modules.PRODUCT)
  for (const [id, writes] of groupBy(batch.open("variant"), (write) => write.id)) {
    const variant = (await readVariants(context.db, [id])).get(id)
    if (!variant || variant.deleted) {
      settleGone(batch, writes)
      continue
    }
    const due = writes.filter(
      (write) => isScalar("variant", write) && batch.isDue(write, valueOf(variant, write.field)),
    )
    const free = await refuseTakenNatively(context, batch, variant, due)
    await attempt(batch, free, "variant_updated", async () => {
      await products.updateProductVariants(id, patchOf(free))
      await renameItem(context, batch, free)
    })
    await writeNativePrices(
      context,
      batch,
      variant,
      writes.filter((write) => write.field.startsWith("price:")),
    )
  }
}

const writeCategories = async (context: CatalogContext, batch: ValueBatch): Promise<void> => {
  const products: IProductModuleService = context.container.resolve(Modules.PRODUCT)
  for (const [id, writes] of groupBy(batch.open("category"), (write) => write.id)) {
    const category = (await readCategories(context.db, [id])).get(id)
    if (!category || category.deleted) {
      settleGone(batch, writes)
      continue
    }
    const due = writes.filter(
      (write) => isScalar("category", write) && batch.isDue(write, valueOf(category, write.field)),
    )
    const patch: ProductTypes.UpdateProductCategoryDTO = patchOf(due)
    await attempt(batch, due, "category_updated", () => products.updateProductCategories(id, patch))
  }
}

const isScalar = (entity: keyof typeof SCALARS, write: OpenWrite): boolean =>
  SCALARS[entity].some((field) => field === write.field)

const valueOf = (record: object, field: string): FieldValue => {
  const value: unknown = Object.entries(record).find(([name]) => name === field)?.[1]
  return typeof value === "string" || typeof value === "boolean" ? value : null
}

const patchOf = (writes: readonly OpenWrite[]): Record<string, FieldValue | number> =>
  Object.fromEntries(
    writes.map(({ field, to }) => [
      field,
      field === "weight" && typeof to === "string" ? Number(to) : to,
    ]),
  )

const settleGone = (batch: ValueBatch, writes: readonly OpenWrite[]): void => {
  for (const write of writes) {
    batch.settle(write, { outcome: "gone" })
  }
}

/** Runs one service call for these writes; what Medusa refuses is refused, an outage is thrown. */
const attempt = async (
  batch: ValueBatch,
  writes: readonly OpenWrite[],
  event: Parameters<ValueBatch["events"]["add"]>[0],
  work: () => Promise<unknown>,
): Promise<void> => {
  const [first] = writes
  if (!first) {
    return
  }
  try {
    await work()
  } catch (cause) {
    const error = creationError(cause, { record: first.id, task: "write the record" })
    if (error.kind !== "data") {
      throw toSyncError(error)
    }
    for (const write of writes) {
      batch.settle(write, { outcome: "refused", error })
    }
    return
  }
  for (const write of writes) {
    batch.settle(write, { outcome: "written" })
  }
  batch.rows += 1
  batch.events.add(event, [first.id])
}

const refuseMissingCategories = async (
  { db }: CatalogContext,
  batch: ValueBatch,
  writes: readonly OpenWrite[],
): Promise<OpenWrite[]> => {
  const added = writes.filter((write) => write.field.startsWith("category:") && write.to === true)
  const alive = await liveIds(
    db,
    "product_category",
    added.map((write) => keyOf(write.field)),
  )
  return writes.filter((write) => {
    const missing = added.includes(write) && !alive.has(keyOf(write.field))
    if (missing) {
      batch.refuseMissingCategory(write)
    }
    return !missing
  })
}

const refuseTakenNatively = async (
  { db }: CatalogContext,
  batch: ValueBatch,
  variant: { id: MedusaId; sku: string | null; barcode: string | null },
  writes: readonly OpenWrite[],
): Promise<OpenWrite[]> => {
  const { items } = await ownItems(db, [variant.id], "none")
  const rows = new Map<string, typeof variant>([[variant.id, variant]])
  let open = [...writes]
  for (const field of ["sku", "barcode"] satisfies UniqueField[]) {
    const unique = open.filter((write) => write.field === field)
    const kept = refuseTaken(
      batch,
      { field, rows, items: field === "sku" ? items : new Map() },
      unique,
      await findHolders(db, field, unique),
    )
    open = open.filter((write) => !unique.includes(write) || kept.includes(write))
  }
  return open
}

const renameItem = async (
  { container, db }: CatalogContext,
  batch: ValueBatch,
  writes: readonly OpenWrite[],
): Promise<void> => {
  const rename = writes.find((write) => write.field === "sku")
  const item = rename && (await ownItems(db, [rename.id], "none")).items.get(rename.id)
  if (rename && item && item.sku !== rename.to) {
    const inventory: IInventoryService = container.resolve(Modules.INVENTORY)
    const sku = typeof rename.to === "string" ? rename.to : null
    await inventory.updateInventoryItems([{ id: item.id, sku }])
    batch.events.add("item_updated", [item.id])
    batch.rows += 1
  }
}
