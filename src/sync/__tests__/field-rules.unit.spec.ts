import { Entity } from "../canonical"
import { fieldRule, weightOf } from "../field-rules"
import { FieldName, FieldValue } from "../values"
import { pushing, rules } from "./fixtures"

const rule = (field: FieldName, entity: Entity = "product") => fieldRule(pushing(), entity, field)

describe("blanks of a field", () => {
  it.each<[FieldName, FieldValue, boolean]>([
    ["title", null, true],
    ["title", " \n", true],
    ["title", "a", false],
    ["title", true, false],
    ["weight", null, true],
    ["weight", "0.00", true],
    ["weight", "", true],
    ["weight", "0.1", false],
    ["weight", true, false],
    ["price:eur", null, true],
    ["price:eur", "0", false],
    ["category:7", null, true],
    ["category:7", true, false],
    ["tracked", null, false],
    ["tracked", false, false],
  ])("%s of %p: %s", (field, value, blank) => {
    expect(rule(field).isBlank(value)).toBe(blank)
  })

  it("clear description, parent and categories, and nothing else", () => {
    const clears = (field: FieldName): boolean => rule(field).blank_clears
    expect(["description", "parent", "category:7", "tracked"].map(clears)).toEqual(
      Array.from({ length: 4 }, () => true),
    )
    expect(["title", "sku", "weight", "price:eur"].map(clears)).toEqual(
      Array.from({ length: 4 }, () => false),
    )
  })
})

describe("equal values of a field", () => {
  it.each<[FieldName, FieldValue, FieldValue, boolean]>([
    ["title", null, "", true],
    ["title", "a", "A", false],
    ["title", " a", "a", false],
    ["weight", "1.50", "1.5", true],
    ["weight", null, "0", true],
    ["weight", "", null, true],
    ["weight", "0", "1", false],
    ["weight", "1", null, false],
    ["price:eur", "1.50", "1.5", true],
    ["price:eur", "1.5", "1.51", false],
    ["price:eur", null, "0", false],
    ["price:eur", null, null, true],
    ["category:7", null, false, true],
    ["category:7", true, null, false],
    ["tracked", null, false, true],
    ["tracked", true, true, true],
  ])("%s: %p and %p: %s", (field, a, b, equal) => {
    for (const compare of [rule(field).equalErp, rule(field).equalMedusa]) {
      expect([compare(a, b), compare(b, a)]).toEqual([equal, equal])
    }
  })
})

describe("what a field becomes in the store", () => {
  it.each<[FieldName, FieldValue, FieldValue]>([
    ["title", " a ", " a "],
    ["description", "  ", null],
    ["description", " a ", " a "],
    ["price:eur", "1.005", "1.01"],
    ["price:eur", null, null],
    ["price:usd", "1.005", "1.005"],
    ["weight", "1.23456", "1.23456"],
    ["category:7", true, true],
    ["tracked", false, false],
  ])("%s of %p: %p", (field, value, expected) => {
    expect(rule(field).toMedusa(value)).toBe(expected)
  })
})

describe("what a field becomes in the ERP", () => {
  const normalised = pushing({
    normalises: {
      "product.title": { upper: true },
      "variant.price": { digits: 1 },
      "variant.weight": { digits: 2, unit: "kg" },
    },
  })
  const toErp = (entity: Entity, field: FieldName, value: FieldValue): FieldValue =>
    fieldRule(normalised, entity, field).toErp(value)

  it.each<[Entity, FieldName, FieldValue, FieldValue]>([
    ["product", "title", "desk", "DESK"],
    ["variant", "title", "desk", "desk"],
    ["product", "description", " ", null],
    ["product", "description", "a", "a"],
    ["category", "name", " ", " "],
    ["variant", "price:eur", "1.25", "1.3"],
    ["variant", "weight", "1234", "1230"],
    ["variant", "weight", null, null],
  ])("%s %s of %p: %p", (entity, field, value, expected) => {
    expect(toErp(entity, field, value)).toBe(expected)
  })

  it("rounds a weight in the store's own unit where the ERP names none", () => {
    const own = pushing({ normalises: { "variant.weight": { digits: 1 } } })
    expect(fieldRule(own, "variant", "weight").toErp("1.26")).toBe("1.3")
  })

  it("leaves a weight that the ERP does not round", () => {
    expect(rule("weight", "variant").toErp("1.23456")).toBe("1.23456")
  })
})

describe("the owner of a field", () => {
  const owner = (own: Record<string, "erp" | "medusa">, owners = {}) =>
    fieldRule(rules({ owners }), "variant", "price:eur", "price:eur", own).owner

  it("is the options' or the default one", () => {
    expect(owner({})).toBe("erp")
    expect(owner({}, { price: "medusa" })).toBe("medusa")
    expect(owner({}, { price: "medusa", "price:eur": "both" })).toBe("both")
  })

  it("is first of all the one that a person set for the record", () => {
    expect(owner({ price: "medusa" })).toBe("medusa")
    expect(owner({ price: "medusa", "price:eur": "erp" })).toBe("erp")
  })

  it("goes by another name where the options use one", () => {
    const named = rules({ owners: { variant_title: "erp" } })
    expect(fieldRule(named, "variant", "title", "variant_title").owner).toBe("erp")
    expect(fieldRule(named, "variant", "title").owner).toBe("both")
  })

  it("is Medusa for a field that nobody knows", () => {
    expect(rule("shoe_size").owner).toBe("medusa")
  })
})

describe("whether an edit may go to the ERP", () => {
  it.each<[Entity, FieldName, string | null]>([
    ["product", "title", null],
    ["product", "category:7", null],
    ["variant", "price:eur", null],
    ["variant", "title", "unsupported"],
    ["product", "sku", "unsupported"],
    ["option", "title", "unsupported"],
    ["option_value", "title", "unsupported"],
  ])("%s %s: %s", (entity, field, held) => {
    expect(rule(field, entity).held).toBe(held)
  })

  it("waits while write-back is off, but a field without a place has none", () => {
    expect(fieldRule(rules(), "product", "title").held).toBe("push_off")
    expect(fieldRule(rules(), "product", "sku").held).toBe("unsupported")
  })

  it("takes over the policies of the connection", () => {
    const manual = rules({ foreign_edits: "report", conflicts: "manual", first_link: "medusa" })
    expect(fieldRule(manual, "product", "title")).toMatchObject({
      foreign_edits: "report",
      conflicts: "manual",
      first_link: "medusa",
    })
  })
})

describe("weights", () => {
  it.each([
    [null, null],
    [{ value: "0.0", unit: "kg" }, null],
    [{ value: "1.5", unit: "kg" }, "1500"],
    [{ value: "7", unit: "g" }, "7"],
  ] as const)("%j in grams: %s", (weight, expected) => {
    expect(weightOf(rules(), weight)).toBe(expected)
  })
})
