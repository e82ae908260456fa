import { SyncError } from "../sync/errors"

/**
 * Runs a batch that succeeds or fails as a whole. A failed batch is halved until the bad records stand
 * alone, so that one record never takes the others with it; a passing failure of the store ends the
 * halving, since it is nobody's fault.
 *
 * @param toError names the fault of one record, or of none
 */
export const bisect = async <I, O>(
  batch: readonly I[],
  run: (batch: readonly I[]) => Promise<O[]>,
  toError: (error: unknown, input: I) => SyncError,
  fail: (input: I, error: SyncError) => O | Promise<O>,
): Promise<O[]> => {
  const [first] = batch
  if (first === undefined) {
    return []
  }
  try {
    return await run(batch)
  } catch (cause) {
    const error = toError(cause, first)
    if (batch.length === 1 || error.kind === "transient") {
      return Promise.all(batch.map((input) => fail(input, toError(cause, input))))
    }
  }
  const half = Math.ceil(batch.length / 2)
  return [
    ...(await bisect(batch.slice(0, half), run, toError, fail)),
    ...(await bisect(batch.slice(half), run, toError, fail)),
  ]
}
