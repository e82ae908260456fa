import { Stream } from "../sync/canonical"
import { SyncError } from "../sync/errors"
import { Run } from "./ports"

export type RunFailure = NonNullable<Run["error"]>

/** A failure as the run's row keeps it, beside what failed in it before. */
export const noteFailure = (
  before: RunFailure | null,
  streams: readonly Stream[],
  { code, kind, message, remedy }: SyncError,
): RunFailure => {
  if (!before) {
    return { code, kind, message, remedy, streams: [...streams] }
  }
  const isSame = before.message.includes(message)
  return {
    ...before,
    message: isSame ? before.message : `${before.message} ${message}`,
    remedy: before.remedy.includes(remedy) ? before.remedy : `${before.remedy} ${remedy}`,
    streams: [...new Set([...(before.streams ?? []), ...streams])],
  }
}

/**
 * What failed in a claimed run before it was taken up. The stream it stands in is tried again, and an
 * error that a full run waits out is none of the run's own.
 */
export const failureBefore = ({ kind, error, stream }: Run): RunFailure | null => {
  if (!error || (kind !== "delta" && error.kind === "transient")) {
    return null
  }
  const streams = (error.streams ?? []).filter((failed) => failed !== stream)
  return streams.length > 0 ? { ...error, streams } : null
}

/** Streams that a run still has to bring: the present one and those after it. */
export const streamsLeft = ({ streams, stream }: Pick<Run, "streams" | "stream">): Stream[] =>
  stream === null ? streams : streams.slice(Math.max(0, streams.indexOf(stream)))
