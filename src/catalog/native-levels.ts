import { IInventoryService } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { LevelWrite, OutgoingEvent } from "../engine/ports"
import { equalDecimals } from "../sync/decimal"
import { EventCollector } from "./catalog-events"
import { CatalogContext } from "./context"

/**
 * Stock levels through the inventory module, for a Medusa whose tables are not those that were tested.
 * The levels are not locked; Medusa's lock on the items, held by the caller, keeps core's flows out.
 */
export const writeLevelsNatively = async (
  { container }: CatalogContext,
  writes: readonly LevelWrite[],
): Promise<{ events: OutgoingEvent[]; writes: number }> => {
  const inventory: IInventoryService = container.resolve(Modules.INVENTORY)
  const events = new EventCollector()
  const missing = writes.filter(({ level }) => level.id === null)
  const changed = writes.filter(
    ({ level, to }) => level.id !== null && !equalDecimals(level.stocked, to),
  )
  if (missing.length > 0) {
    const levels = await inventory.createInventoryLevels(missing.map(inputOf))
    events.add(
      "level_created",
      levels.map((level) => level.id),
    )
  }
  if (changed.length > 0) {
    const levels = await inventory.updateInventoryLevels(changed.map(inputOf))
    events.add(
      "level_updated",
      levels.map((level) => level.id),
    )
  }
  return { events: events.toWorkflowEvents(), writes: missing.length + changed.length }
}

const inputOf = ({ level, to }: LevelWrite) => ({
  inventory_item_id: level.inventory_item_id,
  location_id: level.location_id,
  stocked_quantity: Number(to),
})
