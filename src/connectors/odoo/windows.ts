import { z } from "@medusajs/framework/zod"

import { SyncError } from "../../sync/errors"
import type { Cursor } from "../contract"
import { OVERLAP_SECONDS } from "./defaults"
import { PricesState, pricesStateSchema } from "./pricelists/state"

/**
 * Where a pull of Odoo stands, as pure rules. Odoo's stamps are the *start* of the writing
 * transaction and are shown in whole seconds, so a page is never cut at a stamp: a window begins at
 * `lo`, is read by id, and the next one begins 15 minutes before `hi`. `hi` is the newest stamp + 1 s
 * of the poll's first answer. One call is one snapshot, so nothing older than its newest stamp can
 * be missing from it but a transaction that was still open then, which the overlap finds.
 */
export type Stamp = string

export interface Watermark {
  /** Everything below was read; transactions then open excepted. The next window begins before. */
  hi: Stamp
  /** Newest own stamp of the stream's model when last seen. If it falls, records vanished. */
  newest: Stamp | null
  /**
   * Least seconds ever seen between the web server's clock and a stamp. The database's clock reads
   * at least the web server's less this, so `hi` moves on while nothing changes and the records of a
   * large import are not read again at every poll.
   */
  lead: number | null
}

const stamp = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
const mark = z.object({ hi: stamp, newest: stamp.nullable(), lead: z.number().min(0).nullable() })
const position = {
  v: z.literal(1),
  after: z.number().int().min(0),
  done: z.number().int().min(0),
  total: z.number().int().min(0).nullable(),
  mark,
  /** What prices were computed with when this pull began. */
  prices: pricesStateSchema.optional(),
}
const cursorSchema = z.discriminatedUnion("mode", [
  z.object({ ...position, mode: z.literal("full") }),
  z.object({
    ...position,
    mode: z.literal("delta"),
    lo: stamp,
    /** The watermark that this poll began with. */
    before: mark,
    /** Newest own stamp of the pages so far. */
    newest: stamp.nullable(),
    /** What prices were computed with at the end of the pull before. */
    prices_before: pricesStateSchema.optional(),
  }),
  z.object({
    v: z.literal(1),
    mode: z.literal("rest"),
    mark,
    prices: pricesStateSchema.optional(),
  }),
])
export type OdooCursor = z.infer<typeof cursorSchema>
export type FullCursor = Extract<OdooCursor, { mode: "full" }>
export type DeltaCursor = Extract<OdooCursor, { mode: "delta" }>

/** What the first answer of a poll showed. */
export interface Observed {
  /** The newest of all stamps in it, those of lines, attributes and quants included. */
  seen: Stamp | null
  /** The web server's clock when it answered. */
  served_at: Stamp | null
}

export const EPOCH: Stamp = "1970-01-01 00:00:00"

/** @throws SyncError `config`: a cursor of another connector or version */
export const parseCursor = (cursor: Cursor): OdooCursor => {
  const parsed = cursorSchema.safeParse(cursor)
  if (parsed.success) return parsed.data
  throw new SyncError({
    kind: "config",
    code: "cursor_unreadable",
    message: "The stored position of this stream is not one of the Odoo connector.",
    remedy: "Start a full synchronisation of this stream.",
    scope: "stream",
  })
}

/** The watermark after an answer. It never falls behind `before`, nor passes the server's now. */
export const advance = (before: Watermark | null, { seen, served_at }: Observed): Watermark => {
  const fresh = seen !== null && served_at !== null && seen <= served_at
  const lead = least(before?.lead ?? null, fresh ? secondsBetween(seen, served_at) : null)
  const candidates = [
    before?.hi ?? EPOCH,
    seen === null ? EPOCH : shift(seen, 1),
    lead === null || served_at === null ? EPOCH : shift(served_at, -lead),
  ]
  const hi = candidates.reduce(later)
  // A record stamped in the future, by a clock once wrong, must not hide all that comes before it.
  return {
    hi: served_at === null ? hi : earlier(hi, shift(served_at, 1)),
    newest: before?.newest ?? null,
    lead,
  }
}

export const lowerBound = ({ hi }: Watermark): Stamp =>
  hi <= EPOCH ? EPOCH : shift(hi, -OVERLAP_SECONDS)

/** Whether the newest record known must have been among those changed since `lo`. */
export const newestExpected = ({ lo, before }: Pick<DeltaCursor, "lo" | "before">): boolean =>
  before.newest !== null && before.newest >= lo

export const startDelta = (before: Watermark, prices?: PricesState): DeltaCursor => ({
  v: 1,
  mode: "delta",
  lo: lowerBound(before),
  before,
  newest: null,
  after: 0,
  done: 0,
  total: null,
  mark: before,
  ...(prices && { prices_before: prices }),
})

export const atRest = (watermark: Watermark, prices?: PricesState): OdooCursor => ({
  v: 1,
  mode: "rest",
  mark: watermark,
  ...(prices && { prices }),
})

export const shift = (from: Stamp, seconds: number): Stamp =>
  format(new Date(millis(from) + seconds * 1000))

/** `Date: Mon, 23 Nov 2026 03:38:37 GMT` as a stamp: both are UTC. */
export const stampOfHttpDate = (header: string | undefined): Stamp | null => {
  const time = header === undefined ? NaN : Date.parse(header)
  return Number.isNaN(time) ? null : format(new Date(time))
}

/** The newest `write_date` anywhere in an answer, nested records included. */
export const newestStamp = (value: unknown): Stamp | null => {
  if (typeof value !== "object" || value === null) return null
  return Object.entries(value).reduce<Stamp | null>(
    (newest, [key, held]) =>
      latest(newest, key === "write_date" ? asStamp(held) : newestStamp(held)),
    null,
  )
}

export const asStamp = (value: unknown): Stamp | null =>
  stamp.safeParse(value).success ? (value as Stamp) : null

/** The later of two, null where there is none. */
export const latest = (a: Stamp | null, b: Stamp | null): Stamp | null =>
  a === null || b === null ? (a ?? b) : later(a, b)

/** The earlier of two, null where there is none. */
export const earliest = (a: Stamp | null, b: Stamp | null): Stamp | null =>
  a === null || b === null ? (a ?? b) : earlier(a, b)

const later = (a: Stamp, b: Stamp): Stamp => (a > b ? a : b)
const earlier = (a: Stamp, b: Stamp): Stamp => (a < b ? a : b)
const least = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)
const millis = (value: Stamp): number => Date.parse(`${value.replace(" ", "T")}Z`)
const format = (date: Date): Stamp => date.toISOString().slice(0, 19).replace("T", " ")
const secondsBetween = (from: Stamp, to: Stamp): number => (millis(to) - millis(from)) / 1000
