import { syncOf } from "../../../../../../runtime"
import { explained, notFound } from "../../../answers"
import { Acknowledge } from "../../../validators"

/**
 * An ERP or a middleware tells which web orders it has booked: `reserved` once its available figure
 * counts the line, `issued` once its figure on hand does. From then on the stock sync no longer
 * takes that demand off the ERP's figure. Saying the same twice changes nothing.
 *
 * @example
 * {
 *   "demands": [
 *     { "line_item_id": "ordli_01J", "kind": "reserved" },
 *     { "line_item_id": "ordli_01K", "kind": "issued", "quantity": "2", "location_id": "sloc_01H" }
 *   ]
 * }
 */
export const POST = explained<Acknowledge>(async (req, res) => {
  const { id = "" } = req.params
  const sync = await syncOf(req.scope)
  if (!(await sync.connection(id))) throw notFound("connection", id)
  res.json({ acknowledged: await sync.acknowledge(id, req.validatedBody.demands) })
})
