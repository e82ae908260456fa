import { Creation } from "../../../src/connectors/contract"
import { FieldValue } from "../../../src/sync/values"
import { Clock } from "../clock"
import { Dialect } from "./dialects"

export interface Stamped {
  id: number
  /** Start of the transaction that wrote it last, in microseconds, as Odoo stamps. */
  stamp: number
  /** Moves with every commit of the row, whoever wrote it. */
  rev: number
}

/** Columns that the database keeps itself. */
type Own = "id" | "stamp" | "rev"

export interface ErpTables {
  categories: Stamped & { active: boolean; name: string; parent: number | null }
  attributes: Stamped & { name: string }
  values: Stamped & { attribute: number; name: string }
  products: Stamped & {
    active: boolean
    title: string
    description: string | null
    categories: number[]
    lines: { attribute: number; values: number[] }[]
    tracked: boolean
  }
  variants: Stamped & {
    product: number
    active: boolean
    sku: string | null
    barcode: string | null
    weight: string | null
    price: string
    values: number[]
  }
  /** Stock of a variant; `id` is the variant's. */
  quants: Stamped & { quantity: number; reserved: number }
}
export type ErpTable = keyof ErpTables
export type ErpProductRow = ErpTables["products"]
export type ErpVariantRow = ErpTables["variants"]

type Store = { [T in ErpTable]: Map<number, ErpTables[T]> }

/** A concurrent update of the same row: Odoo's transactions are repeatable read. */
class SerializationFailure extends Error {}

/** What one ERP transaction writes; all of it, or nothing, becomes visible at its commit. */
export class ErpTransaction {
  private readonly writes: { table: ErpTable; id: number; row: ErpTables[ErpTable] | null }[] = []
  private readonly followed: [number, number][] = []

  constructor(
    private readonly store: Store,
    readonly start: number,
    private readonly newId: () => number,
    private readonly newRev: () => number,
    private readonly successors: Map<number, number>,
  ) {}

  /** The second record is the first one under a new id. */
  succeed(former: number, present: number): void {
    this.followed.push([former, present])
  }

  get<T extends ErpTable>(table: T, id: number): ErpTables[T] | undefined {
    const written = this.writes.findLast((write) => write.table === table && write.id === id)
    return written ? ((written.row as ErpTables[T] | null) ?? undefined) : this.store[table].get(id)
  }

  all<T extends ErpTable>(table: T): ErpTables[T][] {
    const ids = new Set([...this.store[table].keys()])
    this.writes.filter((write) => write.table === table).forEach((write) => ids.add(write.id))
    return [...ids].flatMap((id) => this.get(table, id) ?? [])
  }

  create<T extends ErpTable>(table: T, row: Omit<ErpTables[T], Own>): number {
    const id = this.newId()
    this.putRow(table, id, { ...row, id, stamp: this.start, rev: 0 } as ErpTables[T])
    return id
  }

  /** Creates or replaces a row under a given id. */
  put<T extends ErpTable>(table: T, id: number, row: Omit<ErpTables[T], Own>): void {
    this.putRow(table, id, { ...row, id, stamp: this.start, rev: 0 } as ErpTables[T])
  }

  update<T extends ErpTable>(table: T, id: number, change: Partial<ErpTables[T]>): void {
    const row = this.get(table, id)
    if (row) {
      this.guard(row)
      this.putRow(table, id, { ...row, ...change, stamp: this.start })
    }
  }

  remove(table: ErpTable, id: number): void {
    const row = this.get(table, id)
    if (row) {
      this.guard(row)
      this.putRow(table, id, null)
    }
  }

  apply(): void {
    this.followed.forEach(([former, present]) => this.successors.set(former, present))
    for (const { table, id, row } of this.writes) {
      const target = this.store[table] as Map<number, ErpTables[ErpTable]>
      if (row === null) {
        target.delete(id)
      } else {
        target.set(id, { ...row, rev: this.newRev() })
      }
    }
  }

  get isEmpty(): boolean {
    return this.writes.length === 0
  }

  private guard(row: Stamped): void {
    if (row.stamp > this.start) {
      throw new SerializationFailure()
    }
  }

  private putRow(table: ErpTable, id: number, row: ErpTables[ErpTable] | null): void {
    this.writes.push({ table, id, row })
  }
}

/** Who commits: the ERP's users, or a request of the plugin's with what it had compared. */
export type Committer = { who: "erp" } | { who: "us"; write: ErpWrite }

/** A write of the plugin's, as it takes effect in the ERP. */
export interface ErpWrite {
  /** When the fields were compared, in microseconds; null where the ERP compares and sets at once. */
  compared_at: number | null
  /** The caller will learn that it happened. */
  answered: boolean
  /** Fields by `<entity>/<id>/<field>`, with what was asked for. */
  fields: ReadonlyMap<string, FieldValue>
  /** What is made by it, where it makes something. */
  made?: Made
}

/** A product that was made under a key of ours. */
export interface Made {
  creation: Creation
  product: number
  /** The values that each variant stands for, by its key. */
  variants: ReadonlyMap<string, { id: number; values: number[] }>
}

/** The ERP's database: rows with stamps, changed by transactions that may commit long after they began. */
export class ErpWorld {
  readonly store: Store = {
    categories: new Map(),
    attributes: new Map(),
    values: new Map(),
    products: new Map(),
    variants: new Map(),
    quants: new Map(),
  }
  /** Transactions begun and not committed yet. */
  underWay = 0
  /** Records that a listing lacked, and that no page or answer has shown since: `stream/id`. */
  readonly withheld = new Set<string>()
  /** What a page without a total lacked: nobody can see that, and whoever asked for it by id may have died. */
  readonly lacked = new Set<string>()
  /** What was made under keys of ours. */
  readonly made = new Map<string, Made>()
  private lastId = 0
  private lastRev = 0
  private readonly successors = new Map<number, number>()
  private readonly listeners: ((by: Committer) => void)[] = []

  constructor(
    private readonly clock: Clock,
    readonly dialect: Dialect,
  ) {}

  onCommit(listener: (by: Committer) => void): void {
    this.listeners.push(listener)
  }

  all<T extends ErpTable>(table: T): ErpTables[T][] {
    return [...this.store[table].values()] as ErpTables[T][]
  }

  /**
   * Runs a transaction that begins now. With a delay it is seen, under its old stamp, only then.
   * Returns whether it changed anything; a late one says so before it is sure.
   */
  transaction(
    work: (tx: ErpTransaction) => void,
    commitAfterMs = 0,
    by: Committer = { who: "erp" },
  ): boolean {
    const start = this.clock.micros
    const commit = (): boolean => {
      const tx = new ErpTransaction(
        this.store,
        start,
        () => (this.lastId += 1),
        () => (this.lastRev += 1),
        this.successors,
      )
      try {
        work(tx)
      } catch (error) {
        if (error instanceof SerializationFailure) {
          return false
        }
        throw error
      }
      if (tx.isEmpty) {
        return false
      }
      tx.apply()
      this.listeners.forEach((listener) => listener(by))
      return true
    }
    if (commitAfterMs === 0) {
      return commit()
    }
    this.underWay += 1
    this.clock.after(commitAfterMs, () => {
      this.underWay -= 1
      commit()
    })
    return true
  }

  /** The id that a record has by now. */
  present(id: number): number {
    const next = this.successors.get(id)
    return next === undefined ? id : this.present(next)
  }

  /** The ids that a record had before, the last one first. */
  formerIds(id: number): number[] {
    const former = [...this.successors].find(([, present]) => present === id)?.[0]
    return former === undefined ? [] : [former, ...this.formerIds(former)]
  }

  variantsOf(product: number): ErpVariantRow[] {
    return this.all("variants").filter((variant) => variant.product === product)
  }
}
