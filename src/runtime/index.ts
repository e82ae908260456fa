import { MedusaContainer } from "@medusajs/framework/types"
import { ErpSync } from "./facade"
import { runtimeOf } from "./runtime"
import { createSync } from "./sync-facade"

export type { ErpSync } from "./facade"
export type * from "./views"
export { runtimeOf } from "./runtime"
export type { Runtime } from "./runtime"
export { isOwnEvent, markEdited, markMovedStock } from "./marks"
export type { AcknowledgedLine } from "./acknowledge"
export { beat, tick } from "./tick"

/** The sync of this store, as the control room, scripts and workflows use it. */
export const syncOf = async (container: MedusaContainer): Promise<ErpSync> =>
  createSync(await runtimeOf(container))
