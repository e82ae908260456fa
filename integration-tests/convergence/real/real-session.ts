import { Faults } from "../faults"
import { Process } from "../scheduler"
import { RealScheduler } from "./real-scheduler"

/** As for the store in memory. */
const DATABASE_FAULTS = 0.1

/** A transaction or a lock that is held while a worker works. */
interface Scope {
  /** Ends it as if what is inside had failed. */
  abort(error: Error): void
  ended: Promise<unknown>
}

class Crashed extends Error {}

/** One process's connection to a real store: each call is a decision of the scheduler and may fail. */
export class RealSession {
  private readonly scopes = new Set<Scope>()

  constructor(
    readonly process: Process,
    private readonly scheduler: RealScheduler,
    private readonly faults: Faults,
  ) {}

  /** One call; a quiet one commits nothing, by itself or because it is part of a transaction. */
  call<T>(label: string, isQuiet: (answer: T) => boolean, work: () => Promise<T>): Promise<T> {
    return this.scheduler.awaited(this.process, label, async () => {
      this.maybe(label, "connection_reset")
      const result = await work()
      if (!isQuiet(result)) {
        this.scheduler.wrote()
        this.maybe(label, "reply_lost")
      }
      return result
    })
  }

  /**
   * Work inside of something that the store opens and ends: a transaction (`commits`) or a lock.
   * @param open calls its body with what it opened, and ends it with the body
   */
  async within<G, T>(
    label: string,
    open: (body: (given: G) => Promise<T>) => Promise<T>,
    work: (given: G) => Promise<T>,
    commits: boolean,
  ): Promise<T> {
    const given = deferred<G>()
    const inside = deferred<T>()
    const entered = await this.scheduler.awaited(this.process, label, async () => {
      const whole = open((opened) => {
        given.resolve(opened)
        return inside.promise
      })
      whole.catch(given.reject)
      const scope: Scope = { abort: inside.reject, ended: whole.catch(() => undefined) }
      return { opened: await given.promise, whole, scope: this.keep(scope) }
    })
    const { opened, whole, scope } = entered
    try {
      const result = await work(opened)
      return await this.scheduler.awaited(
        this.process,
        commits ? "commit" : `end ${label}`,
        async () => {
          if (commits) {
            this.maybe("commit", "connection_reset")
          }
          inside.resolve(result)
          const answer = await whole
          if (commits) {
            this.scheduler.wrote()
            this.maybe("commit", "reply_lost")
          }
          return answer
        },
      )
    } catch (error) {
      inside.reject(error)
      return this.scheduler.awaited(this.process, `give up ${label}`, async () => {
        await scope.ended
        throw error
      })
    }
  }

  private keep(scope: Scope): Scope {
    this.scopes.add(scope)
    void scope.ended.then(() => this.scopes.delete(scope))
    return scope
  }

  get holds(): boolean {
    return this.scopes.size > 0
  }

  /** The process is gone: its transactions roll back, its locks vanish, its calls never answer. */
  crash(): void {
    this.process.alive = false
    this.scheduler.forget(this.process)
    const scopes = [...this.scopes]
    scopes.forEach((scope) => scope.abort(new Crashed("the process is gone")))
    this.scheduler.enter(
      Promise.all(scopes.map((scope) => scope.ended)),
      `${this.process.name} crash`,
    )
  }

  private maybe(label: string, code: string): void {
    this.faults.maybe(label, (this.faults.rate * DATABASE_FAULTS) / 2, code)
  }
}

interface Deferred<T> {
  promise: Promise<T>
  resolve: (value: T) => void
  reject: (error: unknown) => void
}

const deferred = <T>(): Deferred<T> => {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  // Who waits for it hears of it; a crash may leave nobody.
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}
