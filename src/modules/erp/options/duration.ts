const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const isUnit = (text: string): text is keyof typeof UNITS => text in UNITS

/** Milliseconds of `"90s"`, `"5m"`, `"1h"` or `"7d"`; null when it is not a time span. */
export const parseDuration = (text: string): number | null => {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (amount === undefined || unit === undefined || !isUnit(unit)) return null
  return Number(amount) * UNITS[unit]
}
