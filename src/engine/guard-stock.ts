import { isZero } from "../sync/decimal"
import { tripsMassChange } from "../sync/guards"
import { mappingsByLocation } from "../sync/stock"
import { LockedLevel } from "../sync/stock-types"
import { EngineContext } from "./context"
import { Candidate, GuardContext, Guarding, heldBack } from "./guards"
import { Catalog, ParkedRecord } from "./ports"
import { pairsOf, Stockable } from "./stockable"

/**
 * Guards levels that would fall to zero because the ERP, asked by id, did not answer for them. An
 * explicit zero is no absence and applies.
 */
export const guardAbsentStock = async (
  context: GuardContext & { catalog: Pick<Catalog<unknown>, "readLevels"> },
  connected: Guarding,
  entries: Stockable[],
): Promise<{ allowed: Stockable[]; parked: ParkedRecord[] }> => {
  const absent = new Map(
    entries.filter((entry) => entry.absent).map((entry) => [entry.inventory_item_id, entry]),
  )
  if (absent.size === 0) {
    return { allowed: entries, parked: [] }
  }
  const levels = await context.catalog.readLevels(pairsOf([...absent.values()]))
  const candidates = levels.flatMap((level) => zeroed(absent.get(level.inventory_item_id), level))
  const { held, parked } = await heldBack(context, connected, candidates, {
    kind: "absent_stock",
    linked: await linkedLevels(context, connected),
    share: connected.guards.absent_share,
    today: () => context.ledger.countAbsentStock(connected.id),
    what: "Stock levels would fall to 0 because the ERP names them no more",
  })
  const waiting = new Set(held.map((change) => change.erp_id))
  return { allowed: entries.filter((entry) => !waiting.has(entry.erp_id)), parked }
}

const zeroed = (entry: Stockable | undefined, level: LockedLevel): Candidate[] => {
  const field = `stock:${level.location_id}`
  const falls = level.id !== null && !isZero(level.stocked) && entry?.link.base_erp[field] !== "0"
  return entry && falls
    ? [
        {
          side: "medusa",
          stream: "stock",
          key: entry.erp_id,
          entity: "variant",
          erp_id: entry.erp_id,
          field,
          from: level.stocked,
          to: "0",
        },
      ]
    : []
}

const linkedLevels = async (context: GuardContext, connected: Guarding): Promise<number> =>
  (await context.ledger.linkCounts(connected.id)).variant * mappingsByLocation(connected.rules).size

/** Zeroes that the ERP stated apply, whatever their number; unusually many are told. */
export const tellZeroes = async (
  context: GuardContext & Pick<EngineContext<unknown>, "log">,
  connected: Guarding,
  zeroes: number,
): Promise<void> => {
  const share = connected.guards.absent_share
  // Without asking the database: fewer than the smallest limit are never unusual.
  if (!tripsMassChange({ today: 0, batch: zeroes, linked: 0, share })) {
    return
  }
  const linked = await linkedLevels(context, connected)
  if (tripsMassChange({ today: 0, batch: zeroes, linked, share })) {
    context.log(
      "warn",
      `${connected.id}: the ERP set ${zeroes} of ${linked} stock levels to 0 at once; they were applied.`,
    )
  }
}
