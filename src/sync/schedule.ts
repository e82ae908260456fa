import { Stream } from "./canonical"

/** Interval of each stream, and of the sweep that compares everything, in milliseconds. */
export interface Schedule {
  categories: number
  products: number
  prices: number
  stock: number
  images: number
  sweep: number
}

/** When a stream was last begun, database time, ISO; null when it never was. */
export type LastBegun = { readonly [S in Stream]: string | null }

/** When a stream is due next; at once when it never ran. */
export const nextDue = (last: string | null, intervalMs: number, now: string): string =>
  last === null ? now : new Date(Date.parse(last) + intervalMs).toISOString()

/** Streams whose interval is over. */
export const dueStreams = (
  streams: readonly Stream[],
  schedule: Schedule,
  last: LastBegun,
  now: string,
): Stream[] =>
  streams.filter(
    (stream) => Date.parse(nextDue(last[stream], schedule[stream], now)) <= Date.parse(now),
  )

/** Records a second and what is left, from how far a stream came in how long. */
export const progressOf = (input: {
  done: number
  total: number | null
  elapsed_ms: number
}): { rate: number | null; remaining_seconds: number | null } => {
  if (input.done <= 0 || input.elapsed_ms <= 0) {
    return { rate: null, remaining_seconds: null }
  }
  const rate = input.done / (input.elapsed_ms / 1000)
  return {
    rate: Math.round(rate * 10) / 10,
    remaining_seconds:
      input.total === null ? null : Math.max(0, Math.round((input.total - input.done) / rate)),
  }
}
