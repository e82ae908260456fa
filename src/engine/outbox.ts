import { EngineContext } from "./context"
import { OutgoingEvent } from "./ports"

/** Emits events that were just committed; what fails to go out stays in the outbox for the next tick. */
export const flushEvents = async <Tx>(
  context: EngineContext<Tx>,
  groupId: string,
  ids: string[],
  events: OutgoingEvent[],
): Promise<void> => {
  if (events.length === 0) {
    return
  }
  try {
    await context.emit(groupId, events)
    await context.ledger.confirmEvents(ids)
  } catch (error) {
    context.log(
      "warn",
      `${events.length} events could not be emitted and will be sent again: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

const ABANDONED_MS = 30_000

/** Emits what a crash left behind between commit and emission. Subscribers may see an event twice. */
export const resendEvents = async <Tx>(context: EngineContext<Tx>): Promise<number> => {
  const pending = await context.ledger.pendingEvents(ABANDONED_MS, 500)
  const groups = new Map<string, typeof pending>()
  for (const entry of pending) {
    groups.set(entry.group_id, [...(groups.get(entry.group_id) ?? []), entry])
  }
  for (const [groupId, entries] of groups) {
    await flushEvents(
      context,
      groupId,
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.event),
    )
  }
  return pending.length
}
