import { LANE_STREAMS } from "../../src/engine/dirty"
import { STREAMS } from "../../src/sync/canonical"
import { newKey } from "../../src/sync/ids"
import { judgeRest } from "./oracle/at-rest"
import { judgeDeltas } from "./oracle/deltas"
import { judgeOutgoing } from "./oracle/outgoing"
import { CONNECTION, MOST_STEPS, Stage } from "./stage"
import { approveHeld } from "./store/ledger-guards"
import { newestStamp } from "./world/erp-canonical"
import { editErp } from "./world/erp-edits"
import { Touched } from "./world/merchant"
import { decideConflict } from "./world/person"

const DAY_US = 25 * 60 * 60 * 1_000_000
/** Longer than the overlap of two deltas, and than a transaction of the ERP's stays open. */
const EVENING_US = 35 * 60 * 1_000_000

export interface Outcome {
  seed: number
  steps: number
  edits: number
  conflicts: number
  crashes: number
  faults: number
  writes: number
  /** Commits of ours in the ERP. */
  pushes: number
  /** Products made in the ERP. */
  creations: number
  /** Counts of stock in the ERP. */
  counts: number
  /** Writes over an edit that came between the comparison and the write, where the ERP cannot do both at once. */
  windows: number
  /** Frozen fields that a person decided about. */
  decisions: number
  dialect: string
  branches: ReadonlySet<string>
  violations: readonly string[]
  trace: readonly string[]
}

/** One seed: a world that is edited on both sides while the real engine works, and then comes to rest. */
export class Simulation extends Stage {
  private decisions = 0

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
      pushes: this.oracle.pushes.count,
      creations: this.creations.count,
      counts: this.counts.count,
      windows: this.oracle.pushes.windows + this.counts.windows,
      decisions: this.decisions,
      dialect: this.scenario.dialect.name,
      branches: this.oracle.branches,
      violations: this.oracle.violations,
      trace: this.scheduler.tail(60),
    }
  }

  /** Edits, faults and crashes, while the workers work. */
  private async live(): Promise<void> {
    this.faults.rate = this.scenario.faultRate
    this.isLive = true
    this.coincidences.phase = "day"
    while (this.edits < this.scenario.edits && this.oracle.violations.length === 0) {
      await this.scheduler.settle()
      if (this.random.chance(this.scenario.eventShare)) {
        await this.beforeHappening()
        this.happen()
      } else {
        this.work()
      }
      if (this.scheduler.steps > MOST_STEPS) {
        break
      }
    }
    this.isLive = false
    this.coincidences.phase = "rest"
    this.faults.rate = 0
  }

  /** A store that is not in memory may have to be looked at first. */
  protected beforeHappening(): Promise<void> {
    return Promise.resolve()
  }

  /** Something in the world: an edit, a tick, a crash, time that passes. */
  private happen(): void {
    const { random } = this
    switch (random.weighted(this.scenario.happenings)) {
      case "erp":
        this.count("erp", editErp(this.world, this.editor))
        return random.chance(0.5) ? this.hint() : undefined
      case "medusa": {
        const edit = this.merchant.act()
        this.count("merchant", edit && `${edit.name} ${edit.touched.id}`)
        return edit ? this.tell(edit.touched) : undefined
      }
      case "shop": {
        const act = this.shop.act()
        this.count("shop", act && `${act.name} ${act.item}`)
        const key = act && this.shop.erpVariantOf(act.item)
        return key && random.chance(0.7) ? this.markDirty("stock", key) : undefined
      }
      case "person":
        return this.decide()
      case "export":
        return this.spool?.export()
      case "tick":
        return this.tick()
      case "crash":
        return this.crash()
      case "pause":
        // Now and then longer than the overlap of two deltas.
        return this.clock.advance(random.between(1, random.chance(0.2) ? 2400 : 240) * 1_000_000)
      default:
        return
    }
  }

  private decide(): void {
    const decided = decideConflict(this.db, this.random)
    if (decided) {
      const { link, field, side } = decided
      this.decisions += 1
      this.scheduler.note(`* person: ${link.entity} ${link.erp_id} ${field} as in ${side}`)
      const stream = link.entity === "category" ? "categories" : "products"
      this.markDirty(stream, link.parent_erp_id ?? link.erp_id)
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

  /** What the jobs do by the minute. */
  private tick(): void {
    const full = this.random.chance(0.1)
    if (full) {
      this.enqueue("full", "background", [...STREAMS])
    } else {
      this.enqueue("delta", "background", LANE_STREAMS.background)
    }
    this.enqueue("delta", "interactive", ["prices", "stock"])
    if (this.scenario.extras.creates && this.random.chance(0.3)) {
      this.catchUp()
    }
  }

  /** Products of the store without a link, whose event may have been lost. */
  private catchUp(): void {
    const rows = this.scenario.extras.creates ? this.db.read((view) => view.all("products")) : []
    for (const row of rows) {
      if (!row.deleted && !this.oracle.linkOf("product", row.id)) {
        this.markDirty("products", newKey(row.id))
      }
    }
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
    if (!link && entity === "product" && this.scenario.extras.creates && this.random.chance(0.5)) {
      this.markDirty("products", newKey(id))
    }
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

  /** A webhook of the ERP's: it says which records, never what they hold. */
  private hint(): void {
    const products = this.world.all("products")
    const stampOf = (id: number): number => newestStamp(this.world, "products", id)
    const product = products.toSorted((a, b) => stampOf(b.id) - stampOf(a.id))[0]
    if (product) {
      this.markDirty("products", String(product.id))
      for (const variant of this.world.variantsOf(product.id)) {
        this.markDirty("prices", String(variant.id))
        this.markDirty("stock", String(variant.id))
      }
    }
  }

  /** At most three passes, and three further ones that have nothing left to write on either side. */
  private async comeToRest(): Promise<void> {
    await this.cancelRuns()
    await this.spendTheEvening()
    // What the ERP refused, or what was frozen, is looked at anew after a day.
    this.clock.advance(DAY_US)
    for (let pass = 1; pass <= 6 && this.oracle.violations.length === 0; pass += 1) {
      this.spool?.export()
      this.clock.advance(this.scenario.settleUs)
      approveHeld(this.db, this.clock)
      const before = this.oracle.writes
      const pushed = this.oracle.pushes.count
      this.scheduler.note(`* pass ${pass}`)
      void this.workers[0]?.ledger.retryParked(CONNECTION, 0).catch(() => undefined)
      await this.deltas()
      judgeDeltas(this.oracle, this.stock)
      this.enqueue("full", "background", [...STREAMS])
      this.catchUp()
      await this.untilIdle()
      this.judgeFailures()
      const rows = this.oracle.writes - before
      const pushes = this.oracle.pushes.count - pushed
      if (pass > 3 && rows + pushes > 0) {
        this.oracle.complain("I4", `pass ${pass} wrote ${rows} rows and ${pushes} ERP records`)
      }
    }
    if (this.oracle.violations.length === 0) {
      judgeRest(this.oracle, this.stock)
      judgeOutgoing(this.oracle, this.stock, this.creations)
      this.oracle.pushes.judgeCounts()
    }
  }

  /** What a busy row brought down is asked again, as the next minute's tick does. */
  private async deltas(): Promise<void> {
    for (let tick = 0; tick < 3; tick += 1) {
      const earlier = new Set(this.db.read((view) => view.all("runs").map((run) => run.id)))
      this.enqueue("delta", "background", LANE_STREAMS.background)
      this.enqueue("delta", "interactive", ["prices", "stock"])
      await this.untilIdle()
      const runs = this.db.read((view) => view.all("runs").filter((run) => !earlier.has(run.id)))
      if (!runs.some((run) => run.state === "failed" && run.error?.code === "lock_timeout")) {
        return
      }
    }
  }

  /** Only deltas may find, in the first pass, what the full runs under way would find as well. */
  private async cancelRuns(): Promise<void> {
    await this.beforeHappening()
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

  /** Last edits that nothing tells of, and long after them deltas whose answers come broken. */
  private async spendTheEvening(): Promise<void> {
    if (!this.coincidences.any || this.oracle.violations.length > 0) {
      return
    }
    await this.beforeHappening()
    for (let edits = 0; edits < 4; edits += 1) {
      this.count("erp", editErp(this.world, this.editor))
    }
    this.clock.advance(EVENING_US)
    this.coincidences.phase = "evening"
    this.enqueue("delta", "background", LANE_STREAMS.background)
    this.enqueue("delta", "interactive", ["prices", "stock"])
    await this.untilIdle()
    this.coincidences.phase = "rest"
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
}
