import { IEventBusModuleService, MedusaContainer } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { OutgoingEvent } from "../engine/ports"
import { isModuleEvent } from "./catalog-events"
import { chunksOf, groupBy } from "./database"

/** A burst of more doubles the emitting process's memory. */
const EVENTS_PER_CHUNK = 500

/**
 * Emits events as Medusa's own flows do: grouped, then released, so that subscribers see the group id
 * in `metadata.eventGroupId`.
 *
 * @param groupId must not be in use by a workflow that is still running: when one fails, core drops
 *   all events waiting in its group.
 */
export const emitEvents = async (
  container: MedusaContainer,
  groupId: string,
  events: readonly OutgoingEvent[],
): Promise<void> => {
  const bus: IEventBusModuleService = container.resolve(Modules.EVENT_BUS)
  for (const chunk of chunksOf(events, EVENTS_PER_CHUNK)) {
    for (const [internal, group] of groupBy(chunk, (event) => isModuleEvent(event.name))) {
      await bus.emit(
        group.map(({ name, data }) => ({ name, data, metadata: { eventGroupId: groupId } })),
        internal ? { internal } : {},
      )
    }
    await bus.releaseGroupedEvents(groupId)
  }
}
