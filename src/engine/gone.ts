import { Stream } from "../sync/canonical"
import { ErpId, isNewKey } from "../sync/ids"
import { Batch, Connected, EngineContext, Finish } from "./context"
import { Run } from "./ports"
import { reconcile } from "./reconcile"

const SUSPECTS = 200

/**
 * After a complete listing: links whose record it did not show are suspects. Each is asked for by id,
 * and only what the ERP then does not have is taken for gone, under the guard.
 * @param finish called in the last transaction of each batch, with what it came to
 */
export const findGone = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  run: Run,
  stream: Stream,
  signal: AbortSignal,
  finish: Finish<Tx>,
): Promise<void> => {
  if (stream !== "categories" && stream !== "products") {
    return
  }
  const entity = stream === "categories" ? ("category" as const) : ("product" as const)
  let after: ErpId | null = null
  for (;;) {
    const suspects = await context.ledger.unsweptLinks(
      connected.id,
      run.id,
      entity,
      after,
      SUSPECTS,
    )
    const last = suspects.at(-1)
    if (!last || signal.aborted) {
      return
    }
    after = last.erp_id
    // What is on its way to the ERP is not there yet.
    const known = suspects.filter((link) => !isNewKey(link.erp_id))
    if (known.length === 0) {
      continue
    }
    const readSeq = await context.ledger.nextSeq()
    const readAt = await context.ledger.now()
    const result = await connected.connector.read(
      stream,
      known.map((link) => link.erp_id),
      { lane: run.lane, signal },
    )
    const batch: Batch = {
      records: result.records,
      rejected: result.rejected,
      missing: result.missing,
      read_seq: readSeq,
      read_at: readAt,
      run_id: run.id,
      may_skip: false,
      values_follow: true,
    }
    await reconcile(context, connected, stream, batch as never, finish)
  }
}
