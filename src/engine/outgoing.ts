import { ErpProduct } from "../sync/canonical"
import { ErpId } from "../sync/ids"
import { PageWork } from "./commit"
import { Connected, EngineContext } from "./context"

/**
 * Leaves out records of the ERP that are products of the store on their way there: their creation was
 * announced, and has not heard yet under which id they arrived. They are linked by it, not made twice.
 */
export const withoutOutgoing = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  records: ErpProduct[],
  page: PageWork,
): Promise<ErpProduct[]> => {
  const { connector } = connected
  if (records.length === 0 || !connector.findCreated) {
    return records
  }
  const open = await context.ledger.outgoingLinks(connected.id)
  if (open.length === 0) {
    return records
  }
  const found = await connector.findCreated(open.map((link) => link.medusa_id))
  const arrived = new Set<ErpId>(found.values())
  for (const link of open.filter((entry) => found.has(entry.medusa_id))) {
    page.dirty.push({ stream: "products", erp_id: link.erp_id, reason: "arrived" })
  }
  return records.filter((record) => !arrived.has(record.id))
}
