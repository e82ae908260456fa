import { rulesFingerprint, sameMeaning } from "../fingerprint"

describe("the fingerprint of the rules", () => {
  const before = rulesFingerprint({ weight: "g", "price:eur": { digits: 2 } })

  it("voids only the bases of the field whose mapping changed", () => {
    const after = rulesFingerprint({ weight: "kg", "price:eur": { digits: 2 } })
    expect(sameMeaning(before, after, "weight")).toBe(false)
    expect(sameMeaning(before, after, "price:eur")).toBe(true)
    expect(sameMeaning(before, after, "title")).toBe(true)
  })

  it("voids the base of a price that is mapped anew, and of none other", () => {
    const after = rulesFingerprint({
      weight: "g",
      "price:eur": { digits: 2 },
      "price:usd": { digits: 2 },
    })
    expect(sameMeaning(before, after, "price:usd")).toBe(false)
    expect(sameMeaning(before, after, "price:eur")).toBe(true)
  })

  it("does not depend on the order in which mappings are written", () => {
    expect(rulesFingerprint({ "price:eur": { digits: 2 }, weight: "g" })).toBe(before)
  })
})
