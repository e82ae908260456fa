import { erpId, idOfNew, isNewKey, medusaId, newKey } from "../ids"

describe("the key of a product that the ERP does not have yet", () => {
  const id = medusaId("prod_1")

  it("is made of its id in the store, and gives it back", () => {
    expect(newKey(id)).toBe("new:prod_1")
    expect(idOfNew(newKey(id))).toBe(id)
  })

  it.each([
    [newKey(id), true],
    [erpId(42), false],
    [erpId("renew:"), false],
  ])("is told from the ERP's own: %s is one: %s", (key, expected) => {
    expect(isNewKey(key)).toBe(expected)
  })
})
