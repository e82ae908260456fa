import { erpId } from "../../../sync/ids"
import type { Change } from "../../contract"
import { blamedField } from "../write/blame"
import type { Outcomes } from "../write/outcomes"
import { planPrices } from "../write/prices"
import type { Subject } from "../write/vals"
import { foreignField, valsOf } from "../write/vals"
import { equalValues, heldIn, sentWeight, storedField } from "../write/values"

const digits = (number: number | null) => ({ type: "float", digits: number })
const FACTS = {
  template: new Map([["description_sale", { type: "text", digits: null }]]),
  variant: new Map([
    ["weight", digits(2)],
    ["lst_price", digits(null)],
  ]),
  currency: "eur",
}
const PRICE = "price:list:eur"

const change = (patch: Change["patch"], changes: Partial<Change> = {}): Change => ({
  entity: "variant",
  id: erpId(1),
  product_id: erpId(9),
  expected_version: null,
  expected: {},
  patch,
  weight_unit: "g",
  ...changes,
})

const variant = (id: number, changes: object = {}) => ({
  id,
  active: true,
  product_tmpl_id: 9,
  list_price: 10,
  lst_price: 10,
  weight: 0,
  weight_uom_name: "kg",
  ...changes,
})

describe("values", () => {
  it.each([
    ["sku", "", null, true],
    ["sku", "A", "a", false],
    ["weight", "0", null, true],
    ["weight", "1.50", "1.5", true],
    [PRICE, "10", "10.00", true],
    [PRICE, "10", null, false],
    ["on_hand:WH", "0", null, false],
    ["category:3", null, false, true],
    ["active", true, null, false],
  ] as const)("of %s: %j and %j are equal: %s", (field, a, b, equal) => {
    expect(equalValues(field, a, b)).toBe(equal)
  })

  it("of weight travel between the store's unit and Odoo's, in Odoo's digits", () => {
    const row = variant(1, { weight: 1.26 })
    const wanted = change({ weight: "1255" })
    expect(sentWeight(wanted, row, FACTS)).toBe("1.26")
    expect(storedField(wanted, "weight", row, FACTS)).toBe("1260")
    expect(heldIn(wanted, row, FACTS)).toEqual({ weight: "1260" })
    const pounds = variant(1, { weight_uom_name: "lb" })
    expect(sentWeight(change({ weight: "907.185" }), pounds, FACTS)).toBe("2")
    expect(sentWeight(change({ weight: null }), row, FACTS)).toBe("0")
  })
})

describe("a product's category", () => {
  const product = (patch: Change["patch"], categ: number | false, major = 19) => {
    const moved = change(patch, { entity: "product" })
    const row = { id: 9, categ_id: categ }
    const held = heldIn(moved, row, FACTS)
    return valsOf({ change: moved, id: 9, row, held, due: Object.keys(patch) }, FACTS, major)
  }

  it.each([
    ["moves", { "category:1": null, "category:2": true }, 1, 19, { vals: { categ_id: 2 } }],
    ["is filled", { "category:2": true }, false, 19, { vals: { categ_id: 2 } }],
    ["is emptied on 19", { "category:1": null }, 1, 19, { vals: { categ_id: false } }],
    ["cannot be emptied on 18", { "category:1": null }, 1, 18, { outcome: "unsupported" }],
    ["cannot be two", { "category:2": true }, 1, 19, { outcome: "unsupported" }],
    ["is a number", { "category:pcat_x": true }, false, 19, { outcome: "unsupported" }],
  ] as const)("%s: %j", (_name, patch, categ, major, result) => {
    expect(product(patch, categ, major)).toMatchObject(result)
  })
})

describe("prices", () => {
  const plan = (
    rows: ReturnType<typeof variant>[],
    wanted: Record<number, string | null>,
    stale: number[] = [],
  ) => {
    const outcomes: Outcomes = new Map()
    const subjects = Object.entries(wanted).map(([id, amount]): Subject => {
      const row = rows.find((candidate) => candidate.id === Number(id)) ?? variant(Number(id))
      const priced = change({ [PRICE]: amount }, { id: erpId(id) })
      if (stale.includes(row.id)) {
        outcomes.set(priced, { outcome: "refused", reason: "newer_version" })
      }
      return { change: priced, id: row.id, row, held: heldIn(priced, row, FACTS), due: [PRICE] }
    })
    const variants = new Map(rows.map((row) => [row.id, row]))
    const planned = planPrices(subjects, variants, outcomes)
    return {
      list: subjects.map((subject) => planned.get(subject) ?? null),
      outcomes: subjects.map((subject) => outcomes.get(subject.change)?.outcome ?? null),
    }
  }

  it("of a product's only variant are the product's", () => {
    expect(plan([variant(1)], { 1: "12.5" })).toEqual({ list: ["12.5"], outcomes: [null] })
  })

  it("are the product's less what the variant's values add", () => {
    const rows = [variant(1, { lst_price: 15 }), variant(2, { lst_price: 12 })]
    expect(plan(rows, { 1: "16", 2: "13" })).toEqual({ list: ["11", "11"], outcomes: [null, null] })
  })

  it("of one variant cannot change without its siblings", () => {
    expect(plan([variant(1), variant(2)], { 1: "12" }).outcomes).toEqual(["unsupported"])
  })

  it("that need different prices of the product fit nowhere", () => {
    const { outcomes } = plan([variant(1), variant(2)], { 1: "12", 2: "13" })
    expect(outcomes).toEqual(["unsupported", "unsupported"])
  })

  it("do not wait for siblings that are archived", () => {
    const rows = [variant(1), variant(2, { active: false })]
    expect(plan(rows, { 1: "12" }).outcomes).toEqual([null])
  })

  it("wait together when one of them was changed meanwhile", () => {
    const { outcomes, list } = plan([variant(1), variant(2)], { 1: "12", 2: "12" }, [2])
    expect(outcomes).toEqual(["refused", "refused"])
    expect(list).toEqual([null, null])
  })

  it.each([
    ["price:pricelist:7:eur", "price:pricelist:7:eur"],
    ["price:pricelist:list:eur", "price:pricelist:list:eur"],
    [PRICE, undefined],
  ])("in %s are Odoo's own where rules make them", (field, foreign) => {
    const found = foreignField(change({ sku: "A", [field]: "12" }))
    expect(found?.field).toBe(foreign)
  })

  it("cannot be none", () => {
    expect(plan([variant(1)], { 1: null }).outcomes).toEqual(["unsupported"])
  })
})

describe("a refusal of Odoo blames", () => {
  it.each([
    ["the only field", { sku: "A" }, "Something else entirely", "sku"],
    ["the barcode", { sku: "A", barcode: "77" }, 'Barcode(s) already assigned: "77"', "barcode"],
    ["the value it quotes", { sku: "A-100", barcode: "77x" }, "Le code « 77x » existe", "barcode"],
    ["the parent", { name: "A", parent: "4" }, "Recursion Detected.", "parent"],
    ["the name", { title: "A", description: "B" }, "Missing field 'Name' (name)", "title"],
    ["the whole record", { sku: "A", barcode: "B" }, "Non.", "*"],
  ])("%s", (_name, patch, message, field) => {
    expect(blamedField(change(patch), message)).toBe(field)
  })
})
