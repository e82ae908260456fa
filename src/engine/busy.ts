import { Stream } from "../sync/canonical"
import { ErpId } from "../sync/ids"
import { PageWork } from "./commit"
import { EngineContext } from "./context"

const BUSY_MS = 5000

/** Marks a record that another process is at, for another look. */
export const markBusy = (page: PageWork, stream: Stream, id: ErpId): void => {
  page.dirty.push({ stream, erp_id: id, reason: "busy", delay_ms: BUSY_MS })
}

/** Does the work for those records that no other process is at; the others are looked at again. */
export const withFree = <Tx, T>(
  { ledger }: Pick<EngineContext<Tx>, "ledger">,
  page: PageWork,
  stream: Stream,
  entries: readonly T[],
  of: { lock(entry: T): string; id(entry: T): ErpId },
  work: (free: T[]) => Promise<void>,
): Promise<void> =>
  ledger.exclusively(entries.map(of.lock), async (granted) => {
    for (const entry of entries.filter((one) => !granted.has(of.lock(one)))) {
      markBusy(page, stream, of.id(entry))
    }
    await work(entries.filter((entry) => granted.has(of.lock(entry))))
  })
