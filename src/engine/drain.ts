import { Lane } from "../connectors/contract"
import { toSyncError } from "../sync/errors"
import { ConnectionId } from "../sync/ids"
import { Connected, EngineContext } from "./context"
import { drainDirty, drainLast } from "./dirty"
import { resendEvents } from "./outbox"
import { executeRun } from "./run"
import { RUN_LEASE_MS } from "./run-progress"

const LANES: Lane[] = ["interactive", "background"]

export interface DrainSource {
  /** Connections that may work now: configured, reachable by their credentials, not paused. */
  active(): Promise<Connected[]>
  one(id: ConnectionId): Promise<Connected | null>
}

/**
 * Works off what is due: queued and abandoned runs, and dirty keys, each lane on its own. Single
 * flight per process and lane; started, never awaited, by jobs, subscribers and routes. A second kick
 * while it works makes it look once more before it rests.
 */
export class Drain<Tx> {
  private readonly working = new Map<string, Promise<void>>()
  private readonly again = new Set<string>()
  private readonly stopping = new AbortController()

  /** @param rested is told when a lane has nothing due any more; it may kick again later */
  constructor(
    private readonly context: EngineContext<Tx>,
    private readonly source: DrainSource,
    private readonly rested: (id: ConnectionId, lane: Lane) => void = () => undefined,
  ) {}

  /** Starts working on whatever is due, of all connections or of one, and returns at once. */
  kick(only?: ConnectionId): void {
    void this.start(only)
  }

  /** Works until nothing is due, for scripts and tests. */
  async untilIdle(): Promise<void> {
    await this.start()
    while (this.working.size > 0) {
      await Promise.all(this.working.values())
    }
  }

  /** Claims nothing more, lets the page under way finish, gives leases back. */
  async stop(): Promise<void> {
    this.stopping.abort()
    await Promise.allSettled(this.working.values())
  }

  private async start(only?: ConnectionId): Promise<void> {
    if (this.stopping.signal.aborted) {
      return
    }
    try {
      await resendEvents(this.context)
      for (const connected of await this.source.active()) {
        for (const lane of only === undefined || only === connected.id ? LANES : []) {
          this.startLane(connected.id, lane)
        }
      }
    } catch (error) {
      const failure = toSyncError(error)
      this.context.log(
        failure.kind === "bug" ? "error" : "warn",
        `the sync could not look for work: ${failure.message}`,
      )
    }
  }

  private startLane(id: ConnectionId, lane: Lane): void {
    const key = `${id}/${lane}`
    if (this.working.has(key)) {
      this.again.add(key)
      return
    }
    const work = this.workLane(id, lane)
      .catch((error: unknown) => {
        const failure = toSyncError(error)
        this.context.log(
          failure.kind === "bug" ? "error" : "warn",
          `${id} (${lane}): ${failure.message}`,
        )
      })
      .finally(() => {
        this.working.delete(key)
        if (this.again.delete(key)) {
          this.startLane(id, lane)
        }
      })
    this.working.set(key, work)
  }

  private async workLane(id: ConnectionId, lane: Lane): Promise<void> {
    const { signal } = this.stopping
    for (;;) {
      const connected = await this.source.one(id)
      if (!connected || signal.aborted) {
        return
      }
      const dirty = await drainDirty(this.context, connected, lane, signal)
      const run = await this.context.ledger.claimRun(id, lane, {
        owner: this.context.owner,
        ms: RUN_LEASE_MS,
      })
      if (run) {
        await executeRun(this.context, connected, run, {
          signal,
          // As the connection is now: a person may have approved something since the run began.
          between: async () => {
            const present = await this.source.one(id)
            if (present) {
              await drainDirty(this.context, present, lane, signal)
            }
          },
        })
      } else if (dirty === 0 && (await drainLast(this.context, connected, lane, signal)) === 0) {
        this.rested(id, lane)
        return
      }
    }
  }
}
