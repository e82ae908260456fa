import fc from "fast-check"
import { familyOf, ownerOf } from "../owners"
import { rulesFingerprint, sameMeaning } from "../fingerprint"
import { contentHash, fingerprintOf } from "../hash"
import { rules } from "./fixtures"

describe("the hash of a content", () => {
  it.each([
    ["another value", { a: 1 }, { a: 2 }],
    ["another key", { a: 1 }, { b: 1 }],
    ["another order in a list", { a: [1, 2] }, { a: [2, 1] }],
    ["a list and a record", { a: ["x"] }, { a: { 0: "x" } }],
    ["members that join to the same text", { a: ["1", "2"] }, { a: ["1,2"] }],
    ["a list cut in two", { a: [[1], [2]] }, { a: [[1, 2]] }],
    ["keys that join to the same text", { a: 1, b: 2 }, { a: 12, b: 2 }],
    ["null and the text of it", { a: null }, { a: "null" }],
    ["numbers in a list", { a: [1, 12] }, { a: [11, 2] }],
    ["numbers in a record", { a: { b: 1, c: 1 } }, { a: { b: 1 }, c: 1 }],
  ])("differs by %s", (_case, a, b) => {
    expect(contentHash(a, "f")).not.toBe(contentHash(b, "f"))
  })

  it("does not know the order of keys, absent values, or versions at any depth", () => {
    expect(contentHash({ a: 1, b: { c: 2, version: "7" } }, "f")).toBe(
      contentHash({ version: "9", b: { version: "8", c: 2, d: undefined }, a: 1 }, "f"),
    )
  })

  it("changes with the rules", () => {
    expect(contentHash({ a: 1 }, "f")).not.toBe(contentHash({ a: 1 }, "g"))
  })

  it("is the same for the same content, and for no other", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = JSON.stringify(fingerprintable(a)) === JSON.stringify(fingerprintable(b))
        expect(fingerprintOf(a) === fingerprintOf(b)).toBe(same)
      }),
    )
  })

  it("is short as a fingerprint, also of nothing", () => {
    expect(fingerprintOf(undefined)).toBe(fingerprintOf(null))
    expect(fingerprintOf({ a: 1 })).toHaveLength(22)
    expect(fingerprintOf({ version: 1 })).not.toBe(fingerprintOf({ version: 2 }))
  })
})

/** The value with its keys in order. */
const fingerprintable = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(fingerprintable)
    : value !== null && typeof value === "object"
      ? {
          // Told from a list, which may be as empty as a record.
          record: Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, entry]) => ({ key, entry: fingerprintable(entry) })),
        }
      : value

describe("the fingerprint of the rules", () => {
  it("is a text with a part for each field, in order", () => {
    const made = rulesFingerprint({ weight: "g", "price:eur": 2 })
    expect(made.split(";").map((part) => part.split("=")[0])).toEqual(["price:eur", "weight"])
  })

  it("tells by a whole family where a field has no part of its own", () => {
    expect(sameMeaning("price=1;weight=2", "price=2;weight=2", "price:eur")).toBe(false)
    expect(sameMeaning("price=1;weight=2", "price=1;weight=3", "price:eur")).toBe(true)
    expect(sameMeaning("my-price=1", "my-price=2", "price")).toBe(true)
  })
})

describe("owners", () => {
  it("go by field, then by family, then by default", () => {
    expect(ownerOf(rules({ owners: { "price:eur": "both", price: "medusa" } }), "price:eur")).toBe(
      "both",
    )
    expect(ownerOf(rules({ owners: { price: "medusa" } }), "price:eur")).toBe("medusa")
    expect(ownerOf(rules(), "price:eur")).toBe("erp")
  })

  it("of stock decide whether any is kept, unless that was said by itself", () => {
    const owner = (owners: Parameters<typeof rules>[0]): string => ownerOf(rules(owners), "tracked")
    expect(owner({})).toBe("erp")
    expect(owner({ owners: { stock: "medusa" } })).toBe("medusa")
    expect(owner({ owners: { stock: "medusa", tracked: "both" } })).toBe("both")
    expect(ownerOf(rules({ owners: { stock: "medusa" } }), "sku")).toBe("erp")
  })

  it("are Medusa where nobody knows the field: it is never written", () => {
    expect(ownerOf(rules(), "handle")).toBe("medusa")
    expect([familyOf("price:eur"), familyOf("title"), familyOf("")]).toEqual(["price", "title", ""])
  })
})
