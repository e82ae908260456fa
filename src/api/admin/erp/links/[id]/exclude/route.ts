import { syncOf } from "../../../../../../runtime"
import { explained } from "../../../answers"

/** Takes a record out of the synchronisation for good; it stays as it is on both sides. */
export const POST = explained(async (req, res) => {
  const { id = "" } = req.params
  res.json({ ended: await (await syncOf(req.scope)).endLink(id, "excluded") })
})
