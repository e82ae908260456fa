import { Page, RequestOptions } from "../connectors/contract"
import { Entity, Stream, StreamRecord } from "../sync/canonical"
import { SyncError } from "../sync/errors"
import { looksRestored } from "../sync/guards"
import { Connected, EngineContext } from "./context"

/** The ERP shows records older than what was read from it before: a restored or swapped database. */
export class RestoredCopy extends SyncError {}

/** So many records are asked for by id when the ERP's newest stamp fell. */
const NEWEST = 100

/**
 * Compares the versions of re-read linked records with those stored. At least three, and at least one
 * in a hundred, older than before: nothing of the page is believed. A page of changes holds nothing
 * from before the restored copy, so when the newest stamp fell the records known to be newest are
 * read beside it.
 * @throws RestoredCopy
 */
export const looksLikeRestored = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  stream: Stream,
  page: Page,
  options: RequestOptions,
): Promise<void> => {
  if (
    !connected.connector.capabilities.version.ordered ||
    (stream !== "products" && stream !== "categories")
  ) {
    return
  }
  const entity = stream === "products" ? "product" : "category"
  const records = page.regressed
    ? [...page.records, ...(await newestKnown(context, connected, entity, stream, options))]
    : page.records
  const links = await context.ledger.linksByErp(
    connected.id,
    entity,
    records.map((record) => record.id),
  )
  const stored = new Map(links.map((link) => [link.erp_id, link.version[stream]]))
  let reread = 0
  let older = 0
  for (const record of records) {
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

const newestKnown = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  entity: Entity,
  stream: Stream,
  options: RequestOptions,
): Promise<StreamRecord[]> => {
  const limit = Math.min(NEWEST, connected.connector.capabilities.max_read_batch)
  const links = await context.ledger.newestLinks(connected.id, entity, stream, limit)
  const ids = links.map((link) => link.erp_id)
  return ids.length === 0 ? [] : (await connected.connector.read(stream, ids, options)).records
}
