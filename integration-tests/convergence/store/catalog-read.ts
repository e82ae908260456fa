import { MedusaId } from "../../../src/sync/ids"
import { MedusaCategory, MedusaProduct, MedusaVariant } from "../../../src/sync/snapshot"
import { View } from "./memory-database"
import { VariantRow } from "./rows"

export const readCategory = (view: View, id: MedusaId): MedusaCategory | null =>
  view.get("categories", id) ?? null

/** A product with all its variants, soft-deleted ones flagged. */
export const readProduct = (view: View, id: MedusaId): MedusaProduct | null => {
  const row = view.get("products", id)
  if (!row) {
    return null
  }
  const { deleted, title, description, status, category_ids, options } = row
  const variants = view
    .all("variants")
    .filter((variant) => variant.product_id === id)
    .map((variant) => snapshotOf(view, variant))
  const plain = { id, deleted, title, description, status, category_ids, options, variants }
  return { ...plain, attributes: {} }
}

export const readVariant = (view: View, id: MedusaId): MedusaVariant | null => {
  const row = view.get("variants", id)
  return row ? snapshotOf(view, row) : null
}

const snapshotOf = (view: View, row: VariantRow): MedusaVariant => {
  const { id, product_id, deleted, title, sku, barcode, weight, item_id, prices } = row
  const { manage_inventory, allow_backorder, option_value_ids } = row
  const item = item_id === null ? undefined : view.get("items", item_id)
  return {
    ...{ id, product_id, deleted, title, sku, barcode, weight },
    ...{ manage_inventory, allow_backorder, option_value_ids, attributes: {} },
    inventory_items: item
      ? [{ id: item.id, sku: item.sku, required_quantity: 1, shared: false }]
      : [],
    price_set_id: null,
    prices: prices ?? [],
  }
}
