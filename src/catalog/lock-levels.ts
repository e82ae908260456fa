import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { LockedLevel } from "../sync/stock-types"
import { query, withLockTimeout } from "./database"
import { findLevels, missingLevel } from "./read-levels"
import { pairColumns, pairKey, PAIRS, StockPair } from "./stock-pairs"
import { LOCK_TIMEOUT_MS } from "./write-values"

/**
 * Locks the levels of these pairs without waiting. A pair without a live level comes with a null id,
 * its item locked so that nobody else creates the level meanwhile. Pairs that are busy, and pairs
 * whose item or location is gone, are missing from the answer.
 *
 * @param locking `none` for a writer that works through another connection and would wait for itself
 */
export const lockLevels = async (
  tx: Knex.Transaction,
  pairs: readonly StockPair[],
  locking: "rows" | "none" = "rows",
): Promise<LockedLevel[]> => {
  if (pairs.length === 0) {
    return []
  }
  return withLockTimeout(tx, LOCK_TIMEOUT_MS, async () => {
    const absent = await absentPairs(tx, pairs)
    const creatable = await lockCreatable(tx, absent, locking)
    const levels = await findLevels(
      tx,
      pairs,
      locking === "rows" ? "for no key update of level skip locked" : "",
    )
    const present = new Set(levels.map(pairKey))
    const stillAbsent = new Set((await absentPairs(tx, creatable)).map(pairKey))
    const created = creatable
      .filter((pair) => stillAbsent.has(pairKey(pair)) && !present.has(pairKey(pair)))
      .map(missingLevel)
    return [...levels, ...created]
  })
}

const absentPairs = (tx: Knex.Transaction, pairs: readonly StockPair[]): Promise<StockPair[]> =>
  query<StockPair>(
    tx,
    `select pair.inventory_item_id, pair.location_id from ${PAIRS}
      where not exists (
        select from inventory_level level
         where level.inventory_item_id = pair.inventory_item_id
           and level.location_id = pair.location_id and level.deleted_at is null)`,
    pairColumns(pairs),
  )

/** A new level's foreign key waits for this lock of its item. */
const lockCreatable = async (
  tx: Knex.Transaction,
  pairs: readonly StockPair[],
  locking: "rows" | "none",
): Promise<StockPair[]> => {
  if (pairs.length === 0) {
    return []
  }
  const [itemIds, locationIds] = pairColumns(pairs)
  const items = await query<{ id: string }>(
    tx,
    `select id from inventory_item where id = any(?) and deleted_at is null
      order by id ${locking === "rows" ? "for update skip locked" : ""}`,
    [itemIds],
  )
  const locations = await query<{ id: string }>(
    tx,
    "select id from stock_location where id = any(?) and deleted_at is null",
    [locationIds],
  )
  const usable = new Set([...items, ...locations].map((row) => row.id))
  return pairs.filter((pair) => usable.has(pair.inventory_item_id) && usable.has(pair.location_id))
}
