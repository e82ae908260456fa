import { seededRandom } from "../faults"

/** Random choices from a seed: the same seed makes the same catalog. */
export class Choices {
  private readonly next: () => number

  constructor(seed: number) {
    this.next = seededRandom(seed)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.between(0, list.length - 1)] ?? list[0]
  }

  /** `count` different elements, in the order of the list. */
  some<T>(list: readonly T[], count: number): T[] {
    const left = [...list.keys()]
    const chosen: number[] = []
    while (chosen.length < count && left.length > 0) {
      chosen.push(...left.splice(this.between(0, left.length - 1), 1))
    }
    return chosen
      .sort((a, b) => a - b)
      .map((at) => list[at])
      .filter((item): item is T => item !== undefined)
  }

  /** A price with two places. */
  price(low: number, high: number): number {
    return this.between(low * 100, high * 100) / 100
  }
}
