import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { ProposalView, syncOf } from "../../../../runtime"
import { ListProposals } from "../two-way-validators"

/** Records of the ERP that a person has to link, with what the store has that may be the same. */
export const GET = async (
  req: AuthenticatedMedusaRequest<unknown, ListProposals>,
  res: MedusaResponse<{
    proposals: ProposalView[]
    count: number
    limit: number
    offset: number
  }>,
) => {
  const { limit, offset } = req.validatedQuery
  const { proposals, count } = await (await syncOf(req.scope)).proposals(req.validatedQuery)
  res.json({ proposals, count, limit, offset })
}
