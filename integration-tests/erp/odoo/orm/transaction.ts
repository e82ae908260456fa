import { LockedError } from "./errors"
import { Table } from "./table"
import type { Row } from "./values"

/** One changed row: what it was and what it became; undefined where it did not exist. */
interface Change {
  readonly table: Table
  readonly id: number
  readonly before: Row | undefined
  readonly after: Row | undefined
}

function restore(table: Table, id: number, row: Row | undefined): void {
  if (row === undefined) table.remove(id)
  else table.put(row)
}

function takeBack({ table, id, before, after }: Change): void {
  restore(table, id, before)
  if (after !== undefined) table.countWrites(id, -1)
}

/** All tables of one simulated database, and the rows that open transactions hold. */
export class Database {
  readonly tables = new Map<string, Table>()
  private readonly locks = new Map<string, OpenChanges>()
  private waiting: Array<() => void> = []

  addTable(name: string, indexed: readonly string[]): void {
    this.tables.set(name, new Table(name, indexed))
  }

  table(name: string): Table {
    const table = this.tables.get(name)
    if (table === undefined) throw new Error(`No table ${name} in the simulator`)
    return table
  }

  lock(table: Table, id: number, owner: OpenChanges): void {
    this.locks.set(`${table.name}:${id}`, owner)
  }

  unlock(owner: OpenChanges): void {
    for (const [key, holder] of this.locks) if (holder === owner) this.locks.delete(key)
    const waiting = this.waiting
    this.waiting = []
    for (const wake of waiting) wake()
  }

  isLocked(table: Table, id: number, by: OpenChanges | undefined): boolean {
    if (this.locks.size === 0) return false
    const owner = this.locks.get(`${table.name}:${id}`)
    return owner !== undefined && owner !== by
  }

  /** Resolves when an open transaction ends. */
  nextUnlock(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve))
  }
}

/**
 * A unit of work. Its stamp is the moment it began: PostgreSQL's `now()` is the start of the
 * transaction, so a slow one commits with an old `write_date`.
 */
export class Transaction {
  private changes: Change[] = []

  constructor(
    readonly db: Database,
    /** Microseconds since 1970, the `write_date` of everything written here. */
    readonly now: number,
    private readonly owner?: OpenChanges,
    /** The catalog generator needs no way back and saves the memory. */
    private readonly journal = true,
  ) {}

  put(table: Table, row: Row): void {
    if (this.db.isLocked(table, row.id, this.owner)) throw new LockedError()
    if (this.journal) {
      this.changes.push({ table, id: row.id, before: table.get(row.id), after: row })
      table.countWrites(row.id, 1)
    }
    table.put(row)
  }

  remove(table: Table, id: number): void {
    if (this.db.isLocked(table, id, this.owner)) throw new LockedError()
    if (this.journal) this.changes.push({ table, id, before: table.get(id), after: undefined })
    table.remove(id)
  }

  /** Runs `work`; when it throws, takes back what it did and throws on. */
  savepoint<T>(work: () => T): T {
    const mark = this.changes.length
    try {
      return work()
    } catch (error) {
      this.rollbackTo(mark)
      throw error
    }
  }

  rollback(): void {
    this.rollbackTo(0)
  }

  /** The changes so far, for an open transaction to keep apart. */
  takeChanges(): readonly Change[] {
    const changes = this.changes
    this.changes = []
    return changes
  }

  private rollbackTo(mark: number): void {
    for (let at = this.changes.length - 1; at >= mark; at -= 1) {
      const change = this.changes[at]
      if (change !== undefined) takeBack(change)
    }
    this.changes.length = mark
  }
}

/**
 * The pending changes of a transaction that stays open between calls. They are put into the tables
 * only while the transaction itself works, so nobody else sees them before the commit.
 */
export class OpenChanges {
  private pending: Change[] = []
  private open = true

  constructor(
    private readonly db: Database,
    readonly now: number,
  ) {}

  /** Runs one piece of work inside the transaction. */
  run<T>(work: (tx: Transaction) => T): T {
    this.requireOpen()
    this.redo()
    const tx = new Transaction(this.db, this.now, this)
    try {
      const result = work(tx)
      const changes = tx.takeChanges()
      this.pending.push(...changes)
      for (const change of changes) this.db.lock(change.table, change.id, this)
      return result
    } catch (error) {
      tx.rollback()
      throw error
    } finally {
      this.undo()
    }
  }

  /** Makes everything visible at once, still stamped with the moment of the beginning. */
  commit(): void {
    this.requireOpen()
    this.redo()
    this.close()
  }

  rollback(): void {
    this.requireOpen()
    for (const { table, id, after } of this.pending) {
      if (after !== undefined) table.countWrites(id, -1)
    }
    this.close()
  }

  private close(): void {
    this.open = false
    this.pending = []
    this.db.unlock(this)
  }

  private requireOpen(): void {
    if (!this.open) throw new Error("This transaction has ended already")
  }

  private redo(): void {
    for (const change of this.pending) {
      // Locked rows cannot change under us; this guards the simulator itself.
      if (change.table.get(change.id) !== change.before) throw new LockedError()
      restore(change.table, change.id, change.after)
    }
  }

  private undo(): void {
    for (const change of [...this.pending].reverse()) {
      restore(change.table, change.id, change.before)
    }
  }
}
