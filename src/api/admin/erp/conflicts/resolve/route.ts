import { syncOf } from "../../../../../runtime"
import { explained } from "../../answers"
import { ResolveConflicts } from "../../two-way-validators"

/**
 * Has the value of one side stand for these conflicts. A look applies it, planned from present values;
 * `undo_seconds` gives a person time to change their mind. Ids that are no open conflicts are `skipped`.
 *
 * @example
 * { "ids": [{ "link_id": "elnk_01", "field": "title" }], "side": "medusa", "undo_seconds": 10 }
 */
export const POST = explained<ResolveConflicts>(async (req, res) => {
  const { ids, side, undo_seconds } = req.validatedBody
  const sync = await syncOf(req.scope)
  const resolved = await sync.resolve(ids, side, undo_seconds * 1000)
  res.json({ resolved, skipped: ids.length - resolved.length })
})
