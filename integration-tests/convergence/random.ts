/** A seeded source of randomness: the same seed gives the same world, faults and interleaving. */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = (seed * 2_654_435_761 + 40_503) >>> 0
  }

  /** In [0, 1), by the mulberry32 generator. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = this.state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.next() * items.length)]
  }

  /** One of the entries, each as likely as its weight says. */
  weighted<T>(entries: readonly (readonly [T, number])[]): T | undefined {
    const total = entries.reduce((sum, [, weight]) => sum + weight, 0)
    let at = this.next() * total
    for (const [item, weight] of entries) {
      at -= weight
      if (at < 0) {
        return item
      }
    }
    return entries.at(-1)?.[0]
  }
}
