import { syncOf } from "../../../../../../runtime"
import { explained } from "../../../answers"

/** Parts a pair that was the wrong one; neither is linked or created again, unless by hand. */
export const POST = explained(async (req, res) => {
  const { id = "" } = req.params
  res.json({ ended: await (await syncOf(req.scope)).endLink(id, "unlinked") })
})
