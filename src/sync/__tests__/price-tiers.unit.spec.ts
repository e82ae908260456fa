import {
  equalTiers,
  listOfField,
  priceListField,
  priceOfOne,
  tierRows,
  tiersIn,
  tiersInErp,
  tiersInStore,
  tiersText,
} from "../price-tiers"

const tier = (min_quantity: string | null, amount: string, max_quantity?: string) => ({
  min_quantity,
  amount,
  ...(max_quantity !== undefined && { max_quantity }),
})

describe("the tiers of a price list as one value", () => {
  it("are named by the store's list and the currency", () => {
    const field = priceListField({ price_list_id: "plist_1", currency: "eur" })
    expect(field).toBe("price_list:plist_1:eur")
    expect(listOfField(field)).toEqual({ price_list_id: "plist_1", currency: "eur" })
  })

  it.each([
    ["none", [], null],
    ["one", [tier(null, "9.90")], "9.9"],
    [
      "several, in any order",
      [tier("50", "7"), tier(null, "9.9"), tier("10.0", "8.50")],
      "9.9; 10: 8.5; 50: 7",
    ],
    ["two that begin alike: the lower one", [tier("10", "9"), tier("10", "8")], "10: 8"],
    ["ends that say nothing new", [tier(null, "9", "9"), tier("10", "8")], "9; 10: 8"],
    ["an end before the next one", [tier("2", "9", "5"), tier("10", "8")], "2-5: 9; 10: 8"],
    ["an end behind which there is none", [tier(null, "9", "5")], "-5: 9"],
  ])("%s", (_case, tiers, text) => {
    expect(tiersText(tiers)).toBe(text)
    expect(tiersText(tiersIn(text))).toBe(text)
  })

  it.each([["10: 8;9"], ["free"], ["1: x"], [""], [true], [null]])(
    "are none in what is no such text: %s",
    (value) => expect(tiersIn(value)).toEqual([]),
  )

  it("are equal by value", () => {
    expect(equalTiers("9.90; 10: 8.0", "9.9; 10: 8")).toBe(true)
    expect(equalTiers("9.9; 10: 8", "9.9")).toBe(false)
    expect(equalTiers(null, null)).toBe(true)
    expect(equalTiers(null, "9.9")).toBe(false)
    expect(equalTiers("junk", "other junk")).toBe(false)
  })

  it("come to the store in its precision, for whole pieces, each amount once", () => {
    expect(tiersInStore("9.995; 2.5: 8.125; 10: 8.13", 2, "half-up")).toBe("10; 3: 8.13")
    expect(tiersInStore("0.5: 9; 1: 8", 2, "half-up")).toBe("8")
    expect(tiersInStore("1250.4", 0, "down")).toBe("1250")
    expect(tiersInStore(null, 2, "half-up")).toBeNull()
  })

  it("go to the ERP in its precision, without ends", () => {
    expect(tiersInErp("2-3: 9.125; 10: 8", 2)).toBe("2: 9.13; 10: 8")
    expect(tiersInErp("9.125", null)).toBe("9.125")
  })

  it("are rows that end where the next one begins", () => {
    expect(tierRows("9; 10: 8; 20-25: 7")).toEqual([
      { min_quantity: null, max_quantity: "9", amount: "9" },
      { min_quantity: "10", max_quantity: "19", amount: "8" },
      { min_quantity: "20", max_quantity: "25", amount: "7" },
    ])
    expect(tierRows("9; 2.5: 8").map(({ max_quantity }) => max_quantity)).toEqual(["2", null])
  })

  it("have the price of one piece", () => {
    expect(priceOfOne("9; 10: 8")).toBe("9")
    expect(priceOfOne("10: 8")).toBeNull()
    expect(priceOfOne(null)).toBeNull()
  })
})
