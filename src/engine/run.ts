import { Page } from "../connectors/contract"
import { Stream } from "../sync/canonical"
import { SyncError, toSyncError } from "../sync/errors"
import { Batch, Connected, EngineContext } from "./context"
import { findGone } from "./gone"
import { Run } from "./ports"
import { reconcile } from "./reconcile"
import { noteFailure, streamsLeft } from "./run-failure"
import { Ended, LostLease, Progress } from "./run-progress"
import { takesImages } from "./takes-images"
import { looksLikeRestored, RestoredCopy } from "./restored"

/** How long an interrupted full run waits before it is taken up again. */
const RETRY_MS = 30_000
const HEARTBEAT_MS = 8_000

export interface RunOptions {
  signal: AbortSignal
  /** Called between pages: the lane's dirty keys go first. */
  between(): Promise<void>
}

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
    await pullStreams(context, connected, progress, options)
    if (options.signal.aborted) {
      await context.ledger.releaseRun(claimed.id, context.owner)
      return
    }
    await progress.end(outcomeOf(progress), progress.failure)
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

const outcomeOf = <Tx>({ stopped, run, failure }: Progress<Tx>): Ended =>
  stopped || run.cancel_requested ? "cancelled" : failure ? "failed" : "completed"

/** Each stream on its own: one that fails is noted, and the next one is brought all the same. */
const pullStreams = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  progress: Progress<Tx>,
  options: RunOptions,
): Promise<void> => {
  const streams = streamsLeft(progress.run).filter(
    (stream) => stream !== "images" || takesImages(context, connected),
  )
  for (const stream of progress.run.cancel_requested ? [] : streams) {
    try {
      await pullStream(context, connected, progress, stream, options)
    } catch (error) {
      if (options.signal.aborted || endsRun(progress.run, error)) {
        throw error
      }
      tellFailure(context, connected, progress.run, error)
      await progress.note(stream, toSyncError(error))
    }
    if (progress.stopped || options.signal.aborted) {
      return
    }
  }
}

/** What concerns the other streams as well: they would fail alike, or must not go on. */
const endsRun = (run: Run, error: unknown): boolean =>
  error instanceof LostLease ||
  pauses(error) ||
  (toSyncError(error).kind === "transient" && run.kind !== "delta")

/** What has the whole connection wait for a person. */
const pauses = (error: unknown): boolean => {
  const { kind, scope } = toSyncError(error)
  return error instanceof RestoredCopy || (kind === "config" && scope === "connection")
}

const tellFailure = <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  run: Run,
  error: unknown,
): void => {
  const { kind, message } = toSyncError(error)
  const words = kind === "bug" && error instanceof Error ? error.stack : message
  context.log(
    kind === "bug" ? "error" : "warn",
    `${connected.id}: run ${run.id} failed${run.stream ? ` in ${run.stream}` : ""}: ${words}`,
  )
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
      await progress.end("cancelled", progress.failure)
    } else {
      await context.ledger.releaseRun(progress.run.id, context.owner, wait)
    }
    return
  }
  tellFailure(context, connected, progress.run, error)
  await progress.end("failed", noteFailure(progress.failure, streamsLeft(progress.run), failure))
  if (pauses(error)) {
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
