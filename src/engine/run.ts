import { Cursor, Page } from "../connectors/contract"
import { Stream } from "../sync/canonical"
import { SyncError, toSyncError } from "../sync/errors"
import { addTally, Batch, Connected, EngineContext, Tally } from "./context"
import { findGone } from "./gone"
import { Run } from "./ports"
import { reconcile } from "./reconcile"
import { takesImages } from "./takes-images"
import { looksLikeRestored, RestoredCopy } from "./restored"

export const RUN_LEASE_MS = 30_000

/** How long an interrupted full run waits before it is taken up again. */
const RETRY_MS = 30_000
const HEARTBEAT_MS = 8_000

export interface RunOptions {
  signal: AbortSignal
  /** Called between pages: the lane's dirty keys go first. */
  between(): Promise<void>
}

/** The run was taken over by another instance: this one stops without a word. */
class LostLease extends Error {}

/**
 * Carries out a claimed run, page by page, from where it stands: a run that was killed is taken up at
 * its last stored page. Ends as completed, cancelled or failed; gives the lease back when this process
 * is stopping.
 */
export const executeRun = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  claimed: Run,
  options: RunOptions,
): Promise<void> => {
  const progress = new Progress(context, connected, claimed)
  const endHeartbeat = context.every(HEARTBEAT_MS, () => progress.beat())
  try {
    if (claimed.kind !== "delta" && claimed.stream === null) {
      // Announcements that nobody has come back to.
      await context.ledger.markOpenIntents(connected.id)
    }
    const isTaken = (stream: Stream): boolean =>
      stream !== "images" || takesImages(context, connected)
    const streams = claimed.streams.slice(
      Math.max(0, claimed.streams.indexOf(claimed.stream ?? ("" as Stream))),
    )
    for (const stream of claimed.cancel_requested ? [] : streams.filter(isTaken)) {
      await pullStream(context, connected, progress, stream, options)
      if (progress.stopped || options.signal.aborted) {
        break
      }
    }
    if (options.signal.aborted) {
      await context.ledger.releaseRun(claimed.id, context.owner)
      return
    }
    const stopped = progress.stopped || claimed.cancel_requested
    await progress.end(stopped ? "cancelled" : "completed", null)
  } catch (error) {
    await fail(context, connected, progress, options, error).catch((late: unknown) => {
      // The lease may end while the failure itself is being recorded.
      if (!(late instanceof LostLease)) {
        throw late
      }
      takenOver(context, connected, progress.run)
    })
    return
  } finally {
    endHeartbeat()
  }
  if (claimed.kind !== "delta" && !options.signal.aborted) {
    await context.ledger.clearSwept(claimed.id)
  }
}

const takenOver = <Tx>(context: EngineContext<Tx>, connected: Connected, run: Run): void =>
  context.log("warn", `${connected.id}: run ${run.id} was taken over by another instance`)

const fail = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  progress: Progress<Tx>,
  options: RunOptions,
  error: unknown,
): Promise<void> => {
  if (error instanceof LostLease) {
    takenOver(context, connected, progress.run)
    return
  }
  if (options.signal.aborted) {
    await context.ledger.releaseRun(progress.run.id, context.owner)
    return
  }
  const failure = toSyncError(error)
  if (failure.kind === "transient" && progress.run.kind !== "delta") {
    // A full run goes on from its last stored page once the ERP answers again.
    const wait = failure.retry_after_ms ?? RETRY_MS
    context.log("warn", `${connected.id}: run ${progress.run.id} waits: ${failure.message}`)
    await progress.wait(failure)
    if (progress.stopped) {
      await progress.end("cancelled", failure)
    } else {
      await context.ledger.releaseRun(progress.run.id, context.owner, wait)
    }
    return
  }
  context.log(
    failure.kind === "bug" ? "error" : "warn",
    `${connected.id}: run ${progress.run.id} failed: ${failure.kind === "bug" && error instanceof Error ? error.stack : failure.message}`,
  )
  await progress.end("failed", failure)
  if (
    error instanceof RestoredCopy ||
    (failure.kind === "config" && failure.scope === "connection")
  ) {
    await context.ledger.saveConnection(connected.id, {
      state: "paused",
      reason: { code: failure.code, message: failure.message, remedy: failure.remedy },
    })
  }
}

const pullStream = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  progress: Progress<Tx>,
  stream: Stream,
  options: RunOptions,
): Promise<void> => {
  const { run } = progress
  const resumed = run.stream === stream ? run.cursor : null
  const cursor =
    resumed ?? (run.kind === "delta" ? await context.ledger.cursor(connected.id, stream) : null)
  await progress.enter(stream, resumed)

  const pages = connected.connector.pull(stream, cursor, {
    lane: run.lane,
    signal: options.signal,
  })
  const iterator = pages[Symbol.asyncIterator]()
  let complete = false
  while (!complete && !progress.stopped && !options.signal.aborted) {
    // Both are taken before the request begins: what was written since makes the page the older one.
    const readSeq = await context.ledger.nextSeq()
    const readAt = await context.ledger.now()
    const next = await iterator.next()
    if (next.done) {
      throw new SyncError({
        kind: "transient",
        code: "incomplete_pull",
        message: `The ${stream} of ${connected.id} ended before the last page.`,
        remedy: "The next run reads them again from the last stored page.",
      })
    }
    await storePage(context, connected, progress, stream, next.value, readSeq, readAt, options)
    complete = next.value.complete
    await options.between()
  }
  await iterator.return?.(undefined)
  if (complete && run.kind !== "delta" && !connected.connector.capabilities.file_push) {
    await findGone(context, connected, run, stream, options.signal, (tx, tally) =>
      progress.count(tx, tally),
    )
  }
}

const storePage = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  progress: Progress<Tx>,
  stream: Stream,
  page: Page,
  readSeq: number,
  readAt: string,
  { signal }: RunOptions,
): Promise<void> => {
  const { run } = progress
  if (page.regressed || page.records.length > 0) {
    await looksLikeRestored(context, connected, stream, page, { lane: run.lane, signal })
  }
  const batch: Batch = {
    records: page.records,
    rejected: page.rejected,
    missing: page.gone,
    read_seq: readSeq,
    read_at: readAt,
    run_id: run.id,
    may_skip: run.kind === "delta",
    values_follow: run.streams.indexOf("stock") > run.streams.indexOf(stream),
  }
  await reconcile(context, connected, stream, batch as never, async (tx, tally) => {
    await progress.advance(tx, tally, page)
    if (page.complete) {
      await context.ledger.saveCursor(tx, connected.id, stream, page.cursor)
    }
  })
}

/** A run's row: position and counters move in the transaction that stores the page, under the fence. */
class Progress<Tx> {
  stopped = false
  private requestsBefore: number

  constructor(
    private readonly context: EngineContext<Tx>,
    private readonly connected: Connected,
    public run: Run,
  ) {
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

  /** Stays unfinished at its last stored page, with the reason on show. */
  async wait(failure: SyncError): Promise<void> {
    const { code, kind, message, remedy } = failure
    await this.save(null, { error: { code, kind, message, remedy } })
  }

  async end(state: "completed" | "cancelled" | "failed", failure: SyncError | null): Promise<void> {
    const requests = this.connected.connector.requests - this.requestsBefore
    const counters = { ...this.run.counters, requests: this.run.counters.requests + requests }
    await this.save(null, {
      state,
      counters,
      ...(state === "completed" ? { stream: null, cursor: null } : {}),
      error: failure && {
        code: failure.code,
        kind: failure.kind,
        message: failure.message,
        remedy: failure.remedy,
      },
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
