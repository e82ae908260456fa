import { syncOf } from "../../../../../../runtime"
import { explained } from "../../../answers"

/** Lets mappings that were changed in the options write what they would; a full sync follows. */
export const POST = explained(async (req, res) => {
  const { id = "" } = req.params
  res.json({ connection: await (await syncOf(req.scope)).approveRules(id) })
})
