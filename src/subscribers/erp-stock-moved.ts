import { SubscriberArgs, SubscriberConfig } from "@medusajs/framework"
import { isOwnEvent, markMovedStock, runtimeOf } from "../runtime"

/** What may change how much of an item is sellable, or what of it the ERP does not count. */
export default async function erpStockMoved({
  event,
  container,
}: SubscriberArgs<{ id?: string; fulfillment_id?: string }>): Promise<void> {
  const id = event.data.fulfillment_id ?? event.data.id
  if (isOwnEvent(event) || id === undefined) {
    return
  }
  const runtime = await runtimeOf(container)
  await markMovedStock(runtime, event.name, [id])
  runtime.wake(null)
}

export const config: SubscriberConfig = {
  event: [
    "inventory-level.created",
    "inventory-level.updated",
    "inventory-level.deleted",
    "reservation-item.created",
    "reservation-item.updated",
    "reservation-item.deleted",
    "order.fulfillment_created",
    "order.fulfillment_canceled",
  ],
  context: { subscriberId: "erp-stock-moved" },
}
