import { syncOf } from "../../../../../runtime"
import { explained } from "../../answers"
import { UndoConflicts } from "../../two-way-validators"

/** Takes decisions back that no look has applied yet; the others are `skipped`, and stay. */
export const POST = explained<UndoConflicts>(async (req, res) => {
  const { ids } = req.validatedBody
  const undone = await (await syncOf(req.scope)).takeBack(ids)
  res.json({ undone, skipped: ids.length - undone.length })
})
