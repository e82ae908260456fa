import { syncOf } from "../../../../../../runtime"
import { explained, notFound } from "../../../answers"

/** Checks the connection now and answers with what was found; a failed check is not an error. */
export const POST = explained(async (req, res) => {
  const { id = "" } = req.params
  const sync = await syncOf(req.scope)
  if (!(await sync.connection(id))) throw notFound("connection", id)
  res.json({ connection: await sync.check(id) })
})
