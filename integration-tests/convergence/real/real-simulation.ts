import { Drain, DrainSource } from "../../../src/engine/drain"
import { Coincidences } from "../coincidences"
import { NO_EXTRAS } from "../extras"
import { Process } from "../scheduler"
import { Outcome, Simulation } from "../simulation"
import { Connection, Surroundings } from "../stage"
import { gatedCatalog, gatedLedger } from "./gated"
import { Mirror } from "./mirror"
import { RealScheduler } from "./real-scheduler"
import { RealSession } from "./real-session"
import { RealStore } from "./real-store"

/** One seed on a booted store: the same world, edits, faults and oracle, real tables and workflows. */
export class RealSimulation extends Simulation {
  private readonly sessions: RealSession[] = []
  private readonly mirror: Mirror
  private readonly turns: RealScheduler

  private constructor(
    private readonly store: RealStore,
    seed: number,
    made: { scheduler?: RealScheduler },
  ) {
    super(
      seed,
      (random, clock) => (made.scheduler = new RealScheduler(random, clock)),
      new Coincidences(seed, 0),
      NO_EXTRAS,
    )
    if (!made.scheduler) {
      throw new Error("the stage made no scheduler")
    }
    this.turns = made.scheduler
    this.mirror = new Mirror(this.db, store, this.clock)
    this.turns.attach({
      before: () => this.mirror.flush(),
      after: (by) => this.mirror.reflect(by),
      isEdited: () => this.mirror.isEdited,
      looks: () => store.looks(),
    })
  }

  static async play(store: RealStore, seed: number): Promise<Outcome> {
    const simulation = new RealSimulation(store, seed, {})
    await store.reset(simulation.clock)
    const outcome = await simulation.run()
    await simulation.turns.settle()
    return outcome
  }

  protected override connect(
    worker: Process,
    surroundings: Surroundings,
    source: DrainSource,
  ): Connection {
    const session = new RealSession(worker, this.turns, this.faults)
    this.sessions.push(session)
    const ledger = gatedLedger(this.store, session)
    const catalog = gatedCatalog(this.store, session, () => this.db.nextSeq())
    return { session, ledger, drain: new Drain({ ...surroundings, ledger, catalog }, source) }
  }

  /** What a worker holds is not to be edited meanwhile. */
  protected override async beforeHappening(): Promise<void> {
    if (this.sessions.some((session) => session.holds)) {
      await this.mirror.lockOut()
    } else {
      this.mirror.letGo()
    }
  }
}
