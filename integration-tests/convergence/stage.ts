import { Change } from "../../src/connectors/contract"
import { Connected, EngineContext } from "../../src/engine/context"
import { Drain, DrainSource } from "../../src/engine/drain"
import { Ledger, Run } from "../../src/engine/ports"
import { Stream, STREAMS } from "../../src/sync/canonical"
import { connectionId, ErpId } from "../../src/sync/ids"
import { Clock } from "./clock"
import { Coincidences } from "./coincidences"
import { Extras, extrasOf } from "./extras"
import { Faults } from "./faults"
import { BlastRadius } from "./oracle/blast-radius"
import { CountOracle } from "./oracle/counts"
import { CreationOracle } from "./oracle/creations"
import { Oracle } from "./oracle/oracle"
import { StockOracle } from "./oracle/stock"
import { Random } from "./random"
import { Scenario, scenarioOf } from "./scenario"
import { Process, Scheduler } from "./scheduler"
import { mark } from "./store/ledger-dirty"
import { memoryCatalog } from "./store/memory-catalog"
import { MemoryDatabase, Transaction } from "./store/memory-database"
import { memoryLedger } from "./store/memory-ledger"
import { NamedLocks, Session } from "./store/session"
import { ErpDouble } from "./world/erp-double"
import { Editor, meddleWith, seedErp } from "./world/erp-edits"
import { ErpWorld } from "./world/erp-world"
import { Merchant } from "./world/merchant"
import { Shop } from "./world/shop"
import { Spool } from "./world/spool"

export const CONNECTION = connectionId("erp")
/** More decisions than this without rest mean that the engine goes round in circles. */
export const MOST_STEPS = 60_000
/** Longer than a lease. */
const IDLE_US = 150_000_000

/** A worker's way to the store, real or in memory. */
export interface Connection {
  session: Pick<Session, "crash">
  drain: { untilIdle(): Promise<void> }
  ledger: Pick<Ledger<never>, "enqueueRun" | "retryParked">
}

/** What a worker's engine has beside the store. */
export type Surroundings = Omit<EngineContext<never>, "ledger" | "catalog">

interface Worker extends Process, Connection {
  busy: boolean
}

/** Both worlds, the processes that work between them, and the oracle that watches. */
export class Stage {
  protected readonly random: Random
  protected readonly clock = new Clock()
  protected readonly scheduler: Scheduler
  protected readonly db = new MemoryDatabase()
  protected readonly names: NamedLocks = new Map()
  protected readonly faults: Faults
  protected readonly scenario: Scenario
  protected readonly world: ErpWorld
  protected readonly oracle: Oracle
  protected readonly stock: StockOracle
  protected readonly creations: CreationOracle
  protected readonly counts: CountOracle
  protected readonly shop: Shop
  protected readonly editor: Editor
  protected readonly merchant: Merchant
  protected readonly spool: Spool | null
  protected workers: Worker[] = []
  protected started = 0
  protected crashes = 0
  protected edits = 0
  /** Edits and faults may happen. */
  protected isLive = false

  constructor(
    readonly seed: number,
    schedulerOf = (random: Random, clock: Clock): Scheduler => new Scheduler(random, clock),
    protected readonly coincidences = new Coincidences(seed),
    extras: Extras = extrasOf(seed),
  ) {
    this.random = new Random(seed)
    this.scenario = scenarioOf(this.random, extras)
    this.scheduler = schedulerOf(this.random, this.clock)
    this.faults = new Faults(this.random, 0)
    this.world = new ErpWorld(this.clock, this.scenario.dialect)
    this.spool = this.scenario.dialect.file_push
      ? new Spool(this.world, this.clock, this.random)
      : null
    this.oracle = new Oracle(this.db, this.world, this.clock, this.scenario.rules)
    this.oracle.knownUntil = (link, at) => this.spool?.knownUntil(link, at) ?? at
    this.shop = new Shop(this.db, this.world, this.clock, this.random, this.scenario.rules)
    this.stock = new StockOracle(this.oracle, this.shop, this.clock, this.scenario.rules)
    this.creations = new CreationOracle(this.oracle, this.world)
    this.counts = new CountOracle(this.oracle, this.world)
    new BlastRadius(this.oracle, this.world, this.scenario.guards)
    let number = 0
    this.editor = {
      random: this.random,
      dialect: this.scenario.dialect,
      hot: this.random.between(0, 20),
      fresh: (stem) => `${stem} ${(number += 1)}`,
    }
    this.merchant = new Merchant(this.db, this.editor, extras)
  }

  protected setUp(): void {
    seedErp(this.world, this.editor, this.scenario.products)
    this.spool?.export()
    this.db.run(null, "set up", (view) =>
      view.put("connections", CONNECTION, {
        id: CONNECTION,
        erp: "double",
        state: "active",
        reason: null,
        identity: null,
        check: null,
        checked_at: null,
        approved_at: null,
        rules_fingerprint: null,
        push_approved_at: this.clock.iso(),
        created_at: this.clock.iso(),
      }),
    )
    for (let i = 0; i < this.scenario.workers; i += 1) {
      this.start()
    }
    this.enqueue("full", "background", [...STREAMS])
  }

  protected count(who: string, what: string | null): void {
    if (what !== null) {
      this.edits += 1
      this.scheduler.note(`* ${who}: ${what}`)
    }
  }

  protected enqueue(kind: Run["kind"], lane: Run["lane"], streams: Run["streams"]): void {
    const [worker] = this.workers
    void worker?.ledger
      .enqueueRun(CONNECTION, { kind, lane, streams, state: "queued", approved: true })
      .catch(() => undefined)
  }

  protected markDirty(stream: Stream, key: string): void {
    const session = { db: this.db, clock: this.clock }
    this.db.run(null, "merchant", (view) => {
      if (view.tryLock("dirty", `${stream}/${key}`)) {
        mark(session, view, { stream, erp_id: key as ErpId, reason: "event" })
      }
    })
  }

  /** Works until nothing is left to do; time passes for delays and for the leases of the dead. */
  protected async untilIdle(): Promise<void> {
    do {
      this.clock.advance(IDLE_US)
      this.workers.forEach((worker) => this.kick(worker))
      await this.scheduler.settle()
      while (!this.scheduler.isIdle) {
        this.scheduler.step()
        await this.scheduler.settle()
        if (this.scheduler.steps > MOST_STEPS) {
          return this.oracle.complain("I2", "it never comes to rest")
        }
      }
    } while (this.hasWork())
  }

  protected hasWork(): boolean {
    return this.db.read(
      (view) =>
        view.all("runs").some((run) => run.state === "queued" || run.state === "running") ||
        view.all("dirty").some((row) => row.due_at <= this.clock.micros + IDLE_US),
    )
  }

  protected kick(worker: Worker): void {
    worker.busy = true
    void worker.drain.untilIdle().then(() => {
      worker.busy = false
    })
  }

  protected start(): void {
    this.started += 1
    const worker: Process = { name: `w${this.started}`, alive: true }
    const { clock, scheduler, faults, coincidences } = this
    const witness = (variant: ErpId): void => this.witness(variant)
    const { world, spool, random } = this
    const meddle = (change: Change): void => {
      // Only while the world is alive: at rest nobody edits.
      if (this.isLive && random.chance(0.04)) {
        this.count("erp", meddleWith(world, this.editor, change))
      }
    }
    const line = {
      ...{ world, clock, scheduler, process: worker, faults, coincidences, random, spool, meddle },
      givenUp: (change: Change) => this.editMeanwhile(change),
    }
    const connector = new ErpDouble(line, witness)
    const surroundings: Surroundings = {
      owner: worker.name,
      log: (level, message) => {
        scheduler.note(`${worker.name} ${level}: ${message}`)
        if (level === "error") {
          this.oracle.complain("bug", message)
        }
      },
      emit: () =>
        scheduler.call(worker, "emit", () => faults.maybe("emit", faults.rate / 4, "bus")),
      monotonic: () => clock.micros / 1000,
      every: (ms, work) => this.every(worker, ms, work),
    }
    const connected = (): Connected => ({
      id: CONNECTION,
      connector,
      rules: this.scenario.rules,
      guards: this.scenario.guards,
    })
    const connection = this.connect(worker, surroundings, {
      active: async () => [connected()],
      one: async () => connected(),
    })
    this.workers.push(Object.assign(worker, connection, { busy: false }))
  }

  /** A stock figure leaves the ERP; now and then it books an order before that figure has arrived. */
  private witness(variant: ErpId): void {
    this.stock.witness(variant)
    if (this.coincidences.happens("day", 0.3)) {
      this.clock.after(1, () => this.shop.bookNow(variant))
    }
  }

  /** The merchant goes on editing, and is told of, while a request may still land. */
  private editMeanwhile({ entity, id, product_id, patch }: Change): void {
    if (!this.coincidences.happens("day", 0.7)) {
      return
    }
    this.clock.after(this.coincidences.between(1, 2000), () => {
      const link = this.isLive ? this.oracle.linkByErp(entity, id) : undefined
      const edited = link && this.merchant.editAgain(link, Object.keys(patch))
      this.count("merchant", edited ? `${edited} of ${entity} ${id} once more` : null)
      if (edited) {
        this.markDirty(entity === "category" ? "categories" : "products", product_id ?? id)
      }
    })
  }

  /** A worker's engine on the store in memory. */
  protected connect(worker: Process, surroundings: Surroundings, source: DrainSource): Connection {
    const { db, clock, scheduler, faults, names } = this
    const session = new Session(db, clock, worker, scheduler, faults, names)
    const ledger = memoryLedger(session)
    const context: EngineContext<Transaction> = {
      ...surroundings,
      ledger,
      catalog: memoryCatalog(session),
    }
    return { session, ledger, drain: new Drain(context, source) }
  }

  protected every(worker: Process, ms: number, work: () => void): () => void {
    let cancel = (): void => undefined
    const again = (): void => {
      cancel = this.clock.after(ms, () => {
        if (worker.alive) {
          work()
          again()
        }
      })
    }
    again()
    return () => cancel()
  }

  /** Lets go of what still waits. */
  protected end(): void {
    this.workers.forEach((worker) => worker.session.crash())
  }
}
