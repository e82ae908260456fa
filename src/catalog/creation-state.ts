import { MedusaId } from "../sync/ids"
import { Database, query, queryByIds } from "./database"

/**
 * How far the creation of a product came. Core writes, each in a transaction of its own: product with
 * options and categories; sales channels; shipping profile; variants; links of inventory items; price
 * sets; links of price sets; then it lets go of the events. A row that was there and was taken away by
 * somebody counts as written.
 */
export interface CreationState {
  id: MedusaId
  deleted: boolean
  /** Variants are made all at once, so that one of them says that all are there. */
  has_variants: boolean
  variant_ids: MedusaId[]
  sales_channels: boolean
  shipping_profile: boolean
  /** Variants that never had an inventory item. */
  without_item: MedusaId[]
  /** Variants that never had a price set. */
  without_prices: MedusaId[]
}

/** The states of those of these products that exist, soft-deleted ones included. */
export const readCreationStates = async (
  db: Database,
  productIds: readonly MedusaId[],
): Promise<Map<MedusaId, CreationState>> => {
  const rows = await queryByIds(productIds, (chunk) =>
    query<CreationState>(
      db,
      `select p.id, p.deleted_at is not null as deleted,
              coalesce(bool_or(v.id is not null), false) as has_variants,
              coalesce(array_agg(v.id) filter (where v.id is not null), '{}') as variant_ids,
              exists (select from product_sales_channel l where l.product_id = p.id)
                as sales_channels,
              exists (select from product_shipping_profile l where l.product_id = p.id)
                as shipping_profile,
              coalesce(array_agg(v.id) filter (where v.manage_inventory and v.deleted_at is null
                and not exists (select from product_variant_inventory_item l
                                 where l.variant_id = v.id)), '{}') as without_item,
              coalesce(array_agg(v.id) filter (where v.id is not null and v.deleted_at is null
                and not exists (select from product_variant_price_set l
                                 where l.variant_id = v.id)), '{}') as without_prices
         from product p left join product_variant v on v.product_id = p.id
        where p.id = any(?) group by p.id`,
      [chunk],
    ),
  )
  return new Map(rows.map((row) => [row.id, row]))
}
