/** Time and chance as the transport sees them; tests hand in their own. */
export interface Clock {
  /** Milliseconds since the epoch. Only for waiting, never for cursors. */
  now(): number
  /** Calls back once after `ms`; the returned function cancels. */
  timer(callback: () => void, ms: number): () => void
  /** Uniform in [0, 1). */
  random(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  timer: (callback, ms) => {
    const handle = setTimeout(callback, ms)
    return () => clearTimeout(handle)
  },
  random: () => Math.random(),
}

/** Resolves after `ms`, or rejects at once with the signal's reason. */
export const sleep = (clock: Clock, ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = () => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = clock.timer(() => {
      signal?.removeEventListener("abort", onAbort)
      resolve()
    }, ms)
    signal?.addEventListener("abort", onAbort, { once: true })
  })
