import { addDecimals, maxDecimal, minDecimal, subtractDecimals } from "./decimal"
import { ErpVariantStock } from "./canonical"
import { MedusaId } from "./ids"
import { Rules, StockMapping } from "./rules"
import { Fulfilled, KnownDemand, OpenReservation } from "./stock-types"

/** What is known of one inventory item at one location when its target is computed. */
export interface DemandAt {
  reservations: OpenReservation[]
  fulfilled: Fulfilled[]
  known: KnownDemand[]
}

export interface StockTarget {
  /** What `stocked_quantity` is to be. */
  stocked: string
  /** When a demand that is not counted by now will be counted by the clock, ISO; null when none will. */
  recheck_at: string | null
}

/** The ERP's figure for a location: the sum over its warehouses, of the configured basis. */
export const figureFor = (stock: ErpVariantStock, mappings: StockMapping[]): string =>
  addDecimals(
    "0",
    ...mappings.map((mapping) => {
      const level = stock.levels.find((entry) => entry.warehouse === mapping.erp)
      return level ? level[mapping.basis] : "0"
    }),
  )

const iso = (ms: number): string => new Date(ms).toISOString()

/**
 * Turns an ERP figure into Medusa's `stocked_quantity`, so that what is sellable (stocked less
 * reserved) never counts a piece that a web order has taken and the ERP's figure does not know of:
 *
 * - `available`: figure + R - F, R being open reservations that the ERP has reserved too, F what was
 *   fulfilled and is neither reserved nor issued there;
 * - `on_hand`: figure - F, F being what was fulfilled and is not issued there.
 *
 * A demand counts as known to a reading only if it was acknowledged, or its time had ended, before the
 * reading's request began (`readAt`, database time, ISO). Never below zero.
 */
export const stockTarget = (
  figure: string,
  basis: StockMapping["basis"],
  demand: DemandAt,
  orders: Rules["orders"],
  readAt: string,
): StockTarget => {
  const reading = Date.parse(readAt)
  const lines = new Set([
    ...demand.fulfilled.map((entry) => entry.line_item_id),
    ...demand.reservations.flatMap((entry) => (entry.line_item_id ? [entry.line_item_id] : [])),
  ])
  let reserved = "0"
  let uncounted = "0"
  const rechecks: number[] = []

  for (const line of lines) {
    const fulfilled = demand.fulfilled.filter((entry) => entry.line_item_id === line)
    const open = demand.reservations.filter((entry) => entry.line_item_id === line)
    const total = addDecimals("0", ...fulfilled.map((entry) => entry.quantity))
    const settled = settledByClock(fulfilled, basis, orders, reading, rechecks)
    const acknowledged = acknowledgedUnits(line, demand.known, basis, reading, total)
    uncounted = addDecimals(
      uncounted,
      maxDecimal("0", subtractDecimals(total, maxDecimal(settled, acknowledged))),
    )
    if (basis === "available") {
      reserved = addDecimals(
        reserved,
        reservedInErp(line, open, demand.known, orders, reading, total, rechecks),
      )
    }
  }
  return {
    stocked: maxDecimal("0", subtractDecimals(addDecimals(figure, reserved), uncounted)),
    recheck_at: rechecks.length > 0 ? iso(Math.min(...rechecks) + 1000) : null,
  }
}

const settledByClock = (
  fulfilled: Fulfilled[],
  basis: StockMapping["basis"],
  orders: Rules["orders"],
  reading: number,
  rechecks: number[],
): string => {
  if (orders.counted !== "fulfilled" && orders.counted !== "placed") {
    return "0"
  }
  return addDecimals(
    "0",
    ...fulfilled.map((entry) => {
      const times = [Date.parse(entry.fulfilled_at) + orders.settle_after_ms]
      if (orders.counted === "placed" && basis === "available" && entry.ordered_at) {
        times.push(Date.parse(entry.ordered_at) + orders.lag_ms)
      }
      const settles = Math.min(...times)
      if (settles < reading) {
        return entry.quantity
      }
      rechecks.push(settles)
      return "0"
    }),
  )
}

/** Units of a line that an acknowledgement made known before the reading began, whole lines as `whole`. */
const acknowledgedUnits = (
  line: string,
  known: KnownDemand[],
  basis: StockMapping["basis"],
  reading: number,
  whole: string,
): string =>
  maxDecimal(
    "0",
    ...known
      .filter(
        (entry) =>
          entry.line_item_id === line &&
          Date.parse(entry.known_at) < reading &&
          (entry.kind === "issued" || basis === "available"),
      )
      .map((entry) => entry.quantity ?? whole),
  )

const reservedInErp = (
  line: string,
  open: OpenReservation[],
  known: KnownDemand[],
  orders: Rules["orders"],
  reading: number,
  fulfilled: string,
  rechecks: number[],
): string => {
  const acknowledged = known.filter(
    (entry) => entry.line_item_id === line && Date.parse(entry.known_at) < reading,
  )
  return addDecimals(
    "0",
    ...open.map((entry) => {
      // A reservation without an order line, or beyond what is outstanding, is never known to the ERP.
      const most = minDecimal(entry.quantity, entry.outstanding ?? "0")
      if (acknowledged.length > 0) {
        const units = acknowledged.map((ack) =>
          ack.quantity === null ? most : maxDecimal("0", subtractDecimals(ack.quantity, fulfilled)),
        )
        return minDecimal(most, maxDecimal("0", ...units))
      }
      if (orders.counted !== "placed") {
        return "0"
      }
      const counts = Date.parse(entry.created_at) + orders.lag_ms
      if (counts < reading) {
        return maxDecimal("0", most)
      }
      rechecks.push(counts)
      return "0"
    }),
  )
}

/** The oldest fulfilment that can still be unknown to a reading; older ones were settled. */
export const demandSince = (
  orders: Rules["orders"],
  readAt: string,
  connectedAt: string,
): string =>
  orders.counted === "acknowledged" || orders.counted === "never"
    ? connectedAt
    : iso(Date.parse(readAt) - orders.settle_after_ms - 60_000)

/** Mappings by stock location: several warehouses may be summed into one. */
export const mappingsByLocation = (rules: Rules): Map<MedusaId, StockMapping[]> => {
  const byLocation = new Map<MedusaId, StockMapping[]>()
  for (const mapping of rules.stock) {
    byLocation.set(mapping.location_id, [...(byLocation.get(mapping.location_id) ?? []), mapping])
  }
  return byLocation
}
