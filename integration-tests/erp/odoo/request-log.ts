/** One answered request. */
export interface RequestEntry {
  /** `model.method`, or `common.authenticate` and the like. */
  readonly call: string
  readonly status: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly milliseconds: number
}

const KEPT = 1000

/** What was asked of the server, for tests that count and for benchmarks. */
export class RequestLog {
  private readonly numbers = new Map<string, number>()
  private readonly written = new Map<string, Map<number, number>>()
  /** The last thousand requests, oldest first. */
  readonly entries: RequestEntry[] = []
  total = 0
  bytesIn = 0
  bytesOut = 0

  add(entry: RequestEntry): void {
    this.numbers.set(entry.call, (this.numbers.get(entry.call) ?? 0) + 1)
    this.total += 1
    this.bytesIn += entry.bytesIn
    this.bytesOut += entry.bytesOut
    this.entries.push(entry)
    if (this.entries.length > KEPT) this.entries.shift()
  }

  /** Records that a caller wrote, where the request names them. */
  addWritten(model: string, ids: readonly number[]): void {
    const ofModel = this.written.get(model) ?? new Map<number, number>()
    ids.forEach((id) => ofModel.set(id, (ofModel.get(id) ?? 0) + 1))
    this.written.set(model, ofModel)
  }

  /** Per model: how many records callers wrote, and how often the one that was written most. */
  get writes(): { [model: string]: { records: number; most: number } } {
    return Object.fromEntries(
      [...this.written].map(([model, counts]) => [
        model,
        { records: counts.size, most: [...counts.values()].reduce((a, b) => Math.max(a, b), 0) },
      ]),
    )
  }

  /** Requests per `model.method`. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.numbers)
  }

  /** How many requests a name or a pattern covers. */
  count(call: string | RegExp): number {
    if (typeof call === "string") return this.numbers.get(call) ?? 0
    let sum = 0
    for (const [name, number] of this.numbers) if (call.test(name)) sum += number
    return sum
  }

  reset(): void {
    this.numbers.clear()
    this.written.clear()
    this.entries.length = 0
    this.total = 0
    this.bytesIn = 0
    this.bytesOut = 0
  }
}
