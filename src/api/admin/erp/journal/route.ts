import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { JournalView, syncOf } from "../../../../runtime"
import { ListJournal } from "../two-way-validators"

/** What was written on either side, newest first; the count ends at a hundred thousand. */
export const GET = async (
  req: AuthenticatedMedusaRequest<unknown, ListJournal>,
  res: MedusaResponse<{ entries: JournalView[]; count: number; limit: number; offset: number }>,
) => {
  const { limit, offset } = req.validatedQuery
  const { entries, count } = await (await syncOf(req.scope)).journal(req.validatedQuery)
  res.json({ entries, count, limit, offset })
}
