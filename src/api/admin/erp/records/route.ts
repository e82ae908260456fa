import { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { syncOf } from "../../../../runtime"
import { RecordView } from "../../../../runtime/views"
import { ListRecords } from "../validators"
import { withSkus } from "./with-skus"

/** The ERP records that one record of the store is linked to: one per connection, often none. */
export const GET = async (
  req: AuthenticatedMedusaRequest<unknown, ListRecords>,
  res: MedusaResponse<{ records: RecordView[] }>,
) => {
  const { entity, medusa_id } = req.validatedQuery
  const sync = await syncOf(req.scope)
  res.json({ records: await withSkus(req.scope, await sync.record(entity, medusa_id)) })
}
