import { Lane } from "../connectors/contract"
import { Stream } from "../sync/canonical"
import { SyncError, toSyncError } from "../sync/errors"
import { isNewKey } from "../sync/ids"
import { Batch, Connected, EngineContext } from "./context"
import { createInErp } from "./create-in-erp"
import { failedRecord } from "./page"
import { ClaimedKey, SUSPECT_LOSSES } from "./ports"
import { reconcile } from "./reconcile"
import { takesImages } from "./takes-images"

/** Streams of each lane: a catalog run never delays stock and prices. */
export const LANE_STREAMS: Record<Lane, Stream[]> = {
  interactive: ["stock", "prices"],
  background: ["categories", "products", "images"],
}

/** Images wait for the catalog: their keys are claimed once no other key of the lane is due. */
const LAST: ReadonlySet<Stream> = new Set<Stream>(["images"])
/** A look at images may fetch pictures: so few keys that one of the catalog does not wait long. */
const LAST_AT_ONCE = 100

const MOST_AT_ONCE = 500
/** Renewed while a look goes on: what a dead process held is free after this time. */
const LEASE_MS = 30_000
/** A key that fails this often is set aside, visibly, so that it cannot hold up the others. */
const MOST_CLAIMS = 8

/**
 * Looks at the keys that were marked dirty: reads them by id and reconciles them. Keys marked again in
 * the meantime stay due.
 * @returns how many keys were claimed
 */
export const drainDirty = <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  lane: Lane,
  signal: AbortSignal,
): Promise<number> => {
  const streams = LANE_STREAMS[lane].filter((stream) => !LAST.has(stream))
  return drainStreams(context, connected, lane, streams, MOST_AT_ONCE, signal)
}

/** The same for what waits until the lane has nothing else to do. */
export const drainLast = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  lane: Lane,
  signal: AbortSignal,
): Promise<number> => {
  const streams = LANE_STREAMS[lane].filter((stream) => LAST.has(stream))
  return streams.length === 0 || !takesImages(context, connected)
    ? 0
    : drainStreams(context, connected, lane, streams, LAST_AT_ONCE, signal)
}

const drainStreams = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  lane: Lane,
  streams: Stream[],
  most: number,
  signal: AbortSignal,
): Promise<number> => {
  const limit = Math.min(most, connected.connector.capabilities.max_read_batch)
  const claims = await context.ledger.claimDirty(connected.id, streams, limit, {
    owner: context.owner,
    ms: LEASE_MS,
  })
  const endHeartbeat = context.every(LEASE_MS / 3, () => renew(context, connected))
  try {
    await setAside(
      context,
      connected,
      claims.filter((claim) => claim.losses >= MOST_CLAIMS),
      DEADLY,
    )
    for (const keys of lookedAtTogether(claims)) {
      for (const stream of streams) {
        const ofStream = keys.filter((key) => key.stream === stream)
        if (ofStream.length > 0) {
          await look(context, connected, stream, ofStream, lane, signal)
        }
      }
    }
  } finally {
    endHeartbeat()
  }
  return claims.length
}

/** What may have ended a process is looked at last and alone, so that it takes no other key with it. */
const lookedAtTogether = (claims: ClaimedKey[]): ClaimedKey[][] => [
  claims.filter(({ losses }) => losses < SUSPECT_LOSSES),
  ...claims
    .filter(({ losses }) => losses >= SUSPECT_LOSSES && losses < MOST_CLAIMS)
    .map((claim) => [claim]),
]

const DEADLY = new SyncError({
  kind: "bug",
  code: "ends_the_process",
  message: `The process ended ${MOST_CLAIMS} times while it looked at this record.`,
  remedy: "See how the workers end (out of memory?), mend it, and retry this record.",
})

const renew = <Tx>(context: EngineContext<Tx>, connected: Connected): void => {
  context.ledger
    .renewDirty(connected.id, context.owner, LEASE_MS)
    .catch((error: unknown) =>
      context.log("warn", `${connected.id}: leases not renewed: ${toSyncError(error).message}`),
    )
}

const look = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  stream: Stream,
  keys: ClaimedKey[],
  lane: Lane,
  signal: AbortSignal,
): Promise<void> => {
  const outgoing = keys.filter((key) => isNewKey(key.erp_id))
  if (outgoing.length > 0) {
    await lookAtOutgoing(context, connected, outgoing)
    const rest = keys.filter((key) => !outgoing.includes(key))
    return rest.length > 0 ? look(context, connected, stream, rest, lane, signal) : undefined
  }
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
    if (signal.aborted) {
      // The process is stopping: another one may go on at once.
      await context.ledger.releaseDirty(connected.id, keys, context.owner, 0)
      return
    }
    await giveBack(context, connected, keys, toSyncError(error), error)
  }
}

/** Products of the store that the ERP does not have yet. */
const lookAtOutgoing = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  keys: ClaimedKey[],
): Promise<void> => {
  try {
    await createInErp(context, connected, keys)
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
  await setAside(context, connected, poisoned, failure)
  const rest = keys.filter((key) => !poisoned.includes(key))
  const attempts = Math.max(...rest.map((key) => key.claims), 1)
  const wait = failure.retry_after_ms ?? Math.min(300_000, 1000 * 2 ** Math.min(attempts, 8))
  await context.ledger.releaseDirty(connected.id, rest, context.owner, wait)
  if (failure.kind === "config" && failure.scope === "connection") {
    throw failure
  }
}

/** Parks keys that cannot be looked at; a person, or the daily look at parked records, tries them again. */
const setAside = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  keys: ClaimedKey[],
  failure: SyncError,
): Promise<void> => {
  if (keys.length === 0) {
    return
  }
  await context.ledger.transaction(async (tx) => {
    await context.ledger.park(
      tx,
      connected.id,
      keys.map((key) => failedRecord(key.stream, key.erp_id, failure)),
    )
    await context.ledger.finishDirty(tx, connected.id, keys, context.owner)
  })
}
