import { LANE_STREAMS } from "../../src/engine/dirty"
import { Drain } from "../../src/engine/drain"
import { Connected, EngineContext } from "../../src/engine/context"
import { Run } from "../../src/engine/ports"
import { connectionId, ErpId } from "../../src/sync/ids"
import { STREAMS } from "../../src/sync/canonical"
import { Clock } from "./clock"
import { Faults } from "./faults"
import { judgeDeltas, judgeRest } from "./oracle/at-rest"
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
import { Editor, editErp, seedErp } from "./world/erp-edits"
import { ErpWorld } from "./world/erp-world"
import { editMedusa, Touched } from "./world/merchant"
import { Shop } from "./world/shop"

const CONNECTION = connectionId("erp")
/** More decisions than this without rest mean that the engine goes round in circles. */
const MOST_STEPS = 60_000
/** Longer than a lease. */
const IDLE_US = 150_000_000

interface Worker extends Process {
  session: Session
  drain: Drain<Transaction>
  ledger: EngineContext<Transaction>["ledger"]
  busy: boolean
}

export interface Outcome {
  seed: number
  steps: number
  edits: number
  conflicts: number
  crashes: number
  faults: number
  writes: number
  branches: ReadonlySet<string>
  violations: readonly string[]
  trace: readonly string[]
}

/** One seed: a world that is edited on both sides while the real engine works, and then comes to rest. */
export class Simulation {
  private readonly random: Random
  private readonly clock = new Clock()
  private readonly scheduler: Scheduler
  private readonly db = new MemoryDatabase()
  private readonly names: NamedLocks = new Map()
  private readonly faults: Faults
  private readonly scenario: Scenario
  private readonly world: ErpWorld
  private readonly oracle: Oracle
  private readonly stock: StockOracle
  private readonly shop: Shop
  private readonly editor: Editor
  private workers: Worker[] = []
  private started = 0
  private crashes = 0
  private edits = 0
  private approvedUntil: string | null = null

  constructor(readonly seed: number) {
    this.random = new Random(seed)
    this.scenario = scenarioOf(this.random)
    this.scheduler = new Scheduler(this.random, this.clock)
    this.faults = new Faults(this.random, 0)
    this.world = new ErpWorld(this.clock)
    this.oracle = new Oracle(this.db, this.world, this.clock, this.scenario.rules)
    this.shop = new Shop(this.db, this.world, this.clock, this.random, this.scenario.rules)
    this.stock = new StockOracle(this.oracle, this.shop, this.clock, this.scenario.rules)
    let number = 0
    this.editor = { random: this.random, fresh: (stem) => `${stem} ${(number += 1)}` }
  }

  async run(): Promise<Outcome> {
    this.setUp()
    await this.live()
    await this.comeToRest()
    this.end()
    return {
      seed: this.seed,
      steps: this.scheduler.steps,
      edits: this.edits,
      conflicts: this.oracle.conflicts,
      crashes: this.crashes,
      faults: this.faults.injected,
      writes: this.oracle.writes,
      branches: this.oracle.branches,
      violations: this.oracle.violations,
      trace: this.scheduler.tail(60),
    }
  }

  private setUp(): void {
    seedErp(this.world, this.editor, this.scenario.products)
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
        created_at: this.clock.iso(),
      }),
    )
    for (let i = 0; i < this.scenario.workers; i += 1) {
      this.start()
    }
    this.enqueue("full", "background", [...STREAMS])
  }

  /** Edits, faults and crashes, while the workers work. */
  private async live(): Promise<void> {
    this.faults.rate = this.scenario.faultRate
    while (this.edits < this.scenario.edits && this.oracle.violations.length === 0) {
      await this.scheduler.settle()
      if (this.random.chance(this.scenario.eventShare)) {
        this.happen()
      } else {
        this.work()
      }
      if (this.scheduler.steps > MOST_STEPS) {
        return
      }
    }
    this.faults.rate = 0
  }

  /** Something in the world: an edit, a tick, a crash, time that passes. */
  private happen(): void {
    const { random } = this
    switch (random.weighted(this.scenario.happenings)) {
      case "erp":
        return this.count("erp", editErp(this.world, this.editor, 0.15))
      case "medusa": {
        const edit = editMedusa(this.db, this.editor)
        this.count("merchant", edit && `${edit.name} ${edit.touched.id}`)
        return edit ? this.tell(edit.touched) : undefined
      }
      case "shop": {
        const act = this.shop.act()
        this.count("shop", act && `${act.name} ${act.item}`)
        const key = act && this.shop.erpVariantOf(act.item)
        return key && random.chance(0.7) ? this.markDirty("stock", key) : undefined
      }
      case "tick":
        return this.tick()
      case "crash":
        return this.crash()
      case "pause":
        return this.clock.advance(random.between(1, 240) * 1_000_000)
      default:
        return
    }
  }

  private work(): void {
    for (const worker of this.workers) {
      if (!worker.busy) {
        this.kick(worker)
      }
    }
    this.scheduler.step()
  }

  private count(who: string, what: string | null): void {
    if (what !== null) {
      this.edits += 1
      this.scheduler.note(`* ${who}: ${what}`)
    }
  }

  /** What the jobs do by the minute. */
  private tick(): void {
    const full = this.random.chance(0.1)
    if (full) {
      this.enqueue("full", "background", [...STREAMS])
    } else {
      this.enqueue("delta", "background", LANE_STREAMS.background)
    }
    this.enqueue("delta", "interactive", ["prices", "stock"])
  }

  private enqueue(kind: Run["kind"], lane: Run["lane"], streams: Run["streams"]): void {
    const [worker] = this.workers
    void worker?.ledger
      .enqueueRun(CONNECTION, { kind, lane, streams, state: "queued", approved: true })
      .catch(() => undefined)
  }

  private crash(): void {
    const worker = this.random.pick(this.workers.filter((entry) => entry.busy))
    if (worker) {
      this.crashes += 1
      this.scheduler.note(`* ${worker.name} crashed`)
      worker.session.crash()
      this.workers = this.workers.filter((entry) => entry !== worker)
      this.start()
    }
  }

  /** An event of Medusa's, which may get lost. */
  private tell({ entity, id }: Touched): void {
    const link = this.oracle.linkOf(entity, id)
    if (!link || !this.random.chance(0.5)) {
      return
    }
    if (entity === "category") {
      return this.markDirty("categories", link.erp_id)
    }
    this.markDirty("products", link.parent_erp_id ?? link.erp_id)
    if (entity === "variant") {
      this.markDirty("stock", link.erp_id)
    }
  }

  private markDirty(stream: "categories" | "products" | "stock", key: string): void {
    const session = { db: this.db, clock: this.clock }
    this.db.run(null, "merchant", (view) => {
      if (view.tryLock("dirty", `${stream}/${key}`)) {
        mark(session as Session, view, { stream, erp_id: key as ErpId, reason: "event" })
      }
    })
  }

  /** At most three passes, and a fourth that has nothing left to write. */
  private async comeToRest(): Promise<void> {
    await this.cancelRuns()
    for (let pass = 1; pass <= 4 && this.oracle.violations.length === 0; pass += 1) {
      this.clock.advance(this.scenario.settleUs)
      this.approvedUntil = "9999"
      const before = this.oracle.writes
      this.scheduler.note(`* pass ${pass}`)
      void this.workers[0]?.ledger.retryParked(CONNECTION, 0).catch(() => undefined)
      this.enqueue("delta", "background", LANE_STREAMS.background)
      this.enqueue("delta", "interactive", ["prices", "stock"])
      await this.untilIdle()
      judgeDeltas(this.oracle, this.stock)
      this.enqueue("full", "background", [...STREAMS])
      await this.untilIdle()
      this.judgeFailures()
      if (pass === 4 && this.oracle.writes > before) {
        this.oracle.complain("I4", `a further pass wrote ${this.oracle.writes - before} rows`)
      }
    }
    if (this.oracle.violations.length === 0) {
      judgeRest(this.oracle, this.stock)
    }
  }

  /** Only deltas may find, in the first pass, what the full runs under way would find as well. */
  private async cancelRuns(): Promise<void> {
    this.db.run(null, "set up", (view) => {
      for (const run of view.all("runs").filter((entry) => view.tryLock("runs", entry.id))) {
        if (run.state === "queued") {
          view.put("runs", run.id, { ...run, state: "cancelled" })
        } else if (run.state === "running") {
          view.put("runs", run.id, { ...run, cancel_requested: true })
        }
      }
    })
    await this.untilIdle()
  }

  private judgeFailures(): void {
    for (const run of this.db.read((view) => view.all("runs"))) {
      if (run.state === "failed" && run.error?.kind !== "transient") {
        this.oracle.complain(
          "I6",
          `run ${run.id} of ${run.streams.join()} failed: ${run.error?.message}`,
        )
      }
    }
  }

  /** Works until nothing is left to do; time passes for delays and for the leases of the dead. */
  private async untilIdle(): Promise<void> {
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

  private hasWork(): boolean {
    return this.db.read(
      (view) =>
        view.all("runs").some((run) => run.state === "queued" || run.state === "running") ||
        view.all("dirty").some((row) => row.due_at <= this.clock.micros + IDLE_US),
    )
  }

  private kick(worker: Worker): void {
    worker.busy = true
    void worker.drain.untilIdle().then(() => {
      worker.busy = false
    })
  }

  private start(): void {
    this.started += 1
    const worker: Process = { name: `w${this.started}`, alive: true }
    const { clock, scheduler, faults } = this
    const session = new Session(this.db, clock, worker, scheduler, faults, this.names)
    const witness = (variant: ErpId): void => this.stock.witness(variant)
    const connector = new ErpDouble(this.world, clock, scheduler, worker, faults, witness)
    const ledger = memoryLedger(session)
    const context: EngineContext<Transaction> = {
      ledger,
      catalog: memoryCatalog(session),
      owner: worker.name,
      log: (level, message) => {
        scheduler.note(`${worker.name} ${level}: ${message}`)
        if (level === "error") {
          this.oracle.complain("bug", message)
        }
      },
      emit: () =>
        scheduler.call(worker, "emit", () => faults.maybe("emit", faults.rate / 4, "bus")),
      sleep: (ms) => new Promise((resolve) => clock.after(ms, resolve)),
      every: (ms, work) => this.every(worker, ms, work),
    }
    const connected = (): Connected => ({
      id: CONNECTION,
      connector,
      rules: this.scenario.rules,
      guards: this.scenario.guards,
      approved_until: this.approvedUntil,
    })
    const drain = new Drain(context, {
      active: async () => [connected()],
      one: async () => connected(),
    })
    this.workers.push(Object.assign(worker, { session, drain, ledger, busy: false }))
  }

  private every(worker: Process, ms: number, work: () => void): () => void {
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
  private end(): void {
    this.workers.forEach((worker) => worker.session.crash())
  }
}
