import { syncOf } from "../../../../../../runtime"
import { explained, notFound } from "../../../answers"

/** Lets a run that waits for approval write; 409 when it no longer waits. */
export const POST = explained(async (req, res) => {
  const { id = "" } = req.params
  const sync = await syncOf(req.scope)
  if (!(await sync.run(id))) throw notFound("run", id)
  res.json({ run: await sync.approve(id) })
})
