import { MedusaId } from "../sync/ids"
import { Database, query, queryByIds } from "./database"

/**
 * How far the creation of a product came. Core writes, each in a transaction of its own: product with
 * options and categories; sales channels; shipping profile; variants; links of inventory items; price
 * sets; links of price sets; then it lets go of the events. A row that was there and was taken away by
 * somebody counts as written.
 */
export interface ProductState {
  id: MedusaId
  deleted: boolean
  /** Variants are made all at once, so that one of them says that all are there. */
  has_variants: boolean
  sales_channels: boolean
  shipping_profile: boolean
}

/** The states of those of these products that exist, soft-deleted ones included. */
export const readProductStates = async (
  db: Database,
  productIds: readonly MedusaId[],
): Promise<Map<MedusaId, ProductState>> => {
  const rows = await queryByIds(productIds, (chunk) =>
    query<ProductState>(
      db,
      `select p.id, p.deleted_at is not null as deleted,
              exists (select from product_variant v where v.product_id = p.id) as has_variants,
              exists (select from product_sales_channel l where l.product_id = p.id)
                as sales_channels,
              exists (select from product_shipping_profile l where l.product_id = p.id)
                as shipping_profile
         from product p where p.id = any(?)`,
      [chunk],
    ),
  )
  return new Map(rows.map((row) => [row.id, row]))
}

export interface VariantState {
  id: MedusaId
  /** Its stock is managed, and it never had an inventory item. */
  lacks_item: boolean
  /** It never had a price set. */
  lacks_prices: boolean
}

/** The states of those of these variants that exist; deleted ones lack nothing. */
export const readVariantStates = async (
  db: Database,
  variantIds: readonly MedusaId[],
): Promise<Map<MedusaId, VariantState>> => {
  const rows = await queryByIds(variantIds, (chunk) =>
    query<VariantState>(
      db,
      `select v.id,
              v.deleted_at is null and v.manage_inventory and not exists (
                select from product_variant_inventory_item l where l.variant_id = v.id)
                as lacks_item,
              v.deleted_at is null and not exists (
                select from product_variant_price_set l where l.variant_id = v.id)
                as lacks_prices
         from product_variant v where v.id = any(?)`,
      [chunk],
    ),
  )
  return new Map(rows.map((row) => [row.id, row]))
}
