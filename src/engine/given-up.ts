import { ErpId } from "../sync/ids"
import { Link } from "../sync/values"
import { Connected, EngineContext } from "./context"
import { arrivedOf, openUntil, withoutIntents } from "./creation-intents"
import { ClaimedKey, LinkPatch } from "./ports"

/**
 * Products that were deleted in the store on their way to the ERP. One that has arrived is linked, and
 * treated as any other that was deleted; one that may still arrive is waited for; else its link is a
 * tombstone.
 */
export const giveUp = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  deleted: { key: ClaimedKey; link: Link }[],
): Promise<void> => {
  const now = await context.ledger.now()
  const found = await arrivedOf(
    connected,
    deleted.map(({ link }) => link.medusa_id),
  )
  for (const { key, link } of deleted) {
    const id = found.get(link.medusa_id)
    const wait = openUntil(link) - Date.parse(now)
    if (id === undefined && wait > 0) {
      await context.ledger.releaseDirty(connected.id, [key], context.owner, wait)
    } else {
      await settle(context, connected, key, link, id)
    }
  }
}

const settle = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  key: ClaimedKey,
  link: Link,
  id: ErpId | undefined,
): Promise<void> => {
  const children = await context.ledger.linksByParent(connected.id, [link.erp_id])
  const patch = (of: Link, change: Omit<LinkPatch, "id" | "expected">): LinkPatch => ({
    id: of.id,
    expected: { lane: "catalog", seq: of.seq },
    intents: withoutIntents(of),
    ...change,
  })
  await context.ledger.transaction(async (tx) => {
    await context.ledger.patchLinks(tx, [
      patch(link, id === undefined ? { state: "tombstone" } : { erp_id: id, state: "linked" }),
      ...children.map((child) => patch(child, { state: "tombstone" })),
    ])
    await context.ledger.unpark(tx, connected.id, "products", [
      { entity: "product", erp_id: link.erp_id, except: [] },
    ])
    await context.ledger.finishDirty(tx, connected.id, [key], context.owner)
    if (id !== undefined) {
      const arrived = {
        stream: "products" as const,
        erp_id: id,
        reason: "deleted_in_medusa",
      }
      await context.ledger.markDirty(connected.id, [arrived], tx)
    }
  })
}
