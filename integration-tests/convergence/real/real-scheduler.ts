import { setTimeout as sleep } from "node:timers/promises"
import { Process, Scheduler } from "../scheduler"

/** What has to be done around a call into the store. */
export interface Around {
  /** Brings the simulation's time and edits to the tables. */
  before(): Promise<void>
  /** Takes over what the tables hold; `by` is whose call it was. */
  after(by: string): Promise<void>
  /** Whether the world was edited since. */
  isEdited(): boolean
  /** Whether a statement waits for somebody's lock, and whether none is being carried out. */
  looks(): Promise<{ locked: boolean; idle: boolean }>
}

/** So long a call may take before it is asked whether it waits for another one. */
const PATIENCE_MS = 15

/**
 * A call in whose time no statement was seen so often waits for a lock of Medusa's own. Fewer are a
 * workflow that thinks: one must not be left half done for the oracle to see.
 */
const IDLE_LOOKS = 20

/**
 * Lets one call after the other into a real store, each to its end. A call that waits there for what
 * another one holds is left to wait, and the others go on: real locks, in an order that the seed chose.
 */
export class RealScheduler extends Scheduler {
  private around: Around | null = null
  private current: Promise<void> = Promise.resolve()
  private readonly waiting = new Set<Promise<void>>()
  private by = "nobody"
  private label = ""
  private written = false

  attach(around: Around): void {
    this.around = around
  }

  /** A call whose turn comes by the seed, and whose work is then done in the store. */
  async awaited<T>(process: Process, label: string, work: () => Promise<T>): Promise<T> {
    const [answer] = await this.call(process, label, () => [this.begin(process, label, work)])
    try {
      const result = await answer
      return process.alive ? result : await never()
    } catch (error) {
      // Nobody is there any more to hear of it.
      return process.alive ? Promise.reject(error) : never()
    }
  }

  /** Something was written that is committed. */
  wrote(): void {
    this.written = true
  }

  /** Work that nobody chose: what a crash leaves to be rolled back. */
  enter(work: Promise<unknown>, label: string): void {
    this.label = label
    this.current = Promise.all([this.current, work]).then(ended, ended)
  }

  private async begin<T>(process: Process, label: string, work: () => Promise<T>): Promise<T> {
    this.by = process.name
    const answer = Promise.resolve(this.around?.before()).then(work)
    this.enter(answer, `${process.name} ${label}`)
    return answer
  }

  override get isIdle(): boolean {
    return super.isIdle && this.waiting.size === 0
  }

  override async settle(): Promise<void> {
    await this.finishCurrent()
    if (this.around?.isEdited()) {
      await this.around.before()
    }
    if (this.written) {
      this.written = false
      await this.around?.after(this.by)
    }
    await super.settle()
    if (super.isIdle && this.waiting.size > 0) {
      await Promise.race([...this.waiting, sleep(PATIENCE_MS)])
    }
  }

  private async finishCurrent(): Promise<void> {
    const { current, label } = this
    let done = false
    let idle = 0
    const isDone = (): boolean => done
    const ending = current.then(() => {
      done = true
      this.waiting.delete(current)
    })
    while (!done) {
      await Promise.race([ending, sleep(PATIENCE_MS)])
      const seen = done ? undefined : await this.around?.looks()
      idle = seen?.idle ? idle + 1 : 0
      const waits = seen?.locked || idle >= IDLE_LOOKS
      // It may have ended while that was asked.
      if (waits && !isDone()) {
        this.waiting.add(current)
        this.note(`${this.label} waits`)
        void ending.then(() => this.note(`${label} waited`))
        this.current = Promise.resolve()
        return
      }
    }
  }
}

const ended = (): void => undefined

const never = <T>(): Promise<T> => new Promise<T>(() => undefined)
