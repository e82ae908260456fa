import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { syncOf } from "../../../../../runtime"
import { ConnectionView } from "../../../../../runtime/views"
import { notFound } from "../../answers"

/** One connection. */
export const GET = async (
  req: AuthenticatedMedusaRequest,
  res: MedusaResponse<{ connection: ConnectionView }>,
) => {
  const { id = "" } = req.params
  const connection = await (await syncOf(req.scope)).connection(id)
  if (!connection) throw notFound("connection", id)
  res.json({ connection })
}
