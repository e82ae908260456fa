import { MedusaId } from "../sync/ids"
import { Database, query } from "./database"

/** A stock level of a variant that was changed. */
export interface MovedLevel {
  variant_id: MedusaId
  location_id: MedusaId
  /** What is stocked there now, as exact text; null where the level is deleted. */
  stocked: string | null
}

export interface MovedStock {
  levels: MovedLevel[]
  /** Variants of which something was reserved or released. */
  reserved: MedusaId[]
}

const VARIANTS = `product_variant_inventory_item i on i.inventory_item_id = moved.inventory_item_id
  and i.deleted_at is null`

/**
 * Stock that was changed after a moment and not after another, whoever changed it. One query a table.
 * @param since time of the store's clock, ISO; exclusive
 * @param until time of the store's clock, ISO; inclusive
 */
export const readMovedStock = async (
  db: Database,
  since: string,
  until: string,
): Promise<MovedStock> => {
  const levels = await query<MovedLevel>(
    db,
    `select i.variant_id, moved.location_id,
            case when moved.deleted_at is null then trim_scale(moved.stocked_quantity)::text end
              as stocked
       from inventory_level moved join ${VARIANTS}
      where greatest(moved.updated_at, moved.deleted_at) > ?::timestamptz
        and greatest(moved.updated_at, moved.deleted_at) <= ?::timestamptz`,
    [since, until],
  )
  const reserved = await query<{ variant_id: MedusaId }>(
    db,
    `select distinct i.variant_id from reservation_item moved join ${VARIANTS}
      where greatest(moved.updated_at, moved.deleted_at) > ?::timestamptz
        and greatest(moved.updated_at, moved.deleted_at) <= ?::timestamptz`,
    [since, until],
  )
  return { levels, reserved: reserved.map((row) => row.variant_id) }
}
