import { syncOf } from "../../../../../runtime"
import { explained, notFound } from "../../answers"
import { AcceptProposal } from "../../two-way-validators"

/** Links the ERP's record of a proposal to a product of the store. */
export const POST = explained<AcceptProposal>(async (req, res) => {
  const { id, medusa_id } = req.validatedBody
  const link = await (await syncOf(req.scope)).acceptProposal(id, medusa_id)
  if (!link) throw notFound("proposal", id)
  res.status(201).json({ link })
})
