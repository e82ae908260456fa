import { syncOf } from "../../../../../../runtime"
import { explained, notFound } from "../../../answers"

/** Lets the unusually many changes that the guard holds back pass for an hour. */
export const POST = explained(async (req, res) => {
  const { id = "" } = req.params
  const sync = await syncOf(req.scope)
  if (!(await sync.connection(id))) throw notFound("connection", id)
  res.json(await sync.approveMassChange(id))
})
