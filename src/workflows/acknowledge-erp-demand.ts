import { createWorkflow, WorkflowData, WorkflowResponse } from "@medusajs/framework/workflows-sdk"
import { AcknowledgeErpDemandInput, acknowledgeErpDemandStep } from "./steps/acknowledge-erp-demand"

/**
 * Tells the sync which web orders the ERP has reserved or issued, so that its stock figures and the
 * store's reservations are not counted twice. Saying the same again changes nothing.
 *
 * @example
 * await acknowledgeErpDemandWorkflow(container).run({
 *   input: { connection_id: "odoo-main", demands: [{ line_item_id, kind: "issued" }] },
 * })
 */
export const acknowledgeErpDemandWorkflow = createWorkflow(
  "acknowledge-erp-demand",
  (input: WorkflowData<AcknowledgeErpDemandInput>) =>
    new WorkflowResponse(acknowledgeErpDemandStep(input)),
)
