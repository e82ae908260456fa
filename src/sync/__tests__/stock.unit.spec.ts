import fc from "fast-check"
import { medusaId } from "../ids"
import { CountedOrders, StockBasis } from "../rules"
import { DemandAt, demandSince, figureFor, mappingsByLocation, stockTarget } from "../stock"
import { KnownDemand } from "../stock-types"
import { NOW, rules } from "./fixtures"

const at = { inventory_item_id: medusaId("iitem_1"), location_id: medusaId("sloc_1") }
const SETTLE = 60 * 60_000
const LAG = 10 * 60_000
const ago = (ms: number): string => new Date(Date.parse(NOW) - ms).toISOString()

const reserved = (quantity: number, line: string | null = "l1", created = ago(1000)) => ({
  ...at,
  line_item_id: line,
  quantity: String(quantity),
  outstanding: line === null ? null : String(quantity),
  created_at: created,
})

const fulfilled = (quantity: number, line = "l1", when = ago(1000), ordered = when) => ({
  ...at,
  line_item_id: line,
  fulfillment_id: "f1",
  quantity: String(quantity),
  fulfilled_at: when,
  ordered_at: ordered,
})

const known = (
  kind: "reserved" | "issued",
  quantity: number | null,
  when: string,
): KnownDemand => ({
  ...at,
  line_item_id: "l1",
  kind,
  quantity: quantity === null ? null : String(quantity),
  known_at: when,
})

const demand = (changes: Partial<DemandAt> = {}): DemandAt => ({
  reservations: [],
  fulfilled: [],
  known: [],
  ...changes,
})

const orders = (counted: CountedOrders) => ({ counted, settle_after_ms: SETTLE, lag_ms: LAG })

const target = (
  figure: number,
  basis: StockBasis,
  counted: CountedOrders,
  changes: Partial<DemandAt> = {},
): string => stockTarget(String(figure), basis, demand(changes), orders(counted), NOW).stocked

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

describe("the sold piece", () => {
  it("is not offered again: 2 on hand, 2 sold and fulfilled, whatever the order of syncs", () => {
    for (const basis of ["available", "on_hand"] as const) {
      const before = Number(target(2, basis, "acknowledged", { reservations: [reserved(2)] }))
      expect(before - 2).toBe(0)
      const shipped = Number(target(2, basis, "acknowledged", { fulfilled: [fulfilled(2)] }))
      expect(shipped).toBe(0)
      const issued = { fulfilled: [fulfilled(2)], known: [known("issued", 2, ago(1))] }
      expect(Number(target(0, basis, "acknowledged", issued))).toBe(0)
    }
  })

  it("is never sellable, whatever the ERP has booked of it", () => {
    const quantity = fc.integer({ min: 0, max: 5 })
    const line = fc
      .record({ open: quantity, shipped: quantity, reserved: quantity, issued: quantity })
      .map(({ open, shipped, ...booked }) => {
        const issued = Math.min(booked.issued, shipped)
        return {
          open,
          shipped,
          issued,
          reserved: Math.min(booked.reserved, open + shipped - issued),
        }
      })
    const basis = fc.constantFrom<StockBasis>("available", "on_hand")
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), basis, line, (onHand, by, booked) => {
        const acknowledged = [
          known("reserved", booked.reserved + booked.issued, ago(1)),
          known("issued", booked.issued, ago(1)),
        ].filter((entry) => entry.quantity !== "0")
        const figure = {
          on_hand: onHand - booked.issued,
          available: onHand - booked.issued - booked.reserved,
        }[by]
        const stocked = Number(
          target(figure, by, "acknowledged", {
            reservations: booked.open > 0 ? [reserved(booked.open)] : [],
            fulfilled: booked.shipped > 0 ? [fulfilled(booked.shipped)] : [],
            known: acknowledged,
          }),
        )
        expect(stocked).toBeGreaterThanOrEqual(0)
        const sellable = stocked - booked.open
        expect(sellable).toBeLessThanOrEqual(Math.max(0, onHand - booked.open - booked.shipped))
      }),
      { numRuns: 2000 },
    )
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
