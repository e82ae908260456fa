import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { syncOf } from "../../../../../runtime"
import { RunView } from "../../../../../runtime/views"
import { notFound } from "../../answers"

/** One run. */
export const GET = async (
  req: AuthenticatedMedusaRequest,
  res: MedusaResponse<{ run: RunView }>,
) => {
  const { id = "" } = req.params
  const run = await (await syncOf(req.scope)).run(id)
  if (!run) throw notFound("run", id)
  res.json({ run })
}
