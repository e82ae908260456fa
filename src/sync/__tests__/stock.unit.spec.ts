import { medusaId } from "../ids"
import { CountedOrders, StockBasis } from "../rules"
import { DemandAt, demandSince, figureFor, mappingsByLocation, stockTarget } from "../stock"
import { NOW, rules } from "./fixtures"
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

describe("what stocked_quantity is to be", () => {
  const BEFORE = ago(1)
  const AFTER = ago(-1)
  const cases: [string, number, StockBasis, CountedOrders, Partial<DemandAt>, string][] = [
    ["the figure, without demand", 7, "available", "acknowledged", {}, "7"],
    ["never below zero", -3, "available", "never", {}, "0"],
    // available: figure + R - F
    [
      "a reservation unknown to the ERP is left to Medusa's own count",
      7,
      "available",
      "acknowledged",
      { reservations: [reserved(2)] },
      "7",
    ],
    [
      "one the ERP has reserved too comes on top, since Medusa takes it off again",
      5,
      "available",
      "acknowledged",
      { reservations: [reserved(2)], known: [known("reserved", 2, BEFORE)] },
      "7",
    ],
    [
      "an acknowledgement after the reading says nothing of it",
      7,
      "available",
      "acknowledged",
      { reservations: [reserved(2)], known: [known("reserved", 2, AFTER)] },
      "7",
    ],
    [
      "what was fulfilled and is not known comes off",
      7,
      "available",
      "acknowledged",
      { fulfilled: [fulfilled(2)] },
      "5",
    ],
    [
      "what was fulfilled and reserved there is in the figure",
      5,
      "available",
      "acknowledged",
      { fulfilled: [fulfilled(2)], known: [known("reserved", null, BEFORE)] },
      "5",
    ],
    [
      "a line partly fulfilled: the reserved rest comes on top, the fulfilled part is in the figure",
      4,
      "available",
      "acknowledged",
      {
        fulfilled: [fulfilled(1)],
        reservations: [reserved(2)],
        known: [known("reserved", 3, BEFORE)],
      },
      "6",
    ],
    [
      "a reservation without an order line is never known",
      7,
      "available",
      "placed",
      { reservations: [reserved(2, null, ago(LAG * 2))] },
      "7",
    ],
    // on_hand: figure - F
    [
      "reservations do not touch what is on hand",
      7,
      "on_hand",
      "acknowledged",
      { reservations: [reserved(2)], known: [known("reserved", 2, BEFORE)] },
      "7",
    ],
    [
      "what left the shelf and is not issued there comes off",
      7,
      "on_hand",
      "acknowledged",
      { fulfilled: [fulfilled(2)], known: [known("reserved", 2, BEFORE)] },
      "5",
    ],
    [
      "what is issued there is in the figure",
      5,
      "on_hand",
      "acknowledged",
      { fulfilled: [fulfilled(2)], known: [known("issued", 2, BEFORE)] },
      "5",
    ],
    [
      "partly issued: the rest comes off",
      6,
      "on_hand",
      "acknowledged",
      { fulfilled: [fulfilled(3)], known: [known("issued", 1, BEFORE)] },
      "4",
    ],
    // by the clock
    [
      "fulfilled: settled after its time",
      5,
      "on_hand",
      "fulfilled",
      { fulfilled: [fulfilled(2, "l1", ago(SETTLE + 1))] },
      "5",
    ],
    [
      "fulfilled: not a moment earlier",
      7,
      "on_hand",
      "fulfilled",
      { fulfilled: [fulfilled(2, "l1", ago(SETTLE))] },
      "5",
    ],
    [
      "fulfilled: nothing is reserved there",
      7,
      "available",
      "fulfilled",
      { reservations: [reserved(2, "l1", ago(SETTLE * 9))] },
      "7",
    ],
    [
      "placed: reserved there after the lag",
      5,
      "available",
      "placed",
      { reservations: [reserved(2, "l1", ago(LAG + 1))] },
      "7",
    ],
    [
      "placed: not before it",
      7,
      "available",
      "placed",
      { reservations: [reserved(2, "l1", ago(LAG))] },
      "7",
    ],
    [
      "placed: an old order just fulfilled was reserved there long ago",
      5,
      "available",
      "placed",
      { fulfilled: [fulfilled(2, "l1", ago(1), ago(LAG * 3))] },
      "5",
    ],
    [
      "never: only a stock count settles",
      7,
      "on_hand",
      "never",
      { fulfilled: [fulfilled(2, "l1", ago(SETTLE * 99))] },
      "5",
    ],
  ]
  it.each(cases)("%s", (_name, figure, basis, counted, changes, expected) => {
    expect(target(figure, basis, counted, changes)).toBe(expected)
  })
})

describe("looking again", () => {
  it("falls due when a demand will be settled by the clock", () => {
    const { recheck_at } = stockTarget(
      "5",
      "on_hand",
      demand({ fulfilled: [fulfilled(1, "l1", ago(SETTLE / 2)), fulfilled(1, "l2", ago(10))] }),
      orders("fulfilled"),
      NOW,
    )
    expect(Date.parse(recheck_at ?? "")).toBe(Date.parse(NOW) + SETTLE / 2 + 1000)
  })

  it("is not needed where only an acknowledgement settles", () => {
    const given = demand({ fulfilled: [fulfilled(1)] })
    expect(stockTarget("5", "on_hand", given, orders("acknowledged"), NOW).recheck_at).toBeNull()
  })

  it("asks for fulfilments as far back as they may be unknown", () => {
    expect(demandSince(orders("acknowledged"), NOW, "2020-01-01")).toBe("2020-01-01")
    expect(demandSince(orders("fulfilled"), NOW, "2020-01-01")).toBe(ago(SETTLE + 60_000))
  })
})

describe("figures", () => {
  const [one] = rules().stock
  it("sums the warehouses of a location, by their basis; an absent one holds nothing", () => {
    const second = { erp: "W2", location_id: medusaId("sloc_1"), basis: "on_hand" as const }
    const absent = { ...second, erp: "W3" }
    const stock = {
      id: "1",
      product_id: "1",
      version: null,
      tracked: true,
      levels: [
        { warehouse: "WH", on_hand: "9", available: "4.5" },
        { warehouse: "W2", on_hand: "0.25", available: "0" },
      ],
    }
    const mappings = one ? [one, second, absent] : []
    expect(figureFor(stock as never, mappings)).toBe("4.75")
    expect(mappingsByLocation(rules({ stock: mappings })).get(medusaId("sloc_1"))).toHaveLength(3)
  })
})
