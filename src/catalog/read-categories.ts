import { MedusaId } from "../sync/ids"
import { MedusaCategory } from "../sync/snapshot"
import { Database, query, queryByIds } from "./database"

/** Categories by id, soft-deleted ones flagged; unknown ids are absent. */
export const readCategories = async (
  db: Database,
  ids: MedusaId[],
): Promise<Map<MedusaId, MedusaCategory>> => {
  const rows = await queryByIds(ids, (chunk) =>
    query<MedusaCategory>(
      db,
      `select id, deleted_at is not null as deleted, name, is_active, parent_category_id as parent_id
         from product_category where id = any(?)`,
      [chunk],
    ),
  )
  return new Map(rows.map((row) => [row.id, row]))
}
