import { Cursor, Page } from "../connectors/contract"
import { Stream } from "../sync/canonical"
import { SyncError, toSyncError } from "../sync/errors"
import { addTally, Connected, EngineContext, Tally } from "./context"
import { Run } from "./ports"
import { failureBefore, noteFailure, RunFailure } from "./run-failure"

export const RUN_LEASE_MS = 30_000

export type Ended = "completed" | "cancelled" | "failed"

/** The run was taken over by another instance: this one stops without a word. */
export class LostLease extends Error {}

/** A run's row: position and counters move in the transaction that stores the page, under the fence. */
export class Progress<Tx> {
  stopped = false
  /** What failed in it so far, streams and reasons. */
  failure: RunFailure | null
  private requestsBefore: number

  constructor(
    private readonly context: EngineContext<Tx>,
    private readonly connected: Connected,
    public run: Run,
  ) {
    this.failure = failureBefore(run)
    this.requestsBefore = connected.connector.requests
  }

  async enter(stream: Stream, cursor: Cursor | null): Promise<void> {
    if (this.run.stream !== stream) {
      this.run = { ...this.run, stream, cursor, done: 0, total: null }
      await this.save(null, { stream, cursor: null, done: 0, total: null })
    }
  }

  async advance(tx: Tx, tally: Tally, page: Page): Promise<void> {
    await this.add(tx, tally, { cursor: page.cursor, done: page.done, total: page.total })
  }

  /** What was done beside the pages: suspects that were asked for by id. */
  async count(tx: Tx, tally: Tally): Promise<void> {
    await this.add(tx, tally, {})
  }

  private async add(
    tx: Tx,
    tally: Tally,
    position: Partial<Pick<Run, "cursor" | "done" | "total">>,
  ): Promise<void> {
    const requests = this.connected.connector.requests
    const counters = addTally(this.run.counters, {
      ...tally,
      requests: requests - this.requestsBefore,
    })
    this.requestsBefore = requests
    const patch = { ...position, counters }
    await this.save(tx, patch)
    this.run = { ...this.run, ...patch }
  }

  /** Renews the lease while a page takes long; a lost lease is noticed by the page's own transaction. */
  beat(): void {
    this.save(null, {}).catch((error: unknown) => {
      this.context.log(
        "warn",
        `${this.connected.id}: heartbeat of run ${this.run.id}: ${toSyncError(error).message}`,
      )
    })
  }

  /** A stream that failed while the run goes on with the others; kept for whoever takes it up. */
  async note(stream: Stream, failure: SyncError): Promise<void> {
    this.failure = noteFailure(this.failure, [stream], failure)
    await this.save(null, { error: this.failure })
  }

  /** Stays unfinished at its last stored page, with the reason on show. */
  async wait(failure: SyncError): Promise<void> {
    const { code, kind, message, remedy } = failure
    await this.save(null, { error: this.failure ?? { code, kind, message, remedy } })
  }

  async end(state: Ended, error: RunFailure | null): Promise<void> {
    const requests = this.connected.connector.requests - this.requestsBefore
    const counters = { ...this.run.counters, requests: this.run.counters.requests + requests }
    await this.save(null, {
      state,
      counters,
      ...(state === "completed" ? { stream: null, cursor: null } : {}),
      error,
    })
  }

  private async save(
    tx: Tx | null,
    patch: Parameters<EngineContext<Tx>["ledger"]["saveRun"]>[4],
  ): Promise<void> {
    const saved = await this.context.ledger.saveRun(
      tx,
      this.run.id,
      this.context.owner,
      RUN_LEASE_MS,
      patch,
    )
    if (!saved.ours) {
      throw new LostLease(`run ${this.run.id} is not ours any more`)
    }
    this.stopped = saved.cancel_requested
  }
}
