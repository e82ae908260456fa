const SECOND = 1_000_000
const DAY = 86_400 * SECOND

/** A date or moment as a client wrote it. */
export interface ParsedMoment {
  readonly micros: number
  /** Only `YYYY-MM-DD` was given. */
  readonly dateOnly: boolean
  /** What follows the plain form: a `Z` or an offset. */
  readonly zone: string
  /** The ISO `T` stood between date and time. */
  readonly iso: boolean
}

const FORM =
  /^(\d{4})-(\d{2})-(\d{2})(?:([ T])(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?(Z|[+-]\d{2}:?\d{2})?)?$/

/** Reads a date or moment in UTC; undefined when it is none. */
export function parseMoment(text: string): ParsedMoment | undefined {
  const match = FORM.exec(text)
  if (match === null) return undefined
  const [, year, month, day, separator, hour, minute, second, fraction, zone] = match
  const seconds =
    Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour ?? 0),
      Number(minute ?? 0),
      Number(second ?? 0),
    ) / 1000
  if (Number.isNaN(seconds)) return undefined
  return {
    micros: seconds * SECOND + Number((fraction ?? "").padEnd(6, "0")),
    dateOnly: separator === undefined,
    zone: zone ?? "",
    iso: separator === "T",
  }
}

/** Copies: every RPC shows a moment cut to whole seconds, though microseconds are stored. */
export function showMoment(micros: number): string {
  const text = new Date(Math.floor(micros / SECOND) * 1000).toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 19)}`
}

/** With microseconds, as only webhook payloads and the database itself show it. */
export function showMicros(micros: number): string {
  const fraction = String(((micros % SECOND) + SECOND) % SECOND).padStart(6, "0")
  return `${showMoment(micros)}.${fraction}`
}

export function showDate(micros: number): string {
  return showMoment(micros).slice(0, 10)
}

export const wholeSecond = (micros: number): number => Math.floor(micros / SECOND) * SECOND

export { DAY, SECOND }

/** The default clock: microseconds of real time. */
export function realClock(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000)
}
