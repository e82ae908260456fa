import { demandSince, stockTarget } from "../stock"
import { NOW } from "./fixtures"
import {
  ago,
  demand,
  fulfilled,
  known,
  LAG,
  orders,
  reserved,
  SETTLE,
  target,
} from "./stock-fixtures"

describe("demand of several order lines", () => {
  it("counts each line by itself", () => {
    const lines = { fulfilled: [fulfilled(2, "l1"), fulfilled(3, "l2")] }
    expect(target(10, "on_hand", "never", lines)).toBe("5")
    const issued = { ...lines, known: [known("issued", 9, ago(1))] }
    expect(target(10, "on_hand", "acknowledged", issued)).toBe("7")
  })

  it("takes no line's acknowledgement for another's", () => {
    const reservations = [reserved(2, "l1"), reserved(4, "l2")]
    const acknowledged = { reservations, known: [known("reserved", 2, ago(1))] }
    expect(target(10, "available", "acknowledged", acknowledged)).toBe("12")
  })

  it("knows no reservation without a line", () => {
    const loose = { reservations: [reserved(2, null, ago(2 * LAG))] }
    expect(target(10, "available", "placed", loose)).toBe("10")
    const nameless = { reservations: [reserved(2, null)], fulfilled: [fulfilled(1, "l1")] }
    expect(target(10, "available", "never", nameless)).toBe("9")
  })

  it("knows no more of a reservation than is outstanding", () => {
    const over = { ...reserved(5, "l1", ago(2 * LAG)), outstanding: "3" }
    expect(target(10, "available", "placed", { reservations: [over] })).toBe("13")
    const nothing = { ...over, outstanding: null }
    expect(target(10, "available", "placed", { reservations: [nothing] })).toBe("10")
  })
})

describe("what an acknowledgement says", () => {
  it("counts only if it came before the reading began", () => {
    const issued = (when: string) =>
      target(10, "on_hand", "acknowledged", {
        fulfilled: [fulfilled(4)],
        known: [known("issued", 4, when)],
      })
    expect([issued(ago(1)), issued(NOW), issued(ago(-1))]).toEqual(["10", "6", "6"])
    const held = (when: string) =>
      target(10, "available", "acknowledged", {
        reservations: [reserved(4)],
        known: [known("reserved", 4, when)],
      })
    expect([held(ago(1)), held(NOW), held(ago(-1))]).toEqual(["14", "10", "10"])
  })

  it("is of the whole line without a quantity", () => {
    const whole = { known: [known("reserved", null, ago(1))] }
    const open = { ...whole, reservations: [reserved(4)] }
    expect(target(10, "available", "acknowledged", open)).toBe("14")
    const partly = { ...open, fulfilled: [fulfilled(3)] }
    expect(target(10, "available", "acknowledged", partly)).toBe("14")
  })

  it("is of so many units of the line, the fulfilled ones first", () => {
    const partly = {
      reservations: [reserved(4)],
      fulfilled: [fulfilled(3)],
      known: [known("reserved", 5, ago(1))],
    }
    expect(target(10, "available", "acknowledged", partly)).toBe("12")
  })

  it("of a reservation says nothing to stock on hand", () => {
    const reservation = { fulfilled: [fulfilled(4)], known: [known("reserved", 4, ago(1))] }
    expect(target(10, "on_hand", "acknowledged", reservation)).toBe("6")
    expect(target(10, "available", "acknowledged", reservation)).toBe("10")
  })
})

describe("what the clock settles", () => {
  const placedAgo = (ms: number) => ({ fulfilled: [fulfilled(4, "l1", ago(1000), ago(ms))] })

  it("is what was ordered a lag before, where the ERP reserves orders", () => {
    expect(target(10, "available", "placed", placedAgo(LAG + 1))).toBe("10")
    expect(target(10, "available", "placed", placedAgo(LAG))).toBe("6")
    expect(target(10, "on_hand", "placed", placedAgo(2 * LAG))).toBe("6")
    expect(target(10, "available", "fulfilled", placedAgo(2 * LAG))).toBe("6")
  })

  it("is what was fulfilled long enough before, with or without an order", () => {
    const old = { fulfilled: [{ ...fulfilled(4, "l1", ago(SETTLE + 1)), ordered_at: null }] }
    expect(target(10, "available", "placed", old)).toBe("10")
    const fresh = { fulfilled: [{ ...fulfilled(4, "l1", ago(1000)), ordered_at: null }] }
    expect(target(10, "available", "placed", fresh)).toBe("6")
  })

  const recheck = (counted: "placed" | "fulfilled", changes: Parameters<typeof demand>[0]) =>
    stockTarget("10", "available", demand(changes), orders(counted), NOW).recheck_at

  it("is looked at again a second after the first of them", () => {
    const both = { reservations: [reserved(1, "l1", ago(1000)), reserved(1, "l2", ago(5000))] }
    expect(recheck("placed", both)).toBe(ago(5000 - LAG - 1000))
    expect(recheck("placed", { fulfilled: [fulfilled(1, "l1", ago(1000), ago(2000))] })).toBe(
      ago(2000 - LAG - 1000),
    )
    expect(recheck("fulfilled", { fulfilled: [fulfilled(1, "l1", ago(1000))] })).toBe(
      ago(1000 - SETTLE - 1000),
    )
  })

  it("is looked at again too where it settles at this very moment", () => {
    expect(recheck("fulfilled", { fulfilled: [fulfilled(1, "l1", ago(SETTLE))] })).toBe(ago(-1000))
  })

  it("is nothing more where all is settled", () => {
    expect(recheck("fulfilled", { fulfilled: [fulfilled(1, "l1", ago(2 * SETTLE))] })).toBeNull()
    expect(recheck("placed", {})).toBeNull()
  })
})

describe("fulfilments that may be unknown to a reading", () => {
  it.each([
    ["acknowledged", ago(9 * SETTLE)],
    ["never", ago(9 * SETTLE)],
    ["fulfilled", ago(SETTLE + 60_000)],
    ["placed", ago(SETTLE + 60_000)],
  ] as const)("where orders count as %s go back to %s", (counted, since) => {
    expect(demandSince(orders(counted), NOW, ago(9 * SETTLE))).toBe(since)
  })
})
