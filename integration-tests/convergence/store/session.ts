import { Clock } from "../clock"
import { Faults } from "../faults"
import { Process, Scheduler } from "../scheduler"
import { Blocked, MemoryDatabase, Transaction, View } from "./memory-database"

/** Locks by name, held by processes: advisory locks and Medusa's locking module. */
export type NamedLocks = Map<string, Process>

/** Database calls answer in a trustworthy way more often than an ERP does. */
const DATABASE_FAULTS = 0.1

/** One process's connection to the store: each call is a decision of the scheduler and may fail. */
export class Session {
  private readonly open = new Set<Transaction>()

  constructor(
    readonly db: MemoryDatabase,
    readonly clock: Clock,
    readonly process: Process,
    private readonly scheduler: Scheduler,
    private readonly faults: Faults,
    private readonly names: NamedLocks,
  ) {}

  /** One statement. */
  query<T>(
    label: string,
    tx: Transaction | null | undefined,
    statement: (view: View) => T,
  ): Promise<T> {
    return this.scheduler.call(this.process, label, () => {
      this.faults.maybe(label, (this.faults.rate * DATABASE_FAULTS) / 2, "connection_reset")
      const result = this.db.run(tx ?? null, this.process.name, statement)
      if (!tx) {
        this.faults.maybe(label, (this.faults.rate * DATABASE_FAULTS) / 2, "reply_lost")
      }
      return result
    })
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const tx = this.db.begin(this.process.name)
    this.open.add(tx)
    try {
      const result = await work(tx)
      await this.scheduler.call(this.process, "commit", () => {
        this.faults.maybe("commit", (this.faults.rate * DATABASE_FAULTS) / 2, "connection_reset")
        this.db.commit(tx)
        this.faults.maybe("commit", (this.faults.rate * DATABASE_FAULTS) / 2, "reply_lost")
      })
      return result
    } finally {
      this.open.delete(tx)
      if (tx.open) {
        this.db.end(tx)
      }
    }
  }

  /** Runs `work` with those of the names that are free. */
  async holdingFree<T>(
    names: string[],
    work: (granted: ReadonlySet<string>) => Promise<T>,
  ): Promise<T> {
    const granted = await this.scheduler.call(this.process, "advisory locks", () => {
      const free = names.filter((name) => !this.names.has(name))
      free.forEach((name) => this.names.set(name, this.process))
      return new Set(free)
    })
    try {
      return await work(granted)
    } finally {
      granted.forEach((name) => this.names.delete(name))
    }
  }

  /** Runs `work` with all of the names, waiting for them. */
  async holdingAll<T>(names: string[], work: () => Promise<T>): Promise<T> {
    const wanted = [...new Set(names)].map((name) => `inventory/${name}`)
    await this.scheduler.call(this.process, "inventory locks", () => {
      if (wanted.some((name) => this.names.has(name))) {
        throw new Blocked("inventory")
      }
      wanted.forEach((name) => this.names.set(name, this.process))
    })
    try {
      return await work()
    } finally {
      wanted.forEach((name) => this.names.delete(name))
    }
  }

  /** The process is gone: its transactions roll back, its locks vanish, its calls never answer. */
  crash(): void {
    this.process.alive = false
    this.scheduler.forget(this.process)
    this.open.forEach((tx) => this.db.end(tx))
    this.open.clear()
    for (const [name, holder] of this.names) {
      if (holder === this.process) {
        this.names.delete(name)
      }
    }
  }
}
