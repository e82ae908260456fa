import { Page } from "../connectors/contract"
import { Stream } from "../sync/canonical"
import { SyncError } from "../sync/errors"
import { looksRestored } from "../sync/guards"
import { Connected, EngineContext } from "./context"

/** The ERP shows records older than what was read from it before: a restored or swapped database. */
export class RestoredCopy extends SyncError {}

/**
 * Compares the versions of re-read linked records with those stored. At least three, and at least one
 * in a hundred, older than before: nothing of the page is believed.
 * @throws RestoredCopy
 */
export const looksLikeRestored = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  stream: Stream,
  page: Page,
): Promise<void> => {
  if (
    !connected.connector.capabilities.version.ordered ||
    (stream !== "products" && stream !== "categories")
  ) {
    return
  }
  const links = await context.ledger.linksByErp(
    connected.id,
    stream === "products" ? "product" : "category",
    page.records.map((record) => record.id),
  )
  const stored = new Map(links.map((link) => [link.erp_id, link.version[stream]]))
  let reread = 0
  let older = 0
  for (const record of page.records) {
    const before = stored.get(record.id)
    if (before !== undefined && record.version !== null) {
      reread += 1
      older += record.version < before ? 1 : 0
    }
  }
  if (looksRestored({ reread, older })) {
    throw new RestoredCopy({
      kind: "config",
      code: "restored_copy",
      scope: "connection",
      message: `${older} of ${reread} records of ${connected.id} are older in the ERP than what was read from it before.`,
      remedy:
        "Was the ERP's database restored from a backup, or the address pointed at another one? Check it, then start a full sync by hand.",
    })
  }
}
