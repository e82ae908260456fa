import { IProductModuleService, ProductTypes } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { MedusaProduct } from "../sync/snapshot"
import { isTranslation } from "../sync/translations"
import { CatalogContext } from "./context"
import { groupBy } from "./database"
import { ensureTags } from "./ensure-tags"
import { liveIds } from "./lock-rows"
import { attempt, dueScalars, patchOf, settleGone } from "./native-records"
import { readCategories } from "./read-categories"
import { readProducts } from "./read-products"
import { writeNativeTranslations } from "./native-translations"
import { hasTranslations } from "./translations"
import { keyOf, OpenWrite, ValueBatch } from "./value-batch"

/** Products and their memberships, a record at a time. */
export const writeNativeProducts = async (
  context: CatalogContext,
  batch: ValueBatch,
): Promise<void> => {
  const products: IProductModuleService = context.container.resolve(Modules.PRODUCT)
  for (const [id, writes] of groupBy(batch.open("product"), (write) => write.id)) {
    const translated = hasTranslations(context.container)
    const product = (await readProducts(context.db, [id], { translated })).get(id)
    if (!product || product.deleted) {
      settleGone(batch, writes)
      continue
    }
    const held = new Set<string>(product.category_ids)
    const members = writes.filter(
      (write) =>
        write.field.startsWith("category:") &&
        batch.isDue(write, held.has(keyOf(write.field)) ? true : null),
    )
    const added = await refuseMissingCategories(context, batch, members)
    for (const write of added) {
      held[write.to === true ? "add" : "delete"](keyOf(write.field))
    }
    const scalars = dueScalars(batch, "product", product, writes)
    const tags = await nativeTags(context, batch, product, writes)
    const patch = {
      ...patchOf(scalars),
      ...(added.length > 0 ? { category_ids: [...held] } : {}),
      ...(tags.due.length > 0 ? { tag_ids: tags.ids } : {}),
    }
    const due = [...scalars, ...added, ...tags.due]
    await attempt(batch, due, "product_updated", () => products.updateProducts(id, patch))
    await writeNativeTranslations(
      context,
      batch,
      "product",
      writes.filter(({ field }) => isTranslation(field)),
    )
  }
}

/** The writes of tags that are due, and the ids of all tags that the product is to have then. */
const nativeTags = async (
  context: CatalogContext,
  batch: ValueBatch,
  product: MedusaProduct,
  writes: readonly OpenWrite[],
): Promise<{ due: OpenWrite[]; ids: string[] }> => {
  const held = new Set(product.tags)
  const due = writes.filter(
    (write) =>
      write.field.startsWith("tag:") &&
      batch.isDue(write, held.has(keyOf(write.field)) ? true : null),
  )
  if (due.length === 0) {
    return { due, ids: [] }
  }
  for (const write of due) {
    held[write.to === true ? "add" : "delete"](keyOf(write.field))
  }
  return { due, ids: [...(await ensureTags(context, [...held])).values()] }
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

/** Categories, a record at a time. */
export const writeNativeCategories = async (
  context: CatalogContext,
  batch: ValueBatch,
): Promise<void> => {
  const products: IProductModuleService = context.container.resolve(Modules.PRODUCT)
  for (const [id, writes] of groupBy(batch.open("category"), (write) => write.id)) {
    const category = (await readCategories(context.db, [id])).get(id)
    if (!category || category.deleted) {
      settleGone(batch, writes)
      continue
    }
    const due = dueScalars(batch, "category", category, writes)
    const patch: ProductTypes.UpdateProductCategoryDTO = patchOf(due)
    await attempt(batch, due, "category_updated", () => products.updateProductCategories(id, patch))
  }
}
