import { Module } from "@medusajs/framework/utils"
import loadOptions from "./loaders/options"
import { ErpModuleService } from "./service"

export type { ErpLedger } from "./ledger"
export type {
  ConnectionInput,
  ConnectionOptions,
  CustomConnector,
  Duration,
  ErpOptions,
  ErpPluginOptions,
} from "./options"
export { onStart } from "./on-start"
export type { EngineHandle, ErpModuleService } from "./service"

/** Key under which the container holds the module's service. */
export const ERP_MODULE = "erp"

export default Module(ERP_MODULE, { service: ErpModuleService, loaders: [loadOptions] })
