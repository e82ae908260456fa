import type { Change, RequestOptions } from "../../contract"
import type { OdooSession } from "../session"
import { Count, dueCounts } from "./counts"
import { countAt, Counting } from "./counting"
import type { Outcomes } from "./outcomes"

export type WriteStock = (
  changes: readonly Change[],
  options: RequestOptions,
  outcomes: Outcomes,
) => Promise<void>

/**
 * Writes counts of stock, one batch after another: two counts at one location get into each other's
 * way in Odoo, even of different goods.
 * @throws SyncError before anything was sent
 */
export const createStockWriter = (session: OdooSession): WriteStock => {
  let last: Promise<void> = Promise.resolve()
  return (changes, options, outcomes) => {
    const run = last.then(() => writeCounts(session, changes, options, outcomes))
    last = run.catch(() => {})
    return run
  }
}

const writeCounts = async (
  session: OdooSession,
  changes: readonly Change[],
  options: RequestOptions,
  outcomes: Outcomes,
): Promise<void> => {
  const places = new Map<number, Count[]>()
  for (const count of await dueCounts(session, changes, options, outcomes)) {
    places.set(count.location, [...(places.get(count.location) ?? []), count])
  }
  const state: Counting = { session, options, outcomes, stopped: null }
  for (const counts of places.values()) await countAt(state, counts)
}
