import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { syncOf } from "../../../../runtime"
import { HealthView } from "../../../../runtime/views"

/** Whether the sync is alive, for a monitor: instances, backlog and lag of every connection. */
export const GET = async (
  req: AuthenticatedMedusaRequest,
  res: MedusaResponse<{ health: HealthView }>,
) => {
  res.json({ health: await (await syncOf(req.scope)).health() })
}
