import { container as store } from "@medusajs/framework"
import { MedusaContainer } from "@medusajs/framework/types"
import { onStart } from "../modules/erp"
import { ErpSync } from "./facade"
import { runtimeOf } from "./runtime"
import { createSync } from "./sync-facade"

export type { ErpSync } from "./facade"
export type * from "./two-way-views"
export type * from "./views"
export { runtimeOf } from "./runtime"
export type { Runtime } from "./runtime"
export { isOwnEvent, markEdited, markMovedStock } from "./marks"
export { markTranslated } from "./mark-translated"
export type { AcknowledgedLine } from "./acknowledge"
export type { ErpEvent, ErpEventName, ErpEvents } from "./events"
export { hookDoorOf, MOST_BYTES } from "./hooks"
export type { HookHead, HookReply } from "./hooks"
export { beat, tick } from "./tick"

// Every entry point imports this room, so a process takes part from its start, not from its first tick.
onStart(async () => {
  await runtimeOf(store)
})

/** The sync of this store, as the control room, scripts and workflows use it. */
export const syncOf = async (container: MedusaContainer): Promise<ErpSync> =>
  createSync(await runtimeOf(container))
