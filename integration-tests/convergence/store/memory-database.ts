import { TableName, Tables } from "./rows"

export interface Change<T extends TableName = TableName> {
  table: T
  id: string
  before: Tables[T] | undefined
  after: Tables[T] | undefined
}

type Store = { [T in TableName]: Map<string, Tables[T]> }
type Buffer = Map<TableName, Map<string, Tables[TableName] | null>>

const TABLES: readonly TableName[] = [
  ...([
    "connections",
    "links",
    "dirty",
    "parked",
    "differences",
    "journal",
    "events",
    "cursors",
  ] as const),
  ...(["runs", "swept", "demand", "categories", "products", "variants", "items"] as const),
  ...(["levels", "lines", "reservations", "fulfilments"] as const),
]

/** A statement met a row that another transaction holds: it is tried again later, as PostgreSQL waits. */
export class Blocked extends Error {}

/** An open transaction: its writes are seen by itself alone until it commits. */
export class Transaction {
  readonly writes: Buffer = new Map()
  readonly locks = new Set<string>()
  open = true

  constructor(readonly by: string) {}
}

/**
 * Tables in memory with read-committed transactions, row locks until the end of a transaction, and
 * statements that happen whole or not at all. Every commit is told to the listeners as one set of
 * changes, which is what the oracle judges.
 */
export class MemoryDatabase {
  private readonly store = Object.fromEntries(TABLES.map((name) => [name, new Map()])) as Store
  private readonly holders = new Map<string, Transaction>()
  private readonly listeners: ((changes: Change[], by: string) => void)[] = []
  private last = 1000

  /** The one sequence behind ids, generations and fences. */
  nextSeq(): number {
    this.last += 1
    return this.last
  }

  onCommit(listener: (changes: Change[], by: string) => void): void {
    this.listeners.push(listener)
  }

  begin(by: string): Transaction {
    return new Transaction(by)
  }

  commit(tx: Transaction): void {
    this.apply(tx.writes, tx.by)
    this.end(tx)
  }

  /** Also what a crash of its session does to it. */
  end(tx: Transaction): void {
    tx.open = false
    for (const key of tx.locks) {
      this.holders.delete(key)
    }
  }

  /** Runs one statement; without a transaction it commits by itself. @throws Blocked */
  run<T>(tx: Transaction | null, by: string, statement: (view: View) => T): T {
    const own = tx ?? new Transaction(by)
    const view = new View(this.store, this.holders, own)
    const result = statement(view)
    view.flush()
    if (!tx) {
      this.commit(own)
    }
    return result
  }

  /** Reads what is committed. */
  read<T>(query: (view: View) => T): T {
    return query(new View(this.store, this.holders, new Transaction("reader")))
  }

  private apply(writes: Buffer, by: string): void {
    const changes: Change[] = []
    for (const [table, rows] of writes) {
      const target = this.store[table] as Map<string, Tables[TableName]>
      for (const [id, row] of rows) {
        changes.push({ table, id, before: target.get(id), after: row ?? undefined })
        if (row === null) {
          target.delete(id)
        } else {
          target.set(id, row)
        }
      }
    }
    if (changes.length > 0) {
      this.listeners.forEach((listener) => listener(changes, by))
    }
  }
}

/** What one statement sees and writes. */
export class View {
  private readonly buffer: Buffer = new Map()
  private readonly taken = new Set<string>()

  constructor(
    private readonly store: Store,
    private readonly holders: Map<string, Transaction>,
    private readonly tx: Transaction,
  ) {}

  get<T extends TableName>(table: T, id: string): Tables[T] | undefined {
    for (const writes of [this.buffer, this.tx.writes]) {
      const row = writes.get(table)?.get(id)
      if (row !== undefined) {
        return (row as Tables[T] | null) ?? undefined
      }
    }
    return this.store[table].get(id)
  }

  all<T extends TableName>(table: T): Tables[T][] {
    const rows = new Map<string, Tables[T]>(this.store[table] as Map<string, Tables[T]>)
    for (const writes of [this.tx.writes, this.buffer]) {
      for (const [id, row] of writes.get(table) ?? []) {
        if (row === null) {
          rows.delete(id)
        } else {
          rows.set(id, row as Tables[T])
        }
      }
    }
    return [...rows.values()]
  }

  /** Takes the row, or says that another transaction holds it: `skip locked`. */
  tryLock(table: TableName | "unique", id: string): boolean {
    const key = `${table}/${id}`
    const holder = this.holders.get(key)
    if (holder && holder !== this.tx) {
      return false
    }
    this.taken.add(key)
    return true
  }

  /** Takes the row or waits for it. @throws Blocked */
  lock(table: TableName | "unique", id: string): void {
    if (!this.tryLock(table, id)) {
      throw new Blocked(`${table}/${id}`)
    }
  }

  put<T extends TableName>(table: T, id: string, row: Tables[T]): void {
    this.lock(table, id)
    this.bufferOf(table).set(id, row)
  }

  remove(table: TableName, id: string): void {
    this.lock(table, id)
    this.bufferOf(table).set(id, null)
  }

  flush(): void {
    for (const [table, rows] of this.buffer) {
      const writes = this.tx.writes.get(table) ?? new Map<string, Tables[TableName] | null>()
      rows.forEach((row, id) => writes.set(id, row))
      this.tx.writes.set(table, writes)
    }
    for (const key of this.taken) {
      this.tx.locks.add(key)
      this.holders.set(key, this.tx)
    }
  }

  private bufferOf(table: TableName): Map<string, Tables[TableName] | null> {
    const rows = this.buffer.get(table) ?? new Map<string, Tables[TableName] | null>()
    this.buffer.set(table, rows)
    return rows
  }
}
