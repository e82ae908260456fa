import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { ExplainView, syncOf } from "../../../../runtime"
import { Explain } from "../two-way-validators"

/** Everything about a record: both sides now, what was agreed on, who decides, and what comes next. */
export const GET = async (
  req: AuthenticatedMedusaRequest<unknown, Explain>,
  res: MedusaResponse<{ explanation: ExplainView }>,
) => {
  const sync = await syncOf(req.scope)
  res.json({ explanation: await sync.explain(req.validatedQuery.q) })
}
