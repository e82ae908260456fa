import { Change, RequestOptions, WriteOutcome } from "../../../src/connectors/contract"
import { SyncError, toSyncError } from "../../../src/sync/errors"
import { erpId } from "../../../src/sync/ids"
import { FieldName, FieldValue, Values } from "../../../src/sync/values"
import { Clock } from "../clock"
import { Coincidences } from "../coincidences"
import { Faults } from "../faults"
import { Random } from "../random"
import { Process, Scheduler } from "../scheduler"
import { Blocked } from "../store/memory-database"
import { Dialect, familyOf, LONGEST_REQUEST_MS } from "./dialects"
import { versionOf } from "./erp-canonical"
import { applyPatch, erpValue, inOrder, refusalOf, sameInErp } from "./erp-fields"
import { ErpWorld, ErpWrite } from "./erp-world"
import { Spool } from "./spool"

/** What a request needs of the world that it goes through. */
export interface Line {
  world: ErpWorld
  clock: Clock
  scheduler: Scheduler
  process: Process
  faults: Faults
  coincidences: Coincidences
  random: Random
  spool: Spool | null
  /** The ERP's users, who now and then edit just what is about to be written. */
  meddle: (change: Change) => void
  /** Told of a request that is still on its way when its sender gives it up. */
  givenUp: (change: Change) => void
}

/** A request that is on its way: nobody can call it back, a crash of its sender included. */
interface Flight {
  outcome: WriteOutcome | null
  write: ErpWrite
}

const CANNOT: Record<"gone" | "newer_version", WriteOutcome> = {
  gone: { outcome: "refused", reason: "gone" },
  newer_version: { outcome: "refused", reason: "newer_version" },
}

/**
 * Writes of the plugin's in the ERP's database: compared first where the ERP cannot compare and set,
 * then sent, then answered, each a step during which anything else may happen.
 */
export class ErpWriter {
  constructor(
    private readonly line: Line,
    private readonly dialect: Dialect,
  ) {}

  async write(changes: Change[], options: RequestOptions): Promise<WriteOutcome[]> {
    const outcomes: WriteOutcome[] = []
    for (const change of changes) {
      outcomes.push(await this.one(change, options).catch(failed))
    }
    return outcomes
  }

  private async one(change: Change, options: RequestOptions): Promise<WriteOutcome> {
    const placeless = Object.entries(change.patch).find(([field, value]) =>
      this.hasNoPlace(change, field, value),
    )
    if (placeless) {
      const [field] = placeless
      return { outcome: "unsupported", field, message: "It has no place there.", remedy: "" }
    }
    const named = `${change.entity} ${change.id}`
    const { scheduler, process } = this.line
    let comparedAt: number | null = null
    if (!this.dialect.compare_and_set) {
      const differs = await this.compare(change, named)
      if (differs) {
        return differs
      }
      comparedAt = this.line.clock.micros
      this.line.meddle(change)
    }
    const flight = await scheduler.call(process, `write ${named} sent`, () => {
      if (options.may_send?.() === false) {
        throw tooLate(named)
      }
      return this.send(change, comparedAt, named)
    })
    return scheduler.call(process, `write ${named} answered`, () => {
      if (!flight.outcome) {
        throw new Blocked(named)
      }
      this.line.faults.after(`write ${named}`)
      flight.write.answered = true
      return flight.outcome
    })
  }

  private hasNoPlace({ entity }: Change, field: FieldName, value: FieldValue): boolean {
    const family = familyOf(field)
    const taken = this.dialect.writes[entity] ?? []
    const unsupported = this.dialect.unsupported[`${entity}.${family}`]
    return !taken.includes(family) || (typeof value === "string" && unsupported?.(value) === true)
  }

  /** Reads the fields again that are about to be written. */
  private async compare(change: Change, named: string): Promise<WriteOutcome | null> {
    const { scheduler, process, faults } = this.line
    const answer = await scheduler.call(process, `re-read ${named}`, () => {
      faults.before(`re-read ${named}`)
      const moved = this.hasMoved(change, change.expected)
      return this.isGone(change)
        ? CANNOT.gone
        : moved
          ? CANNOT.newer_version
          : this.wouldBeSecond(change)
    })
    if (answer === CANNOT.newer_version) {
      // What was read beside the exports is newer than they are.
      this.line.spool?.observe(change)
    }
    return answer
  }

  /** Where a product stands in one category, another one that the change does not name keeps its place. */
  private wouldBeSecond({ entity, id, patch }: Change): WriteOutcome | null {
    const added = Object.keys(patch).find(
      (field) => field.startsWith("category:") && patch[field] === true,
    )
    if (entity !== "product" || added === undefined || !this.dialect.single_category) {
      return null
    }
    const held = this.line.world.store.products.get(Number(id))?.categories ?? []
    const others = held.filter((category) => !(`category:${category}` in patch))
    return others.length === 0
      ? null
      : { outcome: "unsupported", field: added, message: "It stands in another one.", remedy: "" }
  }

  private isGone({ entity, id }: Change): boolean {
    const { categories, products, variants } = this.line.world.store
    const table = entity === "category" ? categories : entity === "product" ? products : variants
    return !table.has(Number(id))
  }

  private send(change: Change, comparedAt: number | null, named: string): Flight {
    const { clock, faults, coincidences, random } = this.line
    faults.before(`write ${named}`)
    const fields = new Map(
      Object.entries(change.patch).map(([field, value]) => [
        `${change.entity}/${change.id}/${field.replace(/^price:[^:]*:/, "price:")}`,
        value,
      ]),
    )
    const flight: Flight = {
      outcome: null,
      write: { compared_at: comparedAt, answered: false, fields },
    }
    const land = (): void => {
      flight.outcome = this.land(change, flight.write)
    }
    if (faults.happens(faults.rate / 4) || coincidences.happens("day", 0.05)) {
      clock.after(random.between(1, LONGEST_REQUEST_MS), land)
      this.line.givenUp(change)
      throw timedOut(named)
    }
    clock.after(random.between(1, 200), land)
    return flight
  }

  /** The moment at which it takes effect. */
  private land(change: Change, write: ErpWrite): WriteOutcome {
    const { world, spool } = this.line
    const { entity, patch } = change
    const id = Number(change.id)
    if (this.isGone(change)) {
      return CANNOT.gone
    }
    if (this.dialect.compare_and_set && this.isStale(change)) {
      return CANNOT.newer_version
    }
    for (const [field, value] of Object.entries(patch)) {
      const message = refusalOf(world, entity, id, field, value)
      if (message) {
        const text = String(value)
        return { outcome: "invalid", field, value: text, message, remedy: "Correct it." }
      }
    }
    world.transaction((tx) => applyPatch(tx, this.dialect, entity, id, inOrder(patch)), 0, {
      who: "us",
      write,
    })
    spool?.observe(change)
    return {
      outcome: "written",
      id: erpId(id),
      version: versionOf(world, entity, id),
      holds: this.dialect.tells_what_it_holds ? this.holds(change) : {},
    }
  }

  /** A count has no version of its own: it is the figure that is compared. */
  private isStale(change: Change): boolean {
    const { entity, id, expected, expected_version } = change
    return entity === "stock"
      ? this.hasMoved(change, expected)
      : expected_version !== versionOf(this.line.world, entity, Number(id))
  }

  private hasMoved({ entity, id }: Change, expected: Values): boolean {
    return Object.entries(expected).some(([field, value]) => {
      const present = erpValue(this.line.world, entity, Number(id), field)
      return present !== undefined && !sameInErp(field, present, value)
    })
  }

  private holds({ entity, id, patch }: Change): Record<string, FieldValue> {
    const held = (field: string): FieldValue =>
      erpValue(this.line.world, entity, Number(id), field) ?? null
    return Object.fromEntries(Object.keys(patch).map((field) => [field, held(field)]))
  }
}

export const failed = (error: unknown): WriteOutcome & { outcome: "failed" } => ({
  outcome: "failed",
  error: toSyncError(error),
})

export const tooLate = (named: string): SyncError =>
  new SyncError({
    kind: "transient",
    code: "stalled",
    message: `write ${named}: it was announced too long ago`,
    remedy: "It is planned again.",
  })

export const timedOut = (named: string): SyncError =>
  new SyncError({
    kind: "transient",
    code: "time_out",
    message: `write ${named}: no answer in time`,
    remedy: "It is looked at again.",
    outcome_unknown: true,
  })
