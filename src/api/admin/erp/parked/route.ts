import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { syncOf } from "../../../../runtime"
import { ParkedView } from "../../../../runtime/views"
import { ListParked } from "../validators"

/** Records that cannot be synced now, and how many there are of each reason. */
export const GET = async (
  req: AuthenticatedMedusaRequest<unknown, ListParked>,
  res: MedusaResponse<{
    parked: ParkedView[]
    count: number
    limit: number
    offset: number
    reasons: { reason: string; count: number }[]
  }>,
) => {
  const { limit, offset } = req.validatedQuery
  const { parked, count, reasons } = await (await syncOf(req.scope)).parked(req.validatedQuery)
  res.json({ parked, count, limit, offset, reasons })
}
