import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { syncOf } from "../../../../runtime"
import { RecordView } from "../../../../runtime/views"
import { ListRecords } from "../validators"

/** The ERP records that one record of the store is linked to: one per connection, often none. */
export const GET = async (
  req: AuthenticatedMedusaRequest<unknown, ListRecords>,
  res: MedusaResponse<{ records: RecordView[] }>,
) => {
  const { entity, medusa_id } = req.validatedQuery
  res.json({ records: await (await syncOf(req.scope)).record(entity, medusa_id) })
}
