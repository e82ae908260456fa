import { SyncError } from "../../src/sync/errors"
import { Clock } from "./clock"
import { Random } from "./random"
import { Blocked } from "./store/memory-database"

/** A started process of the plugin: everything it awaits goes through the scheduler. */
export interface Process {
  readonly name: string
  alive: boolean
}

interface Pending {
  process: Process
  label: string
  /** Settles the caller's promise; false when the statement has to wait for a lock. */
  attempt(): boolean
  giveUp(error: SyncError): void
  waitsUntil: number | null
}

/** PostgreSQL's `lock_timeout` of the plugin's transactions, in microseconds. */
const LOCK_TIMEOUT_US = 1_000_000

/**
 * Decides, by the seed, which of the awaited calls goes on next. Nothing else makes time pass: between
 * two decisions all that can run has run, so that the same seed gives the same trace.
 */
export class Scheduler {
  steps = 0
  private pending: Pending[] = []
  private readonly trace: string[] = []
  /** Processes that stand still, each until so many steps. */
  private readonly stalled = new Map<Process, number>()

  constructor(
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  /** A call of a process; `work` happens at once and whole, when its turn has come. */
  call<T>(process: Process, label: string, work: () => T): Promise<T> {
    if (!process.alive) {
      return new Promise<T>(() => undefined)
    }
    return new Promise<T>((resolve, reject) => {
      this.pending.push({
        process,
        label,
        waitsUntil: null,
        giveUp: reject,
        attempt: () => {
          try {
            resolve(work())
          } catch (error) {
            if (error instanceof Blocked) {
              return false
            }
            reject(error)
          }
          return true
        },
      })
    })
  }

  /** What a dead process was waiting for never answers. */
  forget(process: Process): void {
    this.pending = this.pending.filter((call) => call.process !== process)
  }

  /** The process stands still for so many decisions, while others go on; alone, it does not. */
  stall(process: Process, steps: number): void {
    this.stalled.set(process, this.steps + steps)
    this.note(`* ${process.name} stalls`)
  }

  /** Lets everything run that can run without another decision. */
  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve))
  }

  get isIdle(): boolean {
    return this.pending.length === 0
  }

  pendingOf(process: Process): number {
    return this.pending.filter((call) => call.process === process).length
  }

  note(line: string): void {
    this.trace.push(`${this.clock.iso().slice(11, 26)} ${line}`)
    if (this.trace.length > 4000) {
      this.trace.splice(0, 1000)
    }
  }

  /** One decision. Returns whether a call went on. */
  step(): boolean {
    this.steps += 1
    this.clock.advance(this.random.between(500, 60_000))
    const alive = this.pending.filter((call) => call.process.alive)
    const ready = alive.filter((call) => (this.stalled.get(call.process) ?? 0) <= this.steps)
    const call = this.random.pick(ready.length > 0 ? ready : alive)
    if (!call) {
      return false
    }
    if (call.attempt()) {
      this.note(`${call.process.name} ${call.label}`)
      this.pending = this.pending.filter((entry) => entry !== call)
      return true
    }
    call.waitsUntil ??= this.clock.micros + LOCK_TIMEOUT_US
    if (this.clock.micros >= call.waitsUntil) {
      this.note(`${call.process.name} ${call.label} waited too long`)
      this.pending = this.pending.filter((entry) => entry !== call)
      call.giveUp(lockTimeout(call.label))
    }
    return true
  }

  tail(lines: number): string[] {
    return this.trace.slice(-lines)
  }
}

const lockTimeout = (label: string): SyncError =>
  new SyncError({
    kind: "transient",
    code: "lock_timeout",
    message: `${label} waited too long for a row.`,
    remedy: "It is tried again.",
  })
