import { syncOf } from "../../../../../../runtime"
import { explained, notFound } from "../../../answers"
import { ApproveMassChange } from "../../../validators"

/** Lets the unusually many changes that the guard holds back now pass; each exactly as it stands. */
export const POST = explained<ApproveMassChange>(async (req, res) => {
  const { id = "" } = req.params
  const sync = await syncOf(req.scope)
  if (!(await sync.connection(id))) throw notFound("connection", id)
  res.json(await sync.approveMassChange(id, req.validatedBody))
})
