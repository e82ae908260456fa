import {
  Capabilities,
  Change,
  Connector,
  Cursor,
  Page,
  ReadResult,
  RequestCounter,
  RequestOptions,
  WriteOutcome,
} from "../../../src/connectors/contract"
import { OdooCall } from "../../../src/connectors/odoo/protocol"
import { pagesOf } from "../../../src/connectors/odoo/pull"
import { Stream } from "../../../src/sync/canonical"
import { SyncError } from "../../../src/sync/errors"
import { erpId, ErpId } from "../../../src/sync/ids"
import { capabilitiesOf } from "./dialects"
import { ErpCreator } from "./erp-creator"
import { ErpWriter, Line } from "./erp-writer"
import { OdooSearch, readerOf } from "./odoo-pages"
import { liveSource, Source } from "./spool"
import { WindowPages } from "./window-pages"

/** Sees every stock figure that leaves the ERP, with what it counted at that moment. */
export type StockWitness = (variant: ErpId) => void

/**
 * A connector over the ERP's database, in the dialect of its world: stamps are the start of the writing
 * transaction, kept in microseconds and shown in coarser units; what is deleted is simply not there.
 */
export class ErpDouble implements Connector, RequestCounter {
  readonly erp = "double"
  readonly capabilities: Capabilities
  requests = 0
  private readonly source: Source
  private readonly writer: ErpWriter
  private readonly search: OdooSearch
  private readonly windows: WindowPages
  /** Only where it keeps a key of ours. */
  readonly create?: Connector["create"]
  readonly findCreated?: Connector["findCreated"]

  constructor(
    private readonly line: Line,
    private readonly witness: StockWitness,
  ) {
    const { world, clock, faults, coincidences, spool } = line
    this.capabilities = capabilitiesOf(world.dialect)
    this.source = spool ?? liveSource(world)
    this.writer = new ErpWriter(line, world.dialect)
    this.search = new OdooSearch(world, faults, coincidences, (stream, id) =>
      this.leaves(stream, id),
    )
    this.windows = new WindowPages(world.dialect, this.source, clock, faults, (label, answer) =>
      this.request(label, answer),
    )
    if (world.dialect.idempotency_key !== null) {
      const creator = new ErpCreator(line, world.dialect)
      this.create = (creations, options = {}) => creator.create(creations, options)
      this.findCreated = (keys) => this.request("find created", () => creator.present(keys))
    }
  }

  pull<S extends Stream>(stream: S, cursor: Cursor | null): AsyncGenerator<Page<S>> {
    const odoo = this.line.world.dialect.name === "odoo"
    return this.repeating(odoo ? this.odooPages(stream, cursor) : this.pages(stream, cursor))
  }

  /** Pages and cursors are the Odoo connector's own; the world answers its searches. */
  private odooPages<S extends Stream>(stream: S, cursor: Cursor | null): AsyncGenerator<Page<S>> {
    const { clock } = this.line
    const caller = {
      call: (call: OdooCall) =>
        this.request(`pull ${stream}`, () => this.search.answer(call, clock.micros)),
      log: () => undefined,
    }
    return pagesOf(caller, readerOf(stream), cursor, {})
  }

  private async *pages<S extends Stream>(
    stream: S,
    cursor: Cursor | null,
  ): AsyncGenerator<Page<S>> {
    const { withheld, lacked } = this.line.world
    const answer = (ids: number[], lacks: number[]): Pick<Page<S>, "records" | "rejected"> => {
      for (const id of lacks) {
        withheld.add(`${stream}/${id}`)
        lacked.add(`${stream}/${id}`)
      }
      return this.records<S>(stream, ids)
    }
    for await (const page of this.windows.pages(stream, cursor, answer)) {
      yield { ...page, gone: [], total: null }
    }
  }

  /** Now and then a record comes twice. */
  private async *repeating<S extends Stream>(
    pages: AsyncGenerator<Page<S>>,
  ): AsyncGenerator<Page<S>> {
    for await (const page of pages) {
      const twice = page.records.slice(-1)
      yield this.line.faults.happens(0.03)
        ? { ...page, records: [...page.records, ...twice] }
        : page
    }
  }

  async read<S extends Stream>(stream: S, ids: ErpId[]): Promise<ReadResult<S>> {
    return this.request(`read ${stream}`, () => {
      const missing = ids.filter((id) => this.source.record(stream, Number(id)) === null)
      return { ...this.records<S>(stream, ids.map(Number)), missing }
    })
  }

  write(changes: Change[], options: RequestOptions = {}): Promise<WriteOutcome[]> {
    this.requests += changes.length
    return this.writer.write(changes, options)
  }

  async *keys(): AsyncGenerator<never> {}

  async check() {
    return { ok: true, identity: null, capabilities: this.capabilities, items: [] }
  }

  async close(): Promise<void> {}

  private leaves(stream: Stream, id: number): void {
    this.line.world.withheld.delete(`${stream}/${id}`)
    if (stream === "stock") {
      this.witness(erpId(id))
    }
  }

  private records<S extends Stream>(
    stream: S,
    ids: number[],
  ): Pick<Page<S>, "records" | "rejected"> {
    const found: Pick<Page<S>, "records" | "rejected"> = { records: [], rejected: [] }
    for (const id of ids) {
      const admitted = this.source.record(stream, id)
      if (admitted?.rejected) {
        found.rejected.push(admitted.rejected)
      } else if (admitted) {
        found.records.push(admitted.record as Page<S>["records"][number])
        this.leaves(stream, id)
      }
    }
    return found
  }

  /** The answer is made at one moment and arrives at a later one; either way may fail. */
  private async request<T>(label: string, answer: () => T): Promise<T> {
    const { scheduler, process, faults, coincidences } = this.line
    this.requests += 1
    const result = await scheduler.call(process, label, () => {
      faults.before(label)
      faults.maybe(label, faults.rate / 4, "short_page")
      if (faults.happens(faults.rate / 4)) {
        throw throttled(label)
      }
      return answer()
    })
    await scheduler.call(process, `${label} answered`, () => faults.after(label))
    if (coincidences.happens("day", 0.1)) {
      scheduler.stall(process, coincidences.between(30, 300))
    }
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
