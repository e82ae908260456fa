import type { Lane } from "../contract"
import { Clock, systemClock } from "./clock"

export interface GovernorLimits {
  in_flight: number
  per_second: number
}

interface Waiting {
  start: () => void
}

/**
 * Bounds what one connection sends: requests in flight, and requests per second as a token bucket
 * that holds one second's worth. Interactive requests pass queued background ones.
 */
export class Governor {
  readonly #limits: GovernorLimits
  readonly #clock: Clock
  readonly #queues: Record<Lane, Waiting[]> = { interactive: [], background: [] }
  #active = 0
  #tokens: number
  #refilledAt: number
  #pausedUntil = 0
  #cancelTimer: (() => void) | null = null
  #sent = 0
  #closed: Error | null = null

  constructor(limits: GovernorLimits, clock: Clock = systemClock) {
    this.#limits = limits
    this.#clock = clock
    this.#tokens = this.#capacity
    this.#refilledAt = clock.now()
  }

  /** Requests let through since it was made. */
  get requests(): number {
    return this.#sent
  }

  /** Runs `task` when its turn comes; an abort while queued rejects with the signal's reason. */
  async run<T>(
    task: () => Promise<T>,
    options: { lane?: Lane; signal?: AbortSignal } = {},
  ): Promise<T> {
    await this.#turn(options.lane ?? "background", options.signal)
    try {
      return await task()
    } finally {
      this.#active -= 1
      this.#drain()
    }
  }

  /** Holds everything back for `ms`: the server asked for it, and asked the whole connection. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + ms)
  }

  /** Lets nothing through any more; what is queued rejects. */
  close(reason: Error): void {
    this.#closed = reason
    this.#cancelTimer?.()
    this.#cancelTimer = null
    this.#drain()
  }

  get #capacity(): number {
    return Math.max(1, this.#limits.per_second)
  }

  #turn(lane: Lane, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const waiting: Waiting = {
        start: () => {
          signal?.removeEventListener("abort", onAbort)
          if (this.#closed) return reject(this.#closed)
          this.#active += 1
          this.#tokens -= 1
          this.#sent += 1
          resolve()
        },
      }
      const onAbort = () => {
        this.#queues[lane] = this.#queues[lane].filter((other) => other !== waiting)
        reject(signal?.reason)
      }
      signal?.addEventListener("abort", onAbort, { once: true })
      this.#queues[lane].push(waiting)
      this.#drain()
    })
  }

  #drain(): void {
    for (;;) {
      if (this.#closed) {
        const next = this.#next()
        if (!next) return
        next.start()
        continue
      }
      if (this.#active >= this.#limits.in_flight) return
      if (this.#queues.interactive.length + this.#queues.background.length === 0) return
      const wait = this.#waitMs()
      if (wait > 0) return this.#drainIn(wait)
      this.#next()?.start()
    }
  }

  #next(): Waiting | undefined {
    return this.#queues.interactive.shift() ?? this.#queues.background.shift()
  }

  #waitMs(): number {
    const now = this.#clock.now()
    const refill = ((now - this.#refilledAt) / 1000) * this.#limits.per_second
    this.#tokens = Math.min(this.#capacity, this.#tokens + Math.max(0, refill))
    this.#refilledAt = now
    const forToken =
      this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / this.#limits.per_second) * 1000)
    return Math.max(forToken, this.#pausedUntil - now)
  }

  #drainIn(ms: number): void {
    this.#cancelTimer?.()
    this.#cancelTimer = this.#clock.timer(() => {
      this.#cancelTimer = null
      this.#drain()
    }, ms)
  }
}
