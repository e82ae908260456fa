import { syncOf } from "../../../../../../runtime"
import { explained } from "../../../answers"
import { SetOwners } from "../../../two-way-validators"

/**
 * Says who decides about fields of this one record; null goes back to the options.
 *
 * @example
 * { "title": "medusa", "price": null }
 */
export const PUT = explained<SetOwners>(async (req, res) => {
  const { id = "" } = req.params
  res.json(await (await syncOf(req.scope)).setOwners(id, req.validatedBody))
})
