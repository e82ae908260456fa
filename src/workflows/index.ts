export { acknowledgeErpDemandWorkflow } from "./acknowledge-erp-demand"
export type { AcknowledgeErpDemandInput } from "./steps/acknowledge-erp-demand"
export { startErpSyncWorkflow } from "./start-erp-sync"
export type { StartErpSyncInput } from "./steps/start-erp-sync"
