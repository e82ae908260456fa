import { readMovedItems, readOwners, StockRecord } from "../catalog"
import { ORIGIN_PREFIX } from "../engine/commit"
import { Stream } from "../sync/canonical"
import { MedusaId } from "../sync/ids"
import { markNew } from "./catch-up"
import { Runtime } from "./runtime"

/** Events caused by the sync itself carry its mark in their group id: nothing to look at. */
export const isOwnEvent = (event: { metadata?: Record<string, unknown> | undefined }): boolean =>
  typeof event.metadata?.eventGroupId === "string" &&
  event.metadata.eventGroupId.startsWith(ORIGIN_PREFIX)

const STOCK_RECORDS: Readonly<Record<string, StockRecord>> = {
  "inventory-level": "inventory_level",
  "reservation-item": "reservation_item",
  order: "fulfillment",
}

/** Marks the stock of the variants behind a level, reservation or fulfilment. */
export const markMovedStock = async (
  runtime: Runtime,
  eventName: string,
  ids: string[],
): Promise<void> => {
  const record = STOCK_RECORDS[eventName.split(".", 1)[0] ?? ""]
  if (record) {
    await markStock(runtime, await readMovedItems(runtime.db, record, ids))
  }
}

/** Has the stock of these inventory items' variants looked at again, in every connection. */
export const markStock = async (runtime: Runtime, inventoryItemIds: MedusaId[]): Promise<void> => {
  const variants = await runtime.variantsOfItems(inventoryItemIds)
  await runtime.ledger.markDirtyByMedusa(null, "variant", variants, "stock", "stock_moved")
}

const EDITED: Readonly<
  Record<string, { entity: "product" | "variant" | "category"; stream: Stream }>
> = {
  product: { entity: "product", stream: "products" },
  "product-variant": { entity: "variant", stream: "products" },
  "product-category": { entity: "category", stream: "categories" },
}

/** What belongs to a product or variant, and is told of by its own id. */
const PARTS = ["product-option", "product-option-value"] as const
const isPart = (record: string): record is (typeof PARTS)[number] =>
  PARTS.some((part) => part === record)

/** Marks the keys of records that were edited or deleted in the store. */
export const markEdited = async (
  runtime: Runtime,
  eventName: string,
  ids: string[],
): Promise<void> => {
  const record = eventName.split(".", 1)[0] ?? ""
  const reason = eventName.endsWith(".deleted") ? "deleted_in_medusa" : "edited_in_medusa"
  if (eventName === "product.created") {
    await markNew(runtime, ids)
    return
  }
  if (eventName === "product-variant.created") {
    const products = await readOwners(runtime.db, "product-variant", ids)
    await runtime.ledger.markDirtyByMedusa(null, "product", products, "products", reason)
    return
  }
  const edited = EDITED[record]
  if (edited) {
    await runtime.ledger.markDirtyByMedusa(null, edited.entity, ids, edited.stream, reason)
  } else if (isPart(record)) {
    const products = await readOwners(runtime.db, record, ids)
    await runtime.ledger.markDirtyByMedusa(null, "product", products, "products", reason)
  }
}
