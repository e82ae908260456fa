import {
  advance,
  atRest,
  EPOCH,
  lowerBound,
  newestExpected,
  newestStamp,
  parseCursor,
  shift,
  stampOfHttpDate,
  startDelta,
  Watermark,
} from "../windows"

const mark = (changes: Partial<Watermark> = {}): Watermark => ({
  hi: "2026-11-23 12:00:00",
  newest: "2026-11-23 11:59:59",
  lead: null,
  ...changes,
})

describe("advance", () => {
  it("ends one second after the newest stamp of the first answer", () => {
    const next = advance(null, { seen: "2026-11-23 11:59:59", served_at: "2026-11-23 12:30:00" })
    expect(next.hi).toBe("2026-11-23 12:00:00")
  })

  it("does without the server's clock where an answer has no Date", () => {
    expect(advance(mark(), { seen: "2026-11-23 13:00:00", served_at: null })).toMatchObject({
      hi: "2026-11-23 13:00:01",
      lead: null,
    })
  })

  it("never falls behind", () => {
    const next = advance(mark(), { seen: "2026-11-23 11:00:00", served_at: "2026-11-23 12:10:00" })
    expect(next.hi >= mark().hi).toBe(true)
  })

  it("is not led into the future by a wrongly stamped record", () => {
    const next = advance(mark(), { seen: "2099-01-01 00:00:00", served_at: "2026-11-23 12:10:00" })
    expect(next).toMatchObject({ hi: "2026-11-23 12:10:01", lead: null })
  })

  it("moves on with the server's clock while nothing changes", () => {
    const served_at = "2026-11-23 20:00:00"
    expect(advance(mark({ lead: 120 }), { seen: null, served_at }).hi).toBe("2026-11-23 19:58:00")
  })

  it("learns how far the two clocks can be apart, and keeps the least", () => {
    const fresh = { seen: "2026-11-23 12:00:00", served_at: "2026-11-23 12:05:00" }
    expect(advance(mark({ lead: 900 }), fresh).lead).toBe(300)
    expect(advance(mark({ lead: 30 }), fresh).lead).toBe(30)
  })

  it("stays before the database's clock though the web server's is an hour ahead", () => {
    const before = advance(mark(), {
      seen: "2026-11-23 12:00:00",
      served_at: "2026-11-23 13:00:10",
    })
    const quiet = advance(before, { seen: null, served_at: "2026-11-23 15:00:00" })
    // The database's clock shows 14:00:00 then, and its newest commit may be as late as that.
    expect(quiet.hi <= "2026-11-23 14:00:00").toBe(true)
  })
})

describe("a delta", () => {
  it("begins 15 minutes before the watermark", () => {
    expect(lowerBound(mark())).toBe("2026-11-23 11:45:00")
    expect(startDelta(mark())).toMatchObject({ lo: "2026-11-23 11:45:00", after: 0, done: 0 })
  })

  it("begins at the beginning for a database that was empty", () => {
    expect(lowerBound(mark({ hi: EPOCH }))).toBe(EPOCH)
  })

  it("expects the newest record only while it lies in the window", () => {
    expect(newestExpected(startDelta(mark()))).toBe(true)
    expect(newestExpected(startDelta(mark({ newest: "2026-11-23 09:00:00" })))).toBe(false)
    expect(newestExpected(startDelta(mark({ newest: null })))).toBe(false)
  })
})

describe("cursors", () => {
  it("survive JSON", () => {
    for (const cursor of [startDelta(mark()), atRest(mark())]) {
      expect(parseCursor(JSON.parse(JSON.stringify(cursor)) as never)).toEqual(cursor)
    }
  })

  it.each([[{}], [{ v: 2, mode: "rest" }], [{ v: 1, mode: "rest", mark: { hi: "now" } }]])(
    "refuse %p with a remedy",
    (cursor) => {
      expect(() => parseCursor(cursor)).toThrow(
        expect.objectContaining({ kind: "config", code: "cursor_unreadable" }) as Error,
      )
    },
  )
})

describe("stamps", () => {
  it("shift across midnight and daylight saving, in UTC", () => {
    expect(shift("2026-03-29 00:50:00", 900)).toBe("2026-03-29 01:05:00")
    expect(shift("2026-01-01 00:00:00", -1)).toBe("2025-12-31 23:59:59")
  })

  it("come from an HTTP date", () => {
    expect(stampOfHttpDate("Mon, 23 Nov 2026 03:38:37 GMT")).toBe("2026-11-23 03:38:37")
    expect(stampOfHttpDate(undefined)).toBeNull()
    expect(stampOfHttpDate("yesterday")).toBeNull()
  })

  it("are found wherever they are nested", () => {
    const row = {
      write_date: "2026-11-23 10:00:00",
      lines: [{ write_date: "2026-11-23 12:00:00", attribute: { write_date: false } }],
      other: null,
    }
    expect(newestStamp([row])).toBe("2026-11-23 12:00:00")
    expect(newestStamp([])).toBeNull()
  })
})
