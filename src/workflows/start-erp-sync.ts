import { createWorkflow, WorkflowData, WorkflowResponse } from "@medusajs/framework/workflows-sdk"
import { StartErpSyncInput, startErpSyncStep } from "./steps/start-erp-sync"

/**
 * Starts a synchronisation of one connection. It returns at once; the run goes on in a worker.
 *
 * @example
 * await startErpSyncWorkflow(container).run({ input: { connection_id: "odoo-main", kind: "delta" } })
 */
export const startErpSyncWorkflow = createWorkflow(
  "start-erp-sync",
  (input: WorkflowData<StartErpSyncInput>) => new WorkflowResponse(startErpSyncStep(input)),
)
