import { parseDuration } from "../duration"

describe("parseDuration", () => {
  it.each([
    ["90s", 90_000],
    ["5m", 300_000],
    ["1h", 3_600_000],
    ["24h", 86_400_000],
    ["7d", 604_800_000],
    ["0s", 0],
  ])("reads %s", (text, ms) => expect(parseDuration(text)).toBe(ms))

  it.each(["", "5", "m", "5 m", "-5m", "1.5h", "5min", "1w", "9999999s", "1h30m"])(
    "refuses %j",
    (text) => expect(parseDuration(text)).toBeNull(),
  )
})
