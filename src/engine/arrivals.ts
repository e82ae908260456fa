import { ErpId } from "../sync/ids"
import { Batch, Connected, EngineContext } from "./context"
import { DirtyKey, JournalEntry, Ledger, ParkedRecord } from "./ports"
import { takesImages } from "./takes-images"

/** What follows from records that were linked or created just now. */
export interface Arrivals {
  journal: JournalEntry[]
  arrived: { entity: ParkedRecord["entity"]; erp_id: ErpId }[]
  dirty: DirtyKey[]
}

/** Stored in the transaction that completes the links: after a crash nobody would ask for it again. */
export const storeArrivals = async <Tx>(
  context: { ledger: Pick<Ledger<Tx>, "journal" | "wakeWaiting" | "markDirty"> },
  connected: Pick<Connected, "id">,
  tx: Tx,
  arrivals: Arrivals,
): Promise<void> => {
  await context.ledger.journal(tx, connected.id, arrivals.journal)
  await context.ledger.wakeWaiting(tx, connected.id, arrivals.arrived)
  await context.ledger.markDirty(connected.id, arrivals.dirty, tx)
}

/** Products that have just been linked or made still lack the ERP's images. */
export const imageKeys = <Tx>(
  context: Pick<EngineContext<Tx>, "images">,
  connected: Connected,
  batch: Pick<Batch, "values_follow">,
  ids: ErpId[],
): DirtyKey[] =>
  batch.values_follow || !takesImages(context, connected)
    ? []
    : ids.map((erp_id) => ({ stream: "images", erp_id, reason: "arrived" }))
