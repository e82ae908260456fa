import { rulesFingerprint, sameMeaning, withLanguageOf } from "../fingerprint"

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

  it("voids the texts of another language, and no figures", () => {
    const english = rulesFingerprint({ weight: "g", language: "en_US" })
    const german = rulesFingerprint({ weight: "g", language: "de_DE" })
    for (const field of ["title", "description", "name", "attribute:color"]) {
      expect(sameMeaning(english, german, field)).toBe(false)
      expect(sameMeaning(english, english, field)).toBe(true)
    }
    expect(sameMeaning(english, german, "sku")).toBe(true)
    expect(sameMeaning(english, german, "weight")).toBe(true)
  })

  it("voids nothing that a version stored which knew of no language", () => {
    const former = rulesFingerprint({ weight: "g" })
    const english = rulesFingerprint({ weight: "g", language: "en_US" })
    const german = rulesFingerprint({ weight: "g", language: "de_DE" })
    expect(sameMeaning(former, english, "title")).toBe(true)
    // Once the language is known that was agreed to, that is the one they are in.
    expect(sameMeaning(withLanguageOf(former, english), german, "title")).toBe(false)
    expect(withLanguageOf(english, german)).toBe(english)
    expect(withLanguageOf(former, null)).toBe(former)
  })
})
