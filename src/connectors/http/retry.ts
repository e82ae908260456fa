import { SyncError } from "../../sync/errors"
import { Clock, sleep } from "./clock"

const BASE_MS = 500
const CAP_MS = 30_000

/**
 * How long to wait before the next try. What the server asked for wins; else exponential backoff
 * with full jitter.
 *
 * @param attempt tries made so far, from 1
 * @param retryAfterMs what the server asked for, in milliseconds
 * @param random uniform in [0, 1)
 */
export const retryDelay = (
  attempt: number,
  retryAfterMs: number | undefined,
  random: number,
): number => retryAfterMs ?? Math.floor(random * Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1)))

/**
 * `Retry-After` in milliseconds: seconds, or an HTTP date read against the answer's own `Date`, so
 * that the difference between two machines' clocks does not count.
 */
export const parseRetryAfter = (
  value: string | undefined,
  servedAt: string | undefined,
  now: number,
): number | undefined => {
  if (value === undefined || value.trim() === "") return undefined
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Math.ceil(Number(value) * 1000)
  const until = Date.parse(value)
  if (Number.isNaN(until)) return undefined
  const from = servedAt === undefined ? NaN : Date.parse(servedAt)
  return Math.max(0, until - (Number.isNaN(from) ? now : from))
}

export interface RetryOptions {
  clock: Clock
  /** Tries in all; a wait that the server asked for uses none up. */
  max_attempts: number
  /** All waiting of one call together; a longer one is left to the engine's schedule. */
  max_wait_ms: number
  /** Only reads are sent again; a write whose outcome is unknown is never repeated here. */
  idempotent: boolean
  /** Codes that are not tried again, because the caller has a better idea. */
  leave?: ReadonlySet<string>
  signal?: AbortSignal
  onWait?: (error: SyncError, ms: number) => void
}

/**
 * Runs `attempt` until it succeeds, fails for good, or the bounds are used up.
 * @throws SyncError the last one; any other thrown thing at once
 */
export const withRetries = async <T>(
  attempt: () => Promise<T>,
  options: RetryOptions,
): Promise<T> => {
  let tries = 0
  let waited = 0
  for (;;) {
    tries += 1
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof SyncError) || error.kind !== "transient" || !options.idempotent) {
        throw error
      }
      if (options.leave?.has(error.code)) throw error
      options.signal?.throwIfAborted()
      if (error.retry_after_ms !== undefined) tries -= 1
      const ms = retryDelay(Math.max(tries, 1), error.retry_after_ms, options.clock.random())
      // A server that always asks for no wait at all must not be hammered without end.
      waited += Math.max(ms, error.retry_after_ms === undefined ? 0 : 250)
      if (tries >= options.max_attempts || waited > options.max_wait_ms) throw error
      options.onWait?.(error, ms)
      await sleep(options.clock, ms, options.signal)
    }
  }
}
