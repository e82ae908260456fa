import { STREAMS } from "../canonical"
import { dueStreams, nextDue, progressOf } from "../schedule"
import { NOW } from "./fixtures"

const HOUR = 3_600_000
const schedule = {
  categories: HOUR,
  products: HOUR,
  prices: 60_000,
  stock: 60_000,
  images: HOUR,
  sweep: HOUR,
}
const ago = (ms: number): string => new Date(Date.parse(NOW) - ms).toISOString()

describe("when a stream is due", () => {
  it("at once where it never ran", () => {
    expect(nextDue(null, HOUR, NOW)).toBe(NOW)
  })

  it("an interval after it was last begun", () => {
    expect(nextDue(NOW, HOUR, ago(-1))).toBe("2026-03-02T09:00:00.000Z")
  })

  it("names those whose interval is over, to the millisecond", () => {
    const last = {
      categories: ago(HOUR),
      products: ago(HOUR - 1),
      prices: null,
      stock: ago(60_001),
      images: ago(HOUR - 1),
    }
    expect(dueStreams(STREAMS, schedule, last, NOW)).toEqual(["categories", "prices", "stock"])
  })

  it("asks only for the streams that the connection has", () => {
    const last = { categories: null, products: null, prices: null, stock: null, images: null }
    expect(dueStreams(["prices"], schedule, last, NOW)).toEqual(["prices"])
  })
})

describe("progress", () => {
  it.each([
    [{ done: 0, total: 10, elapsed_ms: 1000 }, null, null],
    [{ done: 5, total: 10, elapsed_ms: 0 }, null, null],
    [{ done: 5, total: 10, elapsed_ms: 1000 }, 5, 1],
    [{ done: 1, total: 10, elapsed_ms: 3000 }, 0.3, 27],
    [{ done: 5, total: null, elapsed_ms: 2000 }, 2.5, null],
    [{ done: 12, total: 10, elapsed_ms: 1000 }, 12, 0],
    [{ done: 1, total: 1, elapsed_ms: 1 }, 1000, 0],
  ])("of %j is %s records a second with %s seconds left", (input, rate, remaining_seconds) => {
    expect(progressOf(input)).toEqual({ rate, remaining_seconds })
  })
})
