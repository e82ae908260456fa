import { syncOf } from "../../../../../../runtime"
import { explained } from "../../../answers"
import { Preview } from "../../../two-way-validators"

/** What a look would do with some records, or with a page of all of them; nothing is written. */
export const POST = explained<Preview>(async (req, res) => {
  const { id = "" } = req.params
  const sync = await syncOf(req.scope)
  res.json({ preview: await sync.preview(id, req.validatedBody) })
})
