import { MedusaId } from "../sync/ids"
import { Database, query, queryByIds } from "./database"

/** Live variants that use one of these inventory items. */
export const readItemVariants = async (
  db: Database,
  inventoryItemIds: readonly MedusaId[],
): Promise<MedusaId[]> => {
  const rows = await queryByIds(inventoryItemIds, (ids) =>
    query<{ variant_id: MedusaId }>(
      db,
      `select distinct variant_id from product_variant_inventory_item
        where inventory_item_id = any(?) and deleted_at is null`,
      [ids],
    ),
  )
  return rows.map((row) => row.variant_id)
}

/** What an event about stock is about; each kind names its record by id. */
export type StockRecord = "inventory_level" | "reservation_item" | "fulfillment"

const ITEMS_OF: Record<StockRecord, string> = {
  inventory_level: "select inventory_item_id from inventory_level where id = any(?)",
  reservation_item: "select inventory_item_id from reservation_item where id = any(?)",
  fulfillment:
    "select inventory_item_id from fulfillment_item where fulfillment_id = any(?) and inventory_item_id is not null",
}

/** Inventory items behind these records, deleted ones included. */
export const readMovedItems = async (
  db: Database,
  record: StockRecord,
  ids: readonly string[],
): Promise<MedusaId[]> => {
  const rows = await queryByIds(ids, (chunk) =>
    query<{ inventory_item_id: MedusaId }>(db, ITEMS_OF[record], [chunk]),
  )
  return [...new Set(rows.map((row) => row.inventory_item_id))]
}
