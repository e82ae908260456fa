import { ErpId } from "../sync/ids"
import { storeArrivals } from "./arrivals"
import { LinkWork } from "./commit"
import { Connected } from "./context"
import { Ledger } from "./ports"

/** What the arrival of a category needs. */
interface ArrivalContext<Tx> {
  ledger: Pick<Ledger<Tx>, "journal" | "wakeWaiting" | "markDirty" | "voidElements">
}

/**
 * Nobody took the products out of a category that was deleted and stands again as another record: what
 * was agreed on with the former one is void, and the products are looked at again. In the transaction
 * that completes the link.
 */
export const voidMemberships = async <Tx>(
  context: ArrivalContext<Tx>,
  connected: Pick<Connected, "id">,
  tx: Tx,
  categories: ErpId[],
): Promise<void> => {
  if (categories.length === 0) {
    return
  }
  const fields = categories.map((id) => `category:${id}`)
  const products = await context.ledger.voidElements(tx, connected.id, fields)
  await context.ledger.markDirty(
    connected.id,
    products.map((erp_id) => ({ stream: "products", erp_id, reason: "category_made_again" })),
    tx,
  )
}

/**
 * Links of categories that a run made and did not live to complete are completed by a later look: what
 * follows from their arrival follows then.
 */
export const arriveResumed = async <Tx>(
  context: ArrivalContext<Tx>,
  connected: Pick<Connected, "id">,
  tx: Tx,
  works: LinkWork[],
): Promise<void> => {
  const resumed = works.filter(isCompleted).map(({ link }) => link.erp_id)
  if (resumed.length > 0) {
    const arrived = resumed.map((erp_id) => ({ entity: "category" as const, erp_id }))
    await storeArrivals(context, connected, tx, { journal: [], arrived, dirty: [] })
    await voidMemberships(context, connected, tx, resumed)
  }
}

const isCompleted = ({ entity, link, patch }: LinkWork): boolean =>
  entity === "category" &&
  link.state === "creating" &&
  (patch.state === "linked" || patch.state === "gone")
