import { Leaf } from "../../../src/connectors/odoo/domains"
import { OdooAnswer, OdooCall } from "../../../src/connectors/odoo/protocol"
import { StreamReader } from "../../../src/connectors/odoo/streams"
import { Stream, StreamRecords } from "../../../src/sync/canonical"
import { Coincidences } from "../coincidences"
import { Faults } from "../faults"
import { canonicalOf, idsOf, newestStamp, shownStamp } from "./erp-canonical"
import { ErpWorld } from "./erp-world"

const SECOND_US = 1_000_000
const ROWS = { categories: 4, products: 3, prices: 6, stock: 6, images: 3 } as const

/** A row with its record as it was when the answer was made. */
interface AnsweredRow {
  id: number
  write_date: string
  parts: { write_date: string }[]
  record: ReturnType<typeof canonicalOf>
}

/** How the Odoo connector's own paging reads a stream of the world. */
export const readerOf = <S extends Stream>(stream: S): StreamReader<S> => ({
  stream,
  model: stream,
  rows: ROWS[stream],
  scope: [],
  specification: () => ({ write_date: {} }),
  watched: ["write_date"],
  inScope: null,
  map: (row) => {
    const { record, rejected } = (row as unknown as AnsweredRow).record ?? NOTHING
    return { record: record as StreamRecords[S] | null, rejected }
  },
})

const NOTHING = { record: null, rejected: null }

/** Answers Odoo's searches from the world, as it is at this moment, now and then in a broken way. */
export class OdooSearch {
  constructor(
    private readonly world: ErpWorld,
    private readonly faults: Faults,
    private readonly coincidences: Coincidences,
    /** Told of every row that leaves the ERP. */
    private readonly witness: (stream: Stream, id: number) => void,
  ) {}

  answer(call: OdooCall, servedAt: number): OdooAnswer {
    return { value: this.value(call), served_at: shownStamp(servedAt) }
  }

  private value({ model, method, args = {} }: OdooCall): unknown {
    const stream = model as Stream
    const leaves = args["domain"] as Leaf[]
    const ids = idsOf(this.world, stream).filter((id) =>
      leaves.every((leaf) => this.matches(stream, id, leaf)),
    )
    if (method === "search_count") {
      return ids.length
    }
    const limit = Number(args["limit"])
    if (args["order"] === "write_date desc") {
      const rows = ids.map((id) => this.row(stream, id))
      rows.sort((a, b) => b.write_date.localeCompare(a.write_date))
      return { records: rows.slice(0, limit), length: ids.length }
    }
    return this.page(stream, this.shown(stream, ids, leaves), limit, leaves)
  }

  /** Odoo compares in microseconds, but rewrites `>` to whole seconds. */
  private matches(stream: Stream, id: number, [field, operator, value]: Leaf): boolean {
    if (field === "id") {
      return operator === ">=" ? id >= Number(value) : id > Number(value)
    }
    const bound = Date.parse(`${String(value).replace(" ", "T")}Z`) * 1000
    const stamp = newestStamp(this.world, stream, id)
    return operator === ">" ? stamp >= bound + SECOND_US : stamp >= bound
  }

  /** Now and then a full listing lacks a record that is there all the same. */
  private shown(stream: Stream, ids: number[], leaves: Leaf[]): number[] {
    const full = !leaves.some(([field]) => field === "write_date")
    const first = full && this.faults.happens(0.1) ? 1 : 0
    ids.slice(0, first).forEach((id) => this.world.withheld.add(`${stream}/${id}`))
    return ids.slice(first)
  }

  /** Cut short, or no page at all, where the connector can know it by the number announced before. */
  private page(stream: Stream, ids: number[], limit: number, leaves: Leaf[]): unknown {
    if (this.faults.happens(0.05)) {
      return "<html>"
    }
    if (this.coincidences.happens("evening", 0.5)) {
      return null
    }
    const announced = leaves.some(([field, , value]) => field === "id" && Number(value) > 0)
    const page = ids.slice(0, limit)
    const cuts = (): boolean =>
      this.faults.happens(0.15) || this.coincidences.happens("evening", 0.5)
    const cut = announced && page.length > 0 && cuts() ? page.slice(0, -1) : page
    const rows = cut.map((id) => this.row(stream, id))
    cut.forEach((id) => this.witness(stream, id))
    return { records: rows, length: cut.length < page.length ? cut.length : ids.length }
  }

  private row(stream: Stream, id: number): AnsweredRow {
    const { categories, products, variants } = this.world.store
    const table = stream === "categories" ? categories : stream === "products" ? products : variants
    return {
      id,
      write_date: shownStamp(table.get(id)?.stamp ?? 0),
      parts: [{ write_date: shownStamp(newestStamp(this.world, stream, id)) }],
      record: canonicalOf(this.world, stream, id),
    }
  }
}
