/** BCP 47 tag of a language of the dashboard, which writes `ptBR` and `zhCN`. */
export const localeOf = (language: string): string =>
  /^[a-z]{2}[A-Z]{2}$/.test(language) ? `${language.slice(0, 2)}-${language.slice(2)}` : language

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const RELATIVE: { unit: Intl.RelativeTimeFormatUnit; ms: number }[] = [
  { unit: "year", ms: 365 * DAY },
  { unit: "month", ms: 30 * DAY },
  { unit: "day", ms: DAY },
  { unit: "hour", ms: HOUR },
  { unit: "minute", ms: MINUTE },
  { unit: "second", ms: SECOND },
]

/** "3 minutes ago", "in 2 hours", in the words of the locale. */
export const relativeTime = (at: Date, now: Date, locale: string): string => {
  const difference = at.getTime() - now.getTime()
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" })
  const step = RELATIVE.find(({ ms }) => Math.abs(difference) >= ms)
  if (!step) return format.format(0, "second")
  return format.format(Math.trunc(difference / step.ms), step.unit)
}

/** Date and time to the second, in the reader's time zone. */
export const exactTime = (at: Date, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }).format(at)

const LENGTHS = [
  { unit: "day", ms: DAY },
  { unit: "hour", ms: HOUR },
  { unit: "minute", ms: MINUTE },
  { unit: "second", ms: SECOND },
]

/** The two largest units of a length of time: "1 hr 5 min". Below a second it says "0 sec". */
export const duration = (ms: number, locale: string): string => {
  const whole = Math.max(0, Math.round(ms / SECOND)) * SECOND
  const largest = LENGTHS.findIndex((length) => whole >= length.ms)
  const from = largest === -1 ? LENGTHS.length - 1 : largest
  const parts: string[] = []
  let rest = whole
  for (const { unit, ms: size } of LENGTHS.slice(from, from + 2)) {
    const amount = Math.floor(rest / size)
    rest -= amount * size
    if (amount === 0 && parts.length > 0) continue
    const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" })
    parts.push(format.format(amount))
  }
  return parts.join(" ")
}
