import { createStep, StepResponse } from "@medusajs/framework/workflows-sdk"
import { AcknowledgedLine, syncOf } from "../../runtime"

export interface AcknowledgeErpDemandInput {
  connection_id: string
  demands: AcknowledgedLine[]
}

/** Records what the ERP counts. There is nothing to undo: a statement that was made stays made. */
export const acknowledgeErpDemandStep = createStep(
  "acknowledge-erp-demand",
  async (input: AcknowledgeErpDemandInput, { container }) => {
    const sync = await syncOf(container)
    const acknowledged = await sync.acknowledge(input.connection_id, input.demands)
    return new StepResponse({ acknowledged })
  },
)
