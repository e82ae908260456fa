import { describe, expect, it } from "@jest/globals"
import { duration, localeOf, relativeTime } from "../lib/format"

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe("the locale of a language of the dashboard", () => {
  it.each([
    ["en", "en"],
    ["ptBR", "pt-BR"],
    ["enGB", "en-GB"],
  ])("of %s is %s", (language, locale) => {
    expect(localeOf(language)).toBe(locale)
  })
})

describe("a relative time", () => {
  const now = new Date("2026-03-01T12:00:00Z")
  it.each([
    [0, "en", "now"],
    [-400, "en", "now"],
    [-3 * MINUTE, "en", "3 minutes ago"],
    [-119 * MINUTE, "en", "1 hour ago"],
    [2 * HOUR, "en", "in 2 hours"],
    [-DAY, "en", "yesterday"],
    [-45 * DAY, "en", "last month"],
    [-3 * MINUTE, "de", "vor 3 Minuten"],
    [-2 * MINUTE, "ru", "2 минуты назад"],
  ])("%d ms from now in %s reads %s", (offset, locale, text) => {
    expect(relativeTime(new Date(now.getTime() + offset), now, locale)).toBe(text)
  })
})

describe("a length of time", () => {
  it.each([
    [0, "0 sec"],
    [-5, "0 sec"],
    [26 * SECOND, "26 sec"],
    [59_700, "1 min"],
    [HOUR, "1 hr"],
    [HOUR + 5 * MINUTE + 40 * SECOND, "1 hr 5 min"],
    [DAY + 30 * SECOND, "1 day"],
  ])("of %d ms reads %s", (ms, text) => {
    expect(duration(ms, "en")).toBe(text)
  })
})
