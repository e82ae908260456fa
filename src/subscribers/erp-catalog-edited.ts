import { SubscriberArgs, SubscriberConfig } from "@medusajs/framework"
import { isOwnEvent, markEdited, runtimeOf } from "../runtime"

/** Marks records that somebody edited in the store; the look that follows decides what it means. */
export default async function erpCatalogEdited({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  if (isOwnEvent(event)) {
    return
  }
  const runtime = await runtimeOf(container)
  await markEdited(runtime, event.name, [event.data.id])
  runtime.wake(null)
}

export const config: SubscriberConfig = {
  event: [
    "product.created",
    "product.updated",
    "product.deleted",
    "product-variant.created",
    "product-variant.updated",
    "product-variant.deleted",
    "product-category.updated",
    "product-category.deleted",
    "product-option.created",
    "product-option.updated",
    "product-option.deleted",
    "product-option-value.updated",
    "product-option-value.deleted",
  ],
  context: { subscriberId: "erp-catalog-edited" },
}
