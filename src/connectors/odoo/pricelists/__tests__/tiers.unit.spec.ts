import type { Row } from "../../rows"
import { tiersOf } from "../tiers"
import { book, priced, ruleRow } from "./price-fixtures"

const tiers = (rows: Row[]) => tiersOf(book(rows), priced(), 1)
const from = (id: number, min_quantity: number, fixed_price: number, changes: object = {}) =>
  ruleRow(id, { min_quantity, fixed_price, ...changes })

describe("the tiers of a list", () => {
  it("begin with the first piece and follow the rules' quantities, only where the price is another", () => {
    const rows = [
      from(1, 0, 90),
      from(2, 10, 80),
      from(3, 20, 80),
      from(4, 2.5, 85),
      from(5, 0.5, 88),
    ]
    expect(tiers(rows)).toEqual({
      tiers: [
        { amount: "88", min_quantity: null },
        { amount: "85", min_quantity: "2.5" },
        { amount: "80", min_quantity: "10" },
      ],
      unsupported: null,
      valid_until: null,
    })
  })

  it("come from a list below, and from one that only greater quantities reach", () => {
    const rows = [
      from(1, 10, 0, { compute_price: "percentage", base: "pricelist", base_pricelist_id: 2 }),
      from(2, 5, 60, { pricelist_id: 2 }),
      from(3, 50, 55, { pricelist_id: 2, date_end: "2026-04-01 00:00:00" }),
    ]
    expect(tiers(rows)).toMatchObject({
      tiers: [
        { amount: "92.5", min_quantity: null },
        { amount: "60", min_quantity: "10" },
        { amount: "55", min_quantity: "50" },
      ],
      valid_until: "2026-04-01 00:00:01",
    })
  })

  it("are none where one of them cannot be computed", () => {
    const rows = [from(1, 0, 90), from(2, 10, 0, { compute_price: "code" })]
    expect(tiers(rows)).toMatchObject({ tiers: [], unsupported: { rule: 2 } })
  })
})
