import {
  Capabilities,
  Connector,
  Cursor,
  Page,
  ReadResult,
  RequestCounter,
} from "../../../src/connectors/contract"
import { Stream, STREAMS } from "../../../src/sync/canonical"
import { SyncError } from "../../../src/sync/errors"
import { erpId, ErpId } from "../../../src/sync/ids"
import { Clock } from "../clock"
import { Faults } from "../faults"
import { Process, Scheduler } from "../scheduler"
import { canonicalOf, idsOf, newestStamp } from "./erp-canonical"
import { ErpWorld } from "./erp-world"

/** How long a transaction may have been open before its commit: the overlap of the windows. */
export const OVERLAP_US = 15 * 60 * 1_000_000

const SECOND_US = 1_000_000
const PAGE = { categories: 4, products: 3, prices: 6, stock: 6 } as const

type Position =
  | { mode: "rest"; hi: number }
  | { mode: "full" | "delta"; lo: number; hi: number; after: number; done: number }

const CAPABILITIES: Capabilities = {
  streams: [...STREAMS],
  prices_with_products: true,
  compare_and_set: false,
  idempotent_create: false,
  deletion_feed: false,
  version: { exact: false, ordered: true, covers: ["categories"] },
  normalises: {},
  idempotency_key: null,
  max_read_batch: 20,
  max_write_batch: 0,
  least_requests: () => 1,
  hook_refusal: { status: 403, body: "" },
  longest_request_ms: 60_000,
  file_push: false,
}

/** Sees every stock figure that leaves the ERP, with what it counted at that moment. */
export type StockWitness = (variant: ErpId) => void

/**
 * A connector over the ERP's database with Odoo's dialect: stamps are the start of the writing
 * transaction, kept in microseconds and shown in seconds; pages go by id inside a half-open window
 * that overlaps the one before; what is deleted is simply not there.
 */
export class ErpDouble implements Connector, RequestCounter {
  readonly erp = "double"
  readonly capabilities = CAPABILITIES
  requests = 0

  constructor(
    private readonly world: ErpWorld,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly process: Process,
    private readonly faults: Faults,
    private readonly witness: StockWitness,
  ) {}

  async *pull<S extends Stream>(stream: S, cursor: Cursor | null): AsyncGenerator<Page<S>> {
    let at = await this.begin(stream, cursor as Position | null)
    for (;;) {
      const { page, next } = await this.request(`pull ${stream}`, () => this.page(stream, at))
      yield page
      if (next.mode === "rest") {
        return
      }
      at = next
    }
  }

  async read<S extends Stream>(stream: S, ids: ErpId[]): Promise<ReadResult<S>> {
    return this.request(`read ${stream}`, () => {
      const missing = ids.filter((id) => canonicalOf(this.world, stream, Number(id)) === null)
      return { ...this.records<S>(stream, ids.map(Number)), missing }
    })
  }

  async *keys(): AsyncGenerator<never> {}

  async check() {
    return { ok: true, identity: null, capabilities: CAPABILITIES, items: [] }
  }

  async close(): Promise<void> {}

  private async begin(
    stream: Stream,
    stored: Position | null,
  ): Promise<Exclude<Position, { mode: "rest" }>> {
    if (stored?.mode === "rest") {
      const lo = stored.hi - OVERLAP_US
      return { mode: "delta", lo, hi: stored.hi, after: 0, done: 0 }
    }
    if (stored) {
      return stored
    }
    // Before the first page: what is edited while the pages are read, the next delta finds.
    const hi = await this.request(`probe ${stream}`, () => this.highest(stream, 0))
    return { mode: "full", lo: 0, hi, after: 0, done: 0 }
  }

  /** One stamp unit above the newest, never above the server's now. */
  private highest(stream: Stream, before: number): number {
    const stamps = idsOf(this.world, stream).map((id) => newestStamp(this.world, stream, id))
    const newest = Math.floor(Math.max(0, ...stamps) / SECOND_US) * SECOND_US + SECOND_US
    return Math.max(before, Math.min(newest, this.clock.micros + SECOND_US))
  }

  private page<S extends Stream>(
    stream: S,
    at: Exclude<Position, { mode: "rest" }>,
  ): { page: Page<S>; next: Position } {
    const hi = at.mode === "delta" && at.after === 0 ? this.highest(stream, at.hi) : at.hi
    const matching = idsOf(this.world, stream).filter(
      (id) => id > at.after && (at.mode === "full" || newestStamp(this.world, stream, id) >= at.lo),
    )
    const ids = matching.slice(0, PAGE[stream])
    const complete = ids.length < PAGE[stream]
    const done = at.done + ids.length
    const next: Position = complete
      ? { mode: "rest", hi }
      : { ...at, hi, after: ids.at(-1) ?? at.after, done }
    const shown = this.shown(ids, at.mode)
    const page = { ...this.records<S>(stream, shown), gone: [], cursor: next, complete, done }
    return { page: { ...page, total: null }, next }
  }

  /** Now and then a record comes twice, or a full listing lacks one that is there all the same. */
  private shown(ids: number[], mode: "full" | "delta"): number[] {
    const last = ids.at(-1)
    if (last !== undefined && this.faults.happens(0.03)) {
      return [...ids, last]
    }
    return mode === "full" && this.faults.happens(0.05) ? ids.slice(1) : ids
  }

  private records<S extends Stream>(
    stream: S,
    ids: number[],
  ): Pick<Page<S>, "records" | "rejected"> {
    const found: Pick<Page<S>, "records" | "rejected"> = { records: [], rejected: [] }
    for (const id of ids) {
      const admitted = canonicalOf(this.world, stream, id)
      if (admitted?.rejected) {
        found.rejected.push(admitted.rejected)
      } else if (admitted) {
        found.records.push(admitted.record as Page<S>["records"][number])
        if (stream === "stock") {
          this.witness(erpId(id))
        }
      }
    }
    return found
  }

  /** The answer is made at one moment and arrives at a later one; either way may fail. */
  private async request<T>(label: string, answer: () => T): Promise<T> {
    this.requests += 1
    const result = await this.scheduler.call(this.process, label, () => {
      this.faults.before(label)
      this.faults.maybe(label, this.faults.rate / 4, "short_page")
      if (this.faults.happens(this.faults.rate / 4)) {
        throw throttled(label)
      }
      return answer()
    })
    await this.scheduler.call(this.process, `${label} answered`, () => this.faults.after(label))
    return result
  }
}

const throttled = (label: string): SyncError =>
  new SyncError({
    kind: "transient",
    code: "rate_limited",
    message: `${label}: too many requests`,
    remedy: "It is asked again later.",
    retry_after_ms: 5_000,
  })
