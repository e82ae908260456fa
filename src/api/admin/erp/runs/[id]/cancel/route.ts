import { syncOf } from "../../../../../../runtime"
import { conflict, explained, notFound } from "../../../answers"

/** Ends a run after the page under way; 409 when it has ended already. What was written stays; the next run goes on from there. */
export const POST = explained(async (req, res) => {
  const { id = "" } = req.params
  const sync = await syncOf(req.scope)
  const run = await sync.run(id)
  if (!run) throw notFound("run", id)
  if (run.finished_at !== null) throw conflict(`The run ${id} has ended already.`)
  res.json({ run: await sync.cancel(id) })
})
