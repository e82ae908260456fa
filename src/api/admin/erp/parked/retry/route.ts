import { syncOf } from "../../../../../runtime"
import { explained } from "../../answers"
import { RetryParked } from "../../validators"

/** Marks parked records for another try now; answers how many were still parked. */
export const POST = explained<RetryParked>(async (req, res) => {
  res.json({ retried: await (await syncOf(req.scope)).retryParked(req.validatedBody.ids) })
})
