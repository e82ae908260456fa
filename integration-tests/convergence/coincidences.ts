import { Random } from "./random"

/** While the world is edited, after its last edit of the day, and when it has to come to rest. */
export type Phase = "day" | "evening" | "rest"

/** The share of the worlds that have any. */
const SHARE = 0.25

/**
 * What chance alone brings about too seldom: a worker that stalls between a read and what it does with
 * it, an order booked just then, an edit while a request that was given up is still on its way, answers
 * cut short after a long pause. Some worlds have these, drawn by a generator of their own; all others
 * are as they would be without.
 */
export class Coincidences {
  phase: Phase = "rest"
  readonly any: boolean
  private readonly random: Random

  /** @param share of the worlds that have any */
  constructor(seed: number, share = SHARE) {
    this.random = new Random(seed + 0x51_7c_c1)
    this.any = this.random.chance(share)
  }

  happens(phase: Phase, share: number): boolean {
    return this.any && this.phase === phase && this.random.chance(share)
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return this.random.between(least, most)
  }
}
