import { MedusaId } from "../sync/ids"
import { Database, query, queryByIds } from "./database"

/** A product in a category. */
export interface Membership {
  category_id: MedusaId
  product_id: MedusaId
}

/**
 * A mark of each category's products, of no order: another one when a product came or went. The store
 * stamps neither the product nor the category when one is put into the other.
 */
export const readMembershipMarks = async (db: Database): Promise<Map<MedusaId, string>> => {
  const rows = await query<{ id: MedusaId; mark: string }>(
    db,
    `select product_category_id as id,
            count(*) || ':' || sum(hashtextextended(product_id, 0)) as mark
       from product_category_product group by 1`,
    [],
  )
  return new Map(rows.map(({ id, mark }) => [id, mark]))
}

/** The products of these categories. */
export const readMembers = (
  db: Database,
  categoryIds: readonly MedusaId[],
): Promise<Membership[]> =>
  queryByIds(categoryIds, (chunk) =>
    query<Membership>(
      db,
      `select product_category_id as category_id, product_id from product_category_product
        where product_category_id = any(?)`,
      [chunk],
    ),
  )
