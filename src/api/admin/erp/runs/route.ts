import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { syncOf } from "../../../../runtime"
import { RunView } from "../../../../runtime/views"
import { ListRuns } from "../validators"

/** Runs, newest first. */
export const GET = async (
  req: AuthenticatedMedusaRequest<unknown, ListRuns>,
  res: MedusaResponse<{ runs: RunView[]; count: number; limit: number; offset: number }>,
) => {
  const { limit, offset } = req.validatedQuery
  const { runs, count } = await (await syncOf(req.scope)).runs(req.validatedQuery)
  res.json({ runs, count, limit, offset })
}
