import { link } from "../../sync/__tests__/fixtures"
import { erpId } from "../../sync/ids"
import { isSameStock } from "../freshness"

describe("a stock figure that was read for a link", () => {
  const planned = link({ erp_id: erpId(23), stock_seq: 5, seq: 1 })

  it("counts while the catalog lane changes other things of the link", () => {
    const locked = { ...planned, seq: 9 }
    expect(isSameStock(planned, locked)).toBe(true)
  })

  it.each([
    ["a newer figure was stored", { ...planned, stock_seq: 6 }],
    ["the variant follows another record of the ERP by now", { ...planned, erp_id: erpId(24) }],
    ["the link is busy", undefined],
  ])("does not count when %s", (_when, locked) => {
    expect(isSameStock(planned, locked)).toBe(false)
  })
})
