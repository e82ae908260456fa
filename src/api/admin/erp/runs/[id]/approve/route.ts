import { syncOf } from "../../../../../../runtime"
import { conflict, explained, notFound } from "../../../answers"

/** Lets a run that waits for approval write; 409 when it no longer waits. */
export const POST = explained(async (req, res) => {
  const { id = "" } = req.params
  const sync = await syncOf(req.scope)
  const run = await sync.run(id)
  if (!run) throw notFound("run", id)
  if (run.state !== "awaiting_approval") {
    throw conflict(`The run ${id} does not wait for approval: it is ${run.state}.`)
  }
  res.json({ run: await sync.approve(id) })
})
