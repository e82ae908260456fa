import type { Clock } from "../clock"

/** A clock that moves only when told to, and chance that is always one half. */
export class FakeClock implements Clock {
  #now = 1_000_000
  #timers: { at: number; callback: () => void }[] = []

  now = (): number => this.#now

  random = (): number => 0.5

  timer = (callback: () => void, ms: number): (() => void) => {
    const timer = { at: this.#now + ms, callback }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  get pending(): number {
    return this.#timers.length
  }

  /** Moves on by `ms`, firing what falls due, in order. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      await settle()
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.#timers = this.#timers.filter((other) => other !== next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
    }
    this.#now = end
    await settle()
  }
}

/** Lets everything that waits on settled promises run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
