import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { DifferenceCount, DifferenceView, syncOf } from "../../../../runtime"
import { ListDifferences } from "../two-way-validators"

/**
 * Fields on which both sides differ and which are left so, oldest first; `counts` are those of all kinds
 * and reasons, whatever is asked for.
 */
export const GET = async (
  req: AuthenticatedMedusaRequest<unknown, ListDifferences>,
  res: MedusaResponse<{
    differences: DifferenceView[]
    count: number
    limit: number
    offset: number
    counts: DifferenceCount[]
  }>,
) => {
  const { limit, offset } = req.validatedQuery
  const sync = await syncOf(req.scope)
  const { differences, count, counts } = await sync.differences(req.validatedQuery)
  res.json({ differences, count, limit, offset, counts })
}
