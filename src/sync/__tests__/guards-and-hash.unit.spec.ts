import { heldText, looksRestored, massChangeLimit, movesMuch, tripsMassChange } from "../guards"
import { contentHash, fingerprintOf } from "../hash"

describe("the guard against mass changes", () => {
  it("lets a small catalog lose as much as one of fifty records", () => {
    expect(massChangeLimit(10, 0.05)).toBe(2.5)
    expect(tripsMassChange({ today: 0, batch: 2, linked: 10, share: 0.05 })).toBe(false)
    expect(tripsMassChange({ today: 0, batch: 3, linked: 10, share: 0.05 })).toBe(true)
  })

  it("counts the day's earlier changes", () => {
    expect(tripsMassChange({ today: 40, batch: 10, linked: 1000, share: 0.05 })).toBe(false)
    expect(tripsMassChange({ today: 41, batch: 10, linked: 1000, share: 0.05 })).toBe(true)
  })
})

describe("a price that moves by more than half", () => {
  it.each([
    ["10", "15", false],
    ["10", "15.01", true],
    ["10", "5", false],
    ["10", "4.99", true],
    ["10", "0", true],
    ["0", "0.01", true],
    ["0", "0", false],
    [null, "10", false],
    ["10", null, false],
  ])("from %s to %s: %s", (from, to, expected) => {
    expect(movesMuch(from, to)).toBe(expected)
  })
})

describe("a change that waits for a person", () => {
  it("shows what would become what, and where", () => {
    expect(heldText({ side: "medusa", from: "20", to: "5" })).toBe("20 → 5 in the store")
    expect(heldText({ side: "erp", from: "true", to: "false" })).toBe("true → false in the ERP")
  })
})

describe("a restored copy", () => {
  it.each([
    ["two older records are no sign", 2, 2, false],
    ["three of a hundred are", 3, 100, true],
    ["three of three hundred are just enough", 3, 300, true],
    ["three of a thousand are not", 3, 1000, false],
  ])("%s", (_name, older, reread, expected) => {
    expect(looksRestored({ older, reread })).toBe(expected)
  })
})

describe("the content hash", () => {
  it("looks at neither the order of keys nor versions, at any depth", () => {
    const a = { id: "1", version: "x", variants: [{ sku: "A", version: "1" }] }
    const b = { variants: [{ version: "2", sku: "A" }], id: "1" }
    expect(contentHash(a, "f")).toBe(contentHash(b, "f"))
  })

  it("moves with the content, with the order of lists, and with the rules", () => {
    const hash = contentHash({ list: [1, 2] }, "f")
    expect(contentHash({ list: [2, 1] }, "f")).not.toBe(hash)
    expect(contentHash({ list: [1, 2], more: null }, "f")).not.toBe(hash)
    expect(contentHash({ list: [1, 2] }, "g")).not.toBe(hash)
  })

  it("has no content for what is undefined", () => {
    expect(contentHash({ a: undefined }, "f")).toBe(contentHash({}, "f"))
    expect(fingerprintOf({ b: 1, a: [1, null] })).toBe(fingerprintOf({ a: [1, null], b: 1 }))
  })
})
