import { syncOf } from "../../../../../runtime"
import { explained } from "../../answers"
import { ApproveMoves } from "../../two-way-validators"

/**
 * Lets variants that are parked as `reparented` go to the products under which the ERP has them: with
 * their inventory items, prices, orders and carts. `to` is the `value` of the parked row as it was shown; a
 * variant that the ERP has moved elsewhere since is `skipped`, and waits again.
 *
 * @example
 * { "moves": [{ "id": "eprk_01", "to": "42" }] }
 */
export const POST = explained<ApproveMoves>(async (req, res) => {
  const { moves } = req.validatedBody
  const approved = await (await syncOf(req.scope)).approveMoves(moves)
  res.json({ approved, skipped: moves.length - approved })
})
