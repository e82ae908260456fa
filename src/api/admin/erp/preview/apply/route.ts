import { syncOf } from "../../../../../runtime"
import { explained } from "../../answers"
import { ApplyPreview } from "../../two-way-validators"

/** Has fields looked at whose both values are still as they were shown; answers what is not. */
export const POST = explained<ApplyPreview>(async (req, res) => {
  res.json(await (await syncOf(req.scope)).applyPreviewed(req.validatedBody.items))
})
