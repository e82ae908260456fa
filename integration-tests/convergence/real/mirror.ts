import { canonicalDecimal } from "../../../src/sync/decimal"
import { Clock } from "../clock"
import { Change, MemoryDatabase, Transaction, View } from "../store/memory-database"
import { TableName, Tables } from "../store/rows"
import { LOCKED, SNAPSHOT } from "./snapshot-sql"
import { RealStore } from "./real-store"
import { setTime } from "./simulated-time"
import { writeThrough } from "./write-through"

/** Who edits the mirror, and by it the store. */
const EDITORS: readonly string[] = ["merchant", "shop", "person", "acknowledgement", "set up"]

/** An id of the ledger's own; what the simulation made up is shorter. */
const JOURNAL_ID = /^ejrn_[0-9a-f]{14}$/

type Row = Tables[TableName]
type Snapshot = Partial<Record<TableName, string>>

/**
 * The model in memory as a mirror of the real tables: the oracle reads and watches it as it does the
 * model, and what the merchant, the shop and persons do to it is done to the tables.
 */
export class Mirror {
  private edits: Change[][] = []
  private by = new Map<Change[], string>()
  private busy: Promise<void> = Promise.resolve()
  private time = 0
  /** What each table held when it was taken over last, unless the mirror was edited since. */
  private readonly reflected = new Map<TableName, string>()
  private held: Transaction | null = null
  private reflecting = false

  constructor(
    private readonly db: MemoryDatabase,
    private readonly store: RealStore,
    private readonly clock: Clock,
  ) {
    db.onCommit((changes, by) => {
      if (this.reflecting) {
        return
      }
      changes.forEach(({ table }) => this.reflected.delete(table))
      if (EDITORS.includes(by)) {
        this.edits.push(changes)
        this.by.set(changes, by)
      }
    })
  }

  /** Whether something waits to be brought to the tables. */
  get isEdited(): boolean {
    return this.edits.length > 0
  }

  /** Brings time and the edits of the world to the tables. */
  flush(): Promise<void> {
    this.busy = this.busy.then(() => this.bringOver())
    return this.busy
  }

  private async bringOver(): Promise<void> {
    if (this.time !== this.clock.micros) {
      this.time = this.clock.micros
      await setTime(this.store.line, this.clock)
    }
    for (let changes = this.edits.shift(); changes; changes = this.edits.shift()) {
      await writeThrough(this.store, changes)
      await this.reflect(this.by.get(changes) ?? "merchant")
    }
  }

  /** Takes over what the tables hold, as one commit. */
  async reflect(by: string): Promise<void> {
    const { line } = this.store
    const [snapshot = {}] = await line.ask<Snapshot>("snapshot", SNAPSHOT, [this.journaled()])
    this.letGo()
    this.reflecting = true
    this.db.run(null, by, (view) => {
      for (const [table, text] of Object.entries(snapshot)) {
        this.reflectTable(view, table as TableName, text)
      }
    })
    this.reflecting = false
  }

  private reflectTable(view: View, table: TableName, text: string): void {
    if (this.reflected.get(table) === text) {
      return
    }
    this.reflected.set(table, text)
    const found: Record<string, unknown>[] = JSON.parse(text)
    const wanted = new Map(found.map((raw) => rowOf(table, raw)))
    for (const [id, row] of wanted) {
      wanted.set(id, withLastPrices(row, view.get(table, id)))
    }
    for (const [id, row] of wanted) {
      if (!same(view.get(table, id), row)) {
        view.put(table, id, row)
      }
    }
    const keys = view.all(table).map((row) => keyOf(table, { ...row }))
    for (const id of keys) {
      const gone = table === "journal" ? !JOURNAL_ID.test(id) : !wanted.has(id)
      if (gone) {
        view.remove(table, id)
      }
    }
  }

  private journaled(): string[] {
    return this.db
      .read((view) => view.all("journal").map((row) => row.id))
      .filter((id) => JOURNAL_ID.test(id))
  }

  /** Has the world's edits meet the locks that workers hold now. */
  async lockOut(): Promise<void> {
    const rows = await this.store.line.ask<{ table: TableName; id: string }>("locked", LOCKED)
    this.letGo()
    const held = this.db.begin("worker")
    this.held = held
    this.db.run(held, "worker", (view) => rows.forEach(({ table, id }) => view.tryLock(table, id)))
  }

  letGo(): void {
    if (this.held) {
      this.db.end(this.held)
      this.held = null
    }
  }
}

const same = (a: Row | undefined, b: Row): boolean =>
  a !== undefined && JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const sorted = (row: Row): [string, unknown][] =>
  Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))

/** Medusa deletes the prices of a deleted variant; the model, like the oracle, leaves them as they were. */
const withLastPrices = (row: Row, held: Row | undefined): Row =>
  "prices" in row && row.deleted && held && "prices" in held ? { ...row, prices: held.prices } : row

/** The key under which the model keeps a row. */
const keyOf = (table: TableName, row: Record<string, unknown>): string => {
  const joined = (...names: string[]): string => names.map((name) => String(row[name])).join("/")
  switch (table) {
    case "dirty":
      return joined("stream", "erp_id")
    case "parked":
      return joined("stream", "entity", "erp_id", "field")
    case "differences":
      return joined("link_id", "field")
    case "demand":
      return joined("line_item_id", "kind")
    case "levels":
      return joined("item_id", "location_id")
    default:
      return joined("id")
  }
}

/** A row as the model has it. */
const rowOf = (table: TableName, raw: Record<string, unknown>): [string, Row] => {
  const id = keyOf(table, raw)
  const row = { ...raw, ...shaped(table, id, raw) }
  // The statement of each table selects what its row is made of.
  return [id, row as unknown as Row]
}

const shaped = (
  table: TableName,
  id: string,
  raw: Record<string, unknown>,
): Record<string, unknown> => {
  switch (table) {
    case "parked":
    case "differences":
      return { id }
    case "runs":
      return { order: Number.parseInt(id.slice("erun_".length), 16) }
    case "variants": {
      const { weight, prices } = raw
      return {
        weight: typeof weight === "string" ? canonicalDecimal(weight) : null,
        prices: Array.isArray(prices) ? prices.map(priceOf) : null,
      }
    }
    default:
      return {}
  }
}

const priceOf = (price: { amount: string }): object => ({
  ...price,
  amount: canonicalDecimal(price.amount),
})
