import { IProductModuleService } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { CatalogContext } from "./context"
import { query } from "./database"

/**
 * Removes products of ours that were written without their variants, for good, as core's own
 * compensation does, so that they can be made anew under the same ids.
 */
export const removeHalfCreated = async (
  { container, db }: CatalogContext,
  productIds: string[],
): Promise<void> => {
  const rows = await query<{ id: string; option_id: string | null }>(
    db,
    `select p.id, option.id as option_id from product p
       left join product_product_option use on use.product_id = p.id
       left join product_option option on option.id = use.product_option_id and option.is_exclusive
      where p.id = any(?) and p.deleted_at is null
        and not exists (select from product_variant v where v.product_id = p.id)`,
    [productIds],
  )
  if (rows.length === 0) {
    return
  }
  const products: IProductModuleService = container.resolve(Modules.PRODUCT)
  await products.deleteProducts([...new Set(rows.map((row) => row.id))])
  const optionIds = rows.flatMap((row) => row.option_id ?? [])
  if (optionIds.length > 0) {
    await products.deleteProductOptions(optionIds)
  }
}
