import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { syncOf } from "../../../../runtime"
import { ConnectionView } from "../../../../runtime/views"

/** All connections, with what they are doing. */
export const GET = async (
  req: AuthenticatedMedusaRequest,
  res: MedusaResponse<{ connections: ConnectionView[] }>,
) => {
  res.json({ connections: await (await syncOf(req.scope)).connections() })
}
