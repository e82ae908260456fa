import { MedusaId } from "../sync/ids"
import { Database, query } from "./database"

/**
 * Live records of the store that a person may mean: products and categories whose name has these words in
 * it, variants with this SKU or barcode; exact ones first, at most `limit`.
 */
export const findRecords = async (
  db: Database,
  words: string,
  limit: number,
): Promise<MedusaId[]> => {
  const like = `%${words.replace(/[\\%_]/g, "\\$&")}%`
  const rows = await query<{ id: MedusaId }>(
    db,
    `select id from (
       select id, 0 as rank from product_variant
        where (sku = ? or barcode = ?) and deleted_at is null
       union all
       (select id, case when title = ? then 1 else 2 end from product
         where title ilike ? and deleted_at is null order by 2, id limit ?)
       union all
       (select id, case when name = ? then 1 else 2 end from product_category
         where name ilike ? and deleted_at is null order by 2, id limit ?)) as found
      order by rank, id limit ?`,
    [words, words, words, like, limit, words, like, limit, limit],
  )
  return rows.map(({ id }) => id)
}
