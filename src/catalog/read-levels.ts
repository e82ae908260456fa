import { canonicalDecimal } from "../sync/decimal"
import { LockedLevel } from "../sync/stock-types"
import { Database, query } from "./database"
import { pairColumns, pairKey, PAIRS, StockPair } from "./stock-pairs"

/** The levels of these pairs as they stand; a pair without a live level has a null id. */
export const readLevels = async (
  db: Database,
  pairs: readonly StockPair[],
): Promise<LockedLevel[]> => {
  const found = new Map((await findLevels(db, pairs)).map((level) => [pairKey(level), level]))
  return pairs.map((pair) => found.get(pairKey(pair)) ?? missingLevel(pair))
}

export const missingLevel = ({ inventory_item_id, location_id }: StockPair): LockedLevel => ({
  id: null,
  inventory_item_id,
  location_id,
  stocked: "0",
  reserved: "0",
})

/** The live levels of these pairs, locked or not. */
export const findLevels = async (
  db: Database,
  pairs: readonly StockPair[],
  locking: "" | "for no key update of level skip locked" = "",
): Promise<LockedLevel[]> => {
  if (pairs.length === 0) {
    return []
  }
  const rows = await query<LockedLevel>(
    db,
    `select level.id, level.inventory_item_id, level.location_id,
            coalesce(level.raw_stocked_quantity->>'value', level.stocked_quantity::text) as stocked,
            coalesce(level.raw_reserved_quantity->>'value', level.reserved_quantity::text) as reserved
       from inventory_level level
       join inventory_item item on item.id = level.inventory_item_id and item.deleted_at is null
      where (level.inventory_item_id, level.location_id) in (select * from ${PAIRS})
        and level.deleted_at is null
      order by level.id ${locking}`,
    pairColumns(pairs),
  )
  return rows.map((row) => ({
    ...row,
    stocked: canonicalDecimal(row.stocked),
    reserved: canonicalDecimal(row.reserved),
  }))
}
