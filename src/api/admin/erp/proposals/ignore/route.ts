import { syncOf } from "../../../../../runtime"
import { explained } from "../../answers"
import { RetryParked } from "../../validators"

/** Sets proposals aside until the record changes; answers how many were not yet. */
export const POST = explained<RetryParked>(async (req, res) => {
  res.json({ ignored: await (await syncOf(req.scope)).ignoreParked(req.validatedBody.ids) })
})
