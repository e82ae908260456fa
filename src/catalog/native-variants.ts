import { IInventoryService, IProductModuleService } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { MedusaVariant } from "../sync/snapshot"
import { CatalogContext } from "./context"
import { groupBy } from "./database"
import { writeNativeListPrices } from "./native-list-prices"
import { writeNativePrices } from "./native-prices"
import { attempt, dueScalars, patchOf, settleGone } from "./native-records"
import { ownItems } from "./own-items"
import { readVariants } from "./read-variants"
import { findHolders, refuseTaken } from "./taken-values"
import { OpenWrite, ValueBatch } from "./value-batch"
import type { UniqueField } from "./write-unique"

/** Variants with their SKUs, barcodes and prices, a record at a time. */
export const writeNativeVariants = async (
  context: CatalogContext,
  batch: ValueBatch,
): Promise<void> => {
  const products: IProductModuleService = context.container.resolve(Modules.PRODUCT)
  for (const [id, writes] of groupBy(batch.open("variant"), (write) => write.id)) {
    const variant = (await readVariants(context.db, [id])).get(id)
    if (!variant || variant.deleted) {
      settleGone(batch, writes)
      continue
    }
    refuseMoves(batch, writes)
    const due = dueScalars(batch, "variant", variant, writes)
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
    await writeNativeListPrices(
      context,
      batch,
      (await readVariants(context.db, [id])).get(id) ?? variant,
      writes.filter((write) => write.field.startsWith("price_list:")),
    )
  }
}

/** Medusa's services know no way to another product that keeps the variant. */
const refuseMoves = (batch: ValueBatch, writes: readonly OpenWrite[]): void => {
  for (const write of writes.filter(({ field }) => field === "product_id")) {
    batch.refuse(write, {
      code: "move_unsupported",
      message: "A variant is moved only where the store's tables are those that were tested.",
      remedy: "Use a version of the plugin that knows this Medusa, or move the variant by hand.",
    })
  }
}

const refuseTakenNatively = async (
  { db }: CatalogContext,
  batch: ValueBatch,
  variant: MedusaVariant,
  writes: readonly OpenWrite[],
): Promise<OpenWrite[]> => {
  const { items } = await ownItems(db, [variant.id], "none")
  const rows = new Map<string, MedusaVariant>([[variant.id, variant]])
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
