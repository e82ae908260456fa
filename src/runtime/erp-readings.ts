import { ReadResult } from "../connectors/contract"
import { Connected } from "../engine/context"
import { Stream, StreamRecords } from "../sync/canonical"
import { toSyncError } from "../sync/errors"
import { ErpId } from "../sync/ids"

/** Somebody waits for the answer in front of a page. */
export const PATIENCE_MS = 8_000

export type Reading<S extends Stream> =
  { read: ReadResult<S>; failure: null } | { read: null; failure: string }

/**
 * Records as the ERP has them now, for a person: it answers within seconds or not at all, and a failure
 * is words, not an error.
 */
export const readForPerson = async <S extends Stream>(
  { connector }: Connected,
  stream: S,
  ids: ErpId[],
): Promise<Reading<S>> => {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
  // The connector may outlast its signal; what it says then is of no use any more.
  late.catch(() => undefined)
  try {
    const read = connector.read(stream, ids, { signal, lane: "interactive" })
    return { read: await Promise.race([read, late]), failure: null }
  } catch (error) {
    return {
      read: null,
      failure: signal.aborted
        ? `The ERP did not answer within ${PATIENCE_MS / 1000} seconds.`
        : toSyncError(error).message,
    }
  }
}

/** The record of a reading; null when the ERP does not have it, or it did not pass the door. */
export const recordOf = <S extends Stream>(
  { read }: Reading<S>,
  id: ErpId,
): StreamRecords[S] | null => read?.records.find((record) => record.id === id) ?? null
