import { syncOf } from "../../../../../../runtime"
import { explained } from "../../../answers"

/** Lets edits of the store go to the ERP, those that stand pending first. */
export const POST = explained(async (req, res) => {
  const { id = "" } = req.params
  res.json({ connection: await (await syncOf(req.scope)).approvePush(id) })
})
