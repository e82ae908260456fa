import { syncOf } from "../../../../../../runtime"
import { explained, notFound } from "../../../answers"
import { StartSync } from "../../../validators"

/**
 * Starts a run and answers 202 at once; `GET /admin/erp/runs/:id` tells how it goes.
 * A run queues behind the one under way; one that waits already is not queued twice.
 */
export const POST = explained<StartSync>(async (req, res) => {
  const { id = "" } = req.params
  const { stream, mode } = req.validatedBody
  const sync = await syncOf(req.scope)
  if (!(await sync.connection(id))) throw notFound("connection", id)
  const run = await sync.sync(id, { kind: mode, ...(stream && { streams: [stream] }) })
  res.status(202).json({ run })
})
