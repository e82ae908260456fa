import { CatalogCounts } from "../engine/ports"
import { MedusaId } from "../sync/ids"
import { Database, query, queryByIds } from "./database"

/** Live variants of live products by SKU or barcode, exactly as written. */
export const findVariants = (
  db: Database,
  by: "sku" | "barcode",
  values: string[],
): Promise<{ value: string; variant_id: MedusaId; product_id: MedusaId }[]> =>
  queryByIds(values, (chunk) =>
    query(
      db,
      `select v.${by} as value, v.id as variant_id, v.product_id
         from product_variant v
         join product p on p.id = v.product_id and p.deleted_at is null
        where v.${by} = any(?) and v.deleted_at is null order by v.${by}`,
      [chunk],
    ),
  )

/** Live rows of the native catalog. */
export const countCatalog = async (db: Database): Promise<CatalogCounts> => {
  const [row] = await query<Record<keyof CatalogCounts, string>>(
    db,
    `select (select count(*) from product where deleted_at is null) as products,
            (select count(*) from product_variant where deleted_at is null) as variants,
            (select count(*) from price where deleted_at is null) as prices,
            (select count(*) from inventory_level where deleted_at is null) as levels,
            (select count(*) from product_category where deleted_at is null) as categories`,
  )
  return {
    products: Number(row?.products ?? 0),
    variants: Number(row?.variants ?? 0),
    prices: Number(row?.prices ?? 0),
    levels: Number(row?.levels ?? 0),
    categories: Number(row?.categories ?? 0),
  }
}
