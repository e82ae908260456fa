import { SubscriberArgs, SubscriberConfig } from "@medusajs/framework"
import { Modules } from "@medusajs/framework/utils"
import { isOwnEvent, markTranslated, runtimeOf } from "../runtime"

/** Marks records of which somebody edited a translation; does nothing without Medusa's module for them. */
export default async function erpTranslationEdited({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  if (isOwnEvent(event) || !container.hasRegistration(Modules.TRANSLATION)) {
    return
  }
  const runtime = await runtimeOf(container)
  await markTranslated(runtime, [event.data.id])
  runtime.wake(null)
}

export const config: SubscriberConfig = {
  event: ["translation.created", "translation.updated", "translation.deleted"],
  context: { subscriberId: "erp-translation-edited" },
}
