import { syncOf } from "../../../../../../runtime"
import { explained, notFound } from "../../../answers"

/** Ends a run after the page under way. What was written stays; the next run goes on from there. */
export const POST = explained(async (req, res) => {
  const { id = "" } = req.params
  const sync = await syncOf(req.scope)
  if (!(await sync.run(id))) throw notFound("run", id)
  res.json({ run: await sync.cancel(id) })
})
