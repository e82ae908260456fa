import { Cursor, Page } from "../../../src/connectors/contract"
import { Stream } from "../../../src/sync/canonical"
import { Clock } from "../clock"
import { Faults } from "../faults"
import { Dialect } from "./dialects"
import { Source } from "./spool"

/** How long a transaction may have been open before its commit: the overlap of the windows. */
const OVERLAP_US = 15 * 60 * 1_000_000

const PAGE = { categories: 4, products: 3, prices: 6, stock: 6, images: 3 } as const

type Reading = { mode: "full" | "delta"; lo: number; hi: number; after: number; done: number }
type Position = { mode: "rest"; hi: number } | Reading

/** One request to the ERP. */
type Ask = <T>(label: string, answer: () => T) => Promise<T>

/** What a page holds besides the records. */
export type Frame = Pick<Page, "cursor" | "complete" | "done"> & {
  ids: number[]
  /** Records that belong on the page and are not on it. */
  lacks: number[]
}

/** Pages by id inside a half-open window of stamps that overlaps the one before. */
export class WindowPages {
  constructor(
    private readonly dialect: Dialect,
    private readonly source: Source,
    private readonly clock: Clock,
    private readonly faults: Faults,
    private readonly ask: Ask,
  ) {}

  /** @param records what of the ids the answer holds, made at the moment of the answer */
  async *pages<T>(
    stream: Stream,
    cursor: Cursor | null,
    records: (ids: number[], lacks: number[]) => T,
  ): AsyncGenerator<Omit<Frame, "ids" | "lacks"> & T> {
    let at = await this.begin(stream, cursor as Position | null)
    for (;;) {
      const reading = at
      const { page, next } = await this.ask(`pull ${stream}`, () => {
        const { ids, lacks, ...frame } = this.frame(stream, reading)
        return {
          page: { ...frame, ...records(ids, lacks) },
          next: frame.cursor as Position,
        }
      })
      yield page
      if (next.mode === "rest") {
        return
      }
      at = next
    }
  }

  private async begin(stream: Stream, stored: Position | null): Promise<Reading> {
    if (stored?.mode === "rest") {
      const lo = stored.hi - OVERLAP_US
      return { mode: "delta", lo, hi: stored.hi, after: 0, done: 0 }
    }
    if (stored) {
      return stored
    }
    // Before the first page: what is edited while the pages are read, the next delta finds.
    const hi = await this.ask(`probe ${stream}`, () => this.highest(stream, 0))
    return { mode: "full", lo: 0, hi, after: 0, done: 0 }
  }

  /** One stamp unit above the newest, never above the server's now. */
  private highest(stream: Stream, before: number): number {
    const stamps = this.source.ids(stream).map((id) => this.source.newest(stream, id))
    const unit = this.dialect.stamp_unit_us
    const newest = Math.floor(Math.max(0, ...stamps) / unit) * unit + unit
    return Math.max(before, Math.min(newest, this.clock.micros + unit))
  }

  private frame(stream: Stream, at: Reading): Frame {
    const hi = at.mode === "delta" && at.after === 0 ? this.highest(stream, at.hi) : at.hi
    const after = this.losesLink(at) ? 0 : at.after
    const matching = this.source
      .ids(stream)
      .filter((id) => id > after && (at.mode === "full" || this.isInWindow(stream, id, at.lo, hi)))
    const ids = matching.slice(0, PAGE[stream])
    const complete = ids.length < PAGE[stream]
    const done = at.done + ids.length
    const next: Position = complete
      ? { mode: "rest", hi }
      : { ...at, hi, after: ids.at(-1) ?? after, done }
    // Now and then a full listing lacks a record that is there all the same.
    const first = at.mode === "full" && this.faults.happens(0.05) ? 1 : 0
    const lacks = ids.slice(0, first)
    return { ids: ids.slice(first), lacks, cursor: next, complete, done }
  }

  /** The server forgot where the reader was: the window begins anew. */
  private losesLink(at: Reading): boolean {
    return (
      this.dialect.fixed_window && at.mode === "delta" && at.after > 0 && this.faults.happens(0.05)
    )
  }

  private isInWindow(stream: Stream, id: number, lo: number, hi: number): boolean {
    const stamp = this.source.newest(stream, id)
    return stamp >= lo && (!this.dialect.fixed_window || stamp < hi)
  }
}
