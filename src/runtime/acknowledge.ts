import { MedusaError } from "@medusajs/framework/utils"
import { readLineStock } from "../catalog"
import { ConnectionId } from "../sync/ids"
import { markStock } from "./marks"
import { Runtime } from "./runtime"

/** Web demand that an ERP, or what stands between, says it counts in its figures from now on. */
export interface AcknowledgedLine {
  line_item_id: string
  kind: "reserved" | "issued"
  /** In inventory units; the whole line when left out. */
  quantity?: string | null | undefined
  /** One stock location; all of the line's when left out. */
  location_id?: string | undefined
}

/**
 * Records that the ERP counts these order lines, and has the stock of their variants looked at again.
 * Saying the same twice changes nothing.
 * @returns how many statements were new
 * @throws MedusaError when a line has neither a reservation nor a fulfilment in the store
 */
export const acknowledgeDemand = async (
  runtime: Runtime,
  connection: ConnectionId,
  lines: AcknowledgedLine[],
): Promise<number> => {
  const places = await readLineStock(runtime.db, [
    ...new Set(lines.map((line) => line.line_item_id)),
  ])
  const demands = lines.flatMap((line) => {
    const own = places.filter(
      (place) =>
        place.line_item_id === line.line_item_id &&
        (line.location_id === undefined || place.location_id === line.location_id),
    )
    if (own.length === 0) {
      throw new MedusaError(
        MedusaError.Types.NOT_FOUND,
        `Order line "${line.line_item_id}" has no reservation or fulfilment${line.location_id ? ` at "${line.location_id}"` : ""} in this store.`,
      )
    }
    return own.map((place) => ({
      line_item_id: line.line_item_id,
      inventory_item_id: place.inventory_item_id,
      location_id: place.location_id,
      kind: line.kind,
      quantity: line.quantity ?? null,
    }))
  })
  const count = await runtime.ledger.acknowledge(connection, demands)
  await markStock(runtime, [...new Set(demands.map((demand) => demand.inventory_item_id))])
  return count
}
