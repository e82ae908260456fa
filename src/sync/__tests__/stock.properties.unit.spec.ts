import fc from "fast-check"
import { StockBasis } from "../rules"
import { ago, fulfilled, known, reserved, target } from "./stock-fixtures"

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
