import { MedusaId } from "../sync/ids"
import { Rules } from "../sync/rules"
import { DemandAt, demandSince, StockTarget, stockTarget } from "../sync/stock"
import { LockedLevel } from "../sync/stock-types"
import { Batch, Connected, EngineContext } from "./context"
import { pairsOf, Stockable } from "./stockable"

/** Levels by item and location. */
export const indexLevels = (levels: LockedLevel[]): Map<string, LockedLevel> =>
  new Map(levels.map((level) => [`${level.inventory_item_id}/${level.location_id}`, level]))

/** Web demand by item and location. */
export type Demand = Map<string, DemandAt>

/** What web orders hold of these items, and what of it the ERP is known to count. */
export const readDemand = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  entries: Stockable[],
  tx: Tx | null,
): Promise<Demand> => {
  const pairs = pairsOf(entries)
  const connection = await context.ledger.connection(connected.id)
  const since = demandSince(
    connected.rules.orders,
    batch.read_at,
    connection?.created_at ?? batch.read_at,
  )
  const reservations = await context.catalog.readReservations(tx, pairs)
  const fulfilled = await context.catalog.readFulfilled(tx, pairs, since)
  const known = await context.ledger.knownDemand(tx, connected.id, pairs)
  const demand: Demand = new Map()
  const at = (entry: { inventory_item_id: MedusaId; location_id: MedusaId }): DemandAt => {
    const key = `${entry.inventory_item_id}/${entry.location_id}`
    const present = demand.get(key) ?? { reservations: [], fulfilled: [], known: [] }
    demand.set(key, present)
    return present
  }
  reservations.forEach((entry) => at(entry).reservations.push(entry))
  fulfilled.forEach((entry) => at(entry).fulfilled.push(entry))
  known.forEach((entry) => at(entry).known.push(entry))
  return demand
}

/** What a level is to hold, given the ERP's figure. */
export const targetOf = (
  rules: Rules,
  entry: Stockable,
  location: MedusaId,
  figure: string,
  demand: Demand,
  readAt: string,
): StockTarget =>
  entry.link.state === "gone"
    ? { stocked: "0", recheck_at: null }
    : stockTarget(
        figure,
        entry.basis.get(location) ?? "available",
        demand.get(`${entry.inventory_item_id}/${location}`) ?? {
          reservations: [],
          fulfilled: [],
          known: [],
        },
        rules.orders,
        readAt,
      )
