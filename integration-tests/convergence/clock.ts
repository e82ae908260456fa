interface Timer {
  at: number
  order: number
  work: () => void
}

/** 2026-03-02, a Monday, in microseconds. */
const EPOCH_US = Date.UTC(2026, 2, 2, 8) * 1000

/** The one clock of a simulated world, in microseconds; it moves only when it is told to. */
export class Clock {
  private us = EPOCH_US
  private order = 0
  private timers: Timer[] = []

  /** Microseconds since the epoch. */
  get micros(): number {
    return this.us
  }

  get millis(): number {
    return Math.floor(this.us / 1000)
  }

  /** As the database prints it: ISO with microseconds. */
  iso(us: number = this.us): string {
    const whole = new Date(Math.floor(us / 1000)).toISOString().slice(0, -1)
    return `${whole}${String(us % 1000).padStart(3, "0")}Z`
  }

  /** Moves on and lets the timers that fell due do their work, in the order of their times. */
  advance(micros: number): void {
    this.us += micros
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= this.us).sort(byTime)[0]
      if (!due) {
        return
      }
      this.timers = this.timers.filter((timer) => timer !== due)
      due.work()
    }
  }

  /** Returns a function that takes the timer back. */
  after(ms: number, work: () => void): () => void {
    const timer = { at: this.us + ms * 1000, order: (this.order += 1), work }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((entry) => entry !== timer)
    }
  }

  get nextTimer(): number | null {
    return this.timers.length > 0 ? Math.min(...this.timers.map((timer) => timer.at)) : null
  }
}

const byTime = (a: Timer, b: Timer): number => a.at - b.at || a.order - b.order
