import { Change } from "../../../src/connectors/contract"
import { Admission } from "../../../src/connectors/door"
import { Stream } from "../../../src/sync/canonical"
import { Clock } from "../clock"
import { Random } from "../random"
import { LinkRow } from "../store/rows"
import { canonicalOf, idsOf, newestStamp, revOf } from "./erp-canonical"
import { ErpWorld } from "./erp-world"

/** Where a double reads from. */
export interface Source {
  ids(stream: Stream): number[]
  /** The stamp by which a delta finds a record, in microseconds. */
  newest(stream: Stream, id: number): number
  record(stream: Stream, id: number): Admission<Stream> | null
}

/** The ERP's own database, as it is now. */
export const liveSource = (world: ErpWorld): Source => ({
  ids: (stream) => idsOf(world, stream),
  newest: (stream, id) => newestStamp(world, stream, id),
  record: (stream, id) => canonicalOf(world, stream, id),
})

interface Observed {
  rev: number
  /** When the ERP held it so. */
  made: number
  arrived: number
  admitted: Admission<Stream>
}

/** Streams that come in files; stock is asked for, since a file does not say when it was made. */
const EXPORTED: readonly Stream[] = ["categories", "products", "prices"]

/**
 * What an ERP that pushes files was last seen to hold. Exports are incremental, take a while and arrive
 * in order; a record that is missing from one is unchanged. What we wrote, or read beside the exports,
 * is observed at once, and no older export takes it back.
 */
export class Spool implements Source {
  private readonly observed = new Map<string, Observed>()
  private readonly taken = new Map<string, Pick<Observed, "made" | "arrived">[]>()
  private readonly exported = new Map<string, number>()
  private lastArrival = 0

  constructor(
    private readonly world: ErpWorld,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  ids(stream: Stream): number[] {
    if (!EXPORTED.includes(stream)) {
      return idsOf(this.world, stream)
    }
    const keys = [...this.observed.keys()].filter((key) => key.startsWith(`${stream}/`))
    return keys.map((key) => Number(key.slice(stream.length + 1))).sort((a, b) => a - b)
  }

  newest(stream: Stream, id: number): number {
    return EXPORTED.includes(stream)
      ? (this.observed.get(`${stream}/${id}`)?.arrived ?? 0)
      : newestStamp(this.world, stream, id)
  }

  record(stream: Stream, id: number): Admission<Stream> | null {
    return EXPORTED.includes(stream)
      ? (this.observed.get(`${stream}/${id}`)?.admitted ?? null)
      : canonicalOf(this.world, stream, id)
  }

  /** The ERP sends what changed since its last export. */
  export(): void {
    const file: [string, Omit<Observed, "arrived">][] = []
    for (const stream of EXPORTED) {
      for (const id of idsOf(this.world, stream)) {
        const key = `${stream}/${id}`
        const rev = revOf(this.world, stream, id)
        const admitted = canonicalOf(this.world, stream, id)
        if (admitted && rev > (this.exported.get(key) ?? -1)) {
          this.exported.set(key, rev)
          file.push([key, { rev, admitted, made: this.clock.micros }])
        }
      }
    }
    const soonest = Math.max(this.lastArrival, this.clock.micros)
    this.lastArrival = soonest + this.random.between(1_000, 30_000_000)
    this.clock.after((this.lastArrival - this.clock.micros) / 1000, () =>
      file.forEach(([key, entry]) => this.take(key, entry)),
    )
  }

  /** A record was read beside the exports. */
  observe({ entity, id, product_id }: Pick<Change, "entity" | "id" | "product_id">): void {
    const product = Number(entity === "product" ? id : product_id)
    const prices = this.world.variantsOf(product).map((row) => ["prices", row.id] as const)
    const keys: (readonly [Stream, number])[] =
      entity === "category"
        ? [["categories", Number(id)]]
        : // A product comes with its prices: one is never older than the other.
          [["products", product], ...prices]
    for (const [stream, own] of keys) {
      const admitted = canonicalOf(this.world, stream, own)
      if (admitted) {
        const rev = revOf(this.world, stream, own)
        this.take(`${stream}/${own}`, { rev, admitted, made: this.clock.micros })
      }
    }
  }

  /** The moment whose state of the ERP could be known of a record at a time. */
  knownUntil(link: Pick<LinkRow, "entity" | "erp_id" | "parent_erp_id">, at: number): number {
    const keys =
      link.entity === "category"
        ? [`categories/${link.erp_id}`]
        : [`products/${link.parent_erp_id ?? link.erp_id}`, `prices/${link.erp_id}`]
    const arrived = keys
      .flatMap((key) => this.taken.get(key) ?? [])
      .filter((entry) => entry.arrived <= at)
    return arrived.length > 0 ? Math.max(...arrived.map((entry) => entry.made)) : at
  }

  private take(key: string, entry: Omit<Observed, "arrived">): void {
    const held = this.observed.get(key)
    if (!held || held.rev <= entry.rev) {
      const arrived = this.clock.micros
      this.observed.set(key, { ...entry, arrived })
      this.taken.set(key, [...(this.taken.get(key) ?? []), { made: entry.made, arrived }])
    }
  }
}
