import { ErpId } from "../sync/ids"
import { Connected } from "./context"
import { DirtyKey, JournalEntry, Ledger, ParkedRecord } from "./ports"

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
