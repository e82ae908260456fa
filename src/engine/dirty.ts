import { Lane } from "../connectors/contract"
import { Stream } from "../sync/canonical"
import { SyncError, toSyncError } from "../sync/errors"
import { Batch, Connected, EngineContext } from "./context"
import { ClaimedKey } from "./ports"
import { reconcile } from "./reconcile"

/** Streams of each lane: a catalog run never delays stock and prices. */
export const LANE_STREAMS: Record<Lane, Stream[]> = {
  interactive: ["stock", "prices"],
  background: ["categories", "products"],
}

const LEASE_MS = 120_000
/** A key that fails this often is set aside, visibly, so that it cannot hold up the others. */
const MOST_CLAIMS = 8

/**
 * Looks at the keys that were marked dirty: reads them by id and reconciles them. Keys marked again in
 * the meantime stay due.
 * @returns how many keys were claimed
 */
export const drainDirty = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  lane: Lane,
  signal: AbortSignal,
): Promise<number> => {
  const limit = Math.min(500, connected.connector.capabilities.max_read_batch)
  const claims = await context.ledger.claimDirty(connected.id, LANE_STREAMS[lane], limit, {
    owner: context.owner,
    ms: LEASE_MS,
  })
  for (const stream of LANE_STREAMS[lane]) {
    const keys = claims.filter((claim) => claim.stream === stream)
    if (keys.length > 0) {
      await look(context, connected, stream, keys, lane, signal)
    }
  }
  return claims.length
}

const look = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  stream: Stream,
  keys: ClaimedKey[],
  lane: Lane,
  signal: AbortSignal,
): Promise<void> => {
  try {
    const readSeq = await context.ledger.nextSeq()
    const readAt = await context.ledger.now()
    const ids = keys.map((key) => key.erp_id)
    const result = await connected.connector.read(stream, ids, { lane, signal })
    const batch: Batch = {
      records: result.records,
      rejected: result.rejected,
      missing: result.missing,
      read_seq: readSeq,
      read_at: readAt,
      run_id: null,
      may_skip: false,
      values_follow: false,
    }
    await reconcile(context, connected, stream, batch as never, (tx) =>
      context.ledger.finishDirty(tx, connected.id, keys, context.owner),
    )
  } catch (error) {
    await giveBack(context, connected, keys, toSyncError(error), error)
  }
}

const giveBack = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  keys: ClaimedKey[],
  failure: SyncError,
  error: unknown,
): Promise<void> => {
  if (failure.kind === "bug") {
    context.log(
      "error",
      `${connected.id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
  }
  const poisoned = keys.filter((key) => key.claims >= MOST_CLAIMS && failure.kind !== "transient")
  if (poisoned.length > 0) {
    await context.ledger.transaction(async (tx) => {
      await context.ledger.park(
        tx,
        connected.id,
        poisoned.map((key) => ({
          stream: key.stream,
          entity:
            key.stream === "categories"
              ? "category"
              : key.stream === "products"
                ? "product"
                : "variant",
          erp_id: key.erp_id,
          field: "*",
          reason: failure.code,
          message: failure.message,
          value: null,
          remedy: failure.remedy,
          version: null,
        })),
      )
      await context.ledger.finishDirty(tx, connected.id, poisoned, context.owner)
    })
  }
  const rest = keys.filter((key) => !poisoned.includes(key))
  const attempts = Math.max(...rest.map((key) => key.claims), 1)
  const wait = failure.retry_after_ms ?? Math.min(300_000, 1000 * 2 ** Math.min(attempts, 8))
  await context.ledger.releaseDirty(connected.id, rest, context.owner, wait)
  if (failure.kind === "config" && failure.scope === "connection") {
    throw failure
  }
}
