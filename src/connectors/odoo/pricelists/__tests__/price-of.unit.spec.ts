import type { Row } from "../../rows"
import { Exact } from "../exact"
import { priceOf } from "../price-of"
import { asked, book, priced, ruleRow } from "./price-fixtures"

const fixed = (id: number, fixed_price: number, changes: object = {}) =>
  ruleRow(id, { fixed_price, ...changes })
const formula = (changes: object) => [ruleRow(1, { compute_price: "formula", ...changes })]
const percentage = (percent_price: number, changes: object = {}) =>
  ruleRow(1, { compute_price: "percentage", percent_price, ...changes })
const variant = { applied_on: "0_product_variant", product_id: 21, product_tmpl_id: 20 }
const template = { applied_on: "1_product", product_tmpl_id: 20 }
const category = (categ_id: number) => ({ applied_on: "2_product_category", categ_id })

describe("the price of a list", () => {
  it("is the sales price with what the variant's values add, where no rule speaks of the product", () => {
    expect(asked([])).toBe("92.5 by none")
    expect(asked([fixed(1, 5, { ...variant, product_id: 22 })])).toBe("92.5 by none")
    expect(asked([fixed(1, 5, { ...template, product_tmpl_id: 19 })])).toBe("92.5 by none")
    expect(asked([fixed(1, 5, category(11))])).toBe("92.5 by none")
  })

  it.each([
    ["the variant before its product", [fixed(1, 1, variant), fixed(9, 9, template)], "1 by 1"],
    [
      "the product before its category",
      [fixed(1, 1, template), fixed(9, 9, category(8))],
      "1 by 1",
    ],
    ["a category before all", [fixed(1, 1, category(10)), fixed(9, 9)], "1 by 1"],
    [
      "the lower category, not the later one",
      [fixed(1, 1, category(8)), fixed(9, 9, category(10))],
      "1 by 1",
    ],
    ["the greater quantity", [fixed(1, 1, { min_quantity: 1 }), fixed(9, 9)], "1 by 1"],
    [
      "the quantity before the lower category",
      [fixed(1, 1, { ...category(10), min_quantity: 1 }), fixed(9, 9, category(8))],
      "1 by 1",
    ],
    ["the later rule of equal ones", [fixed(1, 1), fixed(9, 9)], "9 by 9"],
  ])("goes by %s", (_case, rows, price) => expect(asked(rows)).toBe(price))

  it("counts from the rule's quantity on", () => {
    const rows = [fixed(1, 80, { min_quantity: 2.5 }), fixed(2, 90)]
    expect(asked(rows, { quantity: "2.49" })).toBe("90 by 2")
    expect(asked(rows, { quantity: "2.5" })).toBe("80 by 1")
  })

  it("knows a rule's first and last second, and sorts only what holds", () => {
    const rows = [
      fixed(1, 50, { date_start: "2026-01-01 00:00:00", date_end: "2026-06-01 00:00:00" }),
      fixed(2, 80, { min_quantity: 1, date_end: "2025-12-31 23:59:59" }),
    ]
    const at = (now: string) => asked(rows, { given: book(rows, { now }) })
    expect(at("2025-12-31 23:59:59")).toBe("80 by 2")
    expect(at("2026-01-01 00:00:00")).toBe("50 by 1")
    expect(at("2026-06-01 00:00:00")).toBe("50 by 1")
    expect(at("2026-06-01 00:00:01")).toBe("92.5 by none")
    // Without a time it is as good as with one: the later rule wins.
    expect(asked([...rows, fixed(3, 20)])).toBe("20 by 3")
  })

  it("is not rounded to the currency", () => {
    expect(asked([percentage(10)], { product: priced({ list_price: usd("49.99") }) })).toBe(
      "44.991 by 1",
    )
    expect(asked([percentage(-5)])).toBe("97.125 by 1")
    expect(asked([percentage(100)])).toBe("0 by 1")
  })

  it.each([
    ["a discount", { price_discount: 12 }, "81.4"],
    [
      "a multiple, with the fee after it",
      { price_discount: 12, price_round: 10, price_surcharge: -0.01 },
      "79.99",
    ],
    ["halves away from zero", { price_round: 5 }, "95"],
    ["a step that is no power of ten", { price_round: 0.99 }, "92.07"],
    ["the least margin", { price_discount: 50, price_min_margin: 1, price_max_margin: 3 }, "93.5"],
    ["the greatest margin", { price_surcharge: 30, price_max_margin: 2 }, "94.5"],
    [
      "a mark-up on the cost",
      { base: "standard_price", price_markup: 50, price_discount: -50 },
      "49.5",
    ],
    [
      "a cost's margins",
      { base: "standard_price", price_markup: 50, price_min_margin: 35, price_max_margin: 40 },
      "68",
    ],
  ])("is computed with %s", (_case, changes, amount) => {
    expect(asked(formula(changes))).toBe(`${amount} by 1`)
  })

  it("takes the cost's discount where Odoo has no mark-up of its own, as on 17", () => {
    const given = { compute_price: "formula", base: "standard_price", price_discount: -50 }
    const row = { ...ruleRow(1, given), price_markup: undefined }
    expect(asked([row])).toBe("49.5 by 1")
  })

  it("takes what floats cannot tell from a half for a half", () => {
    const third = new Exact(1).div(3).times(3)
    const product = priced({ list_price: { amount: third.times("0.5"), currency: "usd" } })
    expect(asked(formula({ price_round: 1 }), { product })).toBe("1 by 1")
  })

  it("follows one list to another, through its currency", () => {
    const rows = [
      percentage(10),
      ruleRow(2, {
        pricelist_id: 3,
        compute_price: "formula",
        base: "pricelist",
        base_pricelist_id: 1,
        price_surcharge: 1,
      }),
      ruleRow(3, {
        pricelist_id: 2,
        compute_price: "percentage",
        base: "pricelist",
        base_pricelist_id: 3,
      }),
    ]
    // 92.5 - 10 % = 83.25 USD = 74.925 EUR; and back to dollars with the fee.
    expect(asked(rows, { list: 3 })).toBe("75.925 by 2")
    expect(asked(rows, { list: 2 })).toMatch(/^84\.3611111111\d* by 3$/)
  })

  it("converts the sales price, and nothing where a rule fixes the price in the list's currency", () => {
    expect(asked([], { list: 3 })).toBe("83.25 by none")
    expect(asked([fixed(1, 77.7, { pricelist_id: 3 })], { list: 3 })).toBe("77.7 by 1")
  })

  it.each([
    ["a cost that is not shown", formula({ base: "standard_price" }), "1: it is based on the cost"],
    ["a base of an add-on", formula({ base: "supplier" }), '1: it is based on "supplier"'],
    [
      "a computation of an add-on",
      [ruleRow(1, { compute_price: "code" })],
      '1: its price is computed by "code"',
    ],
    [
      "a target of an add-on",
      [ruleRow(1, { applied_on: "4_brand" }), fixed(2, 3, variant)],
      '1: it applies to "4_brand"',
    ],
    ["a negative step", formula({ price_round: -1 }), "1: it rounds to a negative amount"],
    ["a number that is none", formula({ price_round: null }), "1: its price_round is not a number"],
    [
      "a base list without a name",
      formula({ base: "pricelist" }),
      "1: it is based on a price list that is not named",
    ],
    [
      "a base list that is not shown",
      formula({ base: "pricelist", base_pricelist_id: 77 }),
      "1: price list 77 cannot be seen",
    ],
    [
      "lists in a circle",
      [
        ruleRow(1, { compute_price: "formula", base: "pricelist", base_pricelist_id: 2 }),
        ruleRow(2, {
          pricelist_id: 2,
          compute_price: "formula",
          base: "pricelist",
          base_pricelist_id: 1,
        }),
      ],
      "2: price list 1 is based on itself",
    ],
  ])("is left out, with its rule and reason, for %s", (_case, rows, told) => {
    expect(asked(rows, { product: priced({ cost: null }) })).toContain(told)
  })

  it("is left out where a currency has no rate", () => {
    const given = book([], { rates: new Map([["usd", new Exact(1)]]) })
    expect(asked([], { list: 3, given })).toBe("none: EUR has no rate in Odoo")
  })
})

describe("how long a price holds", () => {
  const until = (rows: Row[], now = "2026-03-01 00:00:00") =>
    priceOf(book(rows, { now }), priced(), 1, new Exact(1)).valid_until

  it.each([
    ["for ever without a time", [fixed(1, 1)], null],
    [
      "to a rule's beginning",
      [fixed(1, 1, { date_start: "2026-04-01 00:00:00" })],
      "2026-04-01 00:00:00",
    ],
    [
      "to the second after a rule's end",
      [fixed(1, 1, { date_end: "2026-03-01 00:00:00" })],
      "2026-03-01 00:00:01",
    ],
    [
      "to the earliest of them",
      [
        fixed(1, 1, { date_end: "2026-05-01 00:00:00" }),
        fixed(2, 1, { date_start: "2026-04-01 00:00:00" }),
      ],
      "2026-04-01 00:00:00",
    ],
    ["for ever after a rule's end", [fixed(1, 1, { date_end: "2026-02-01 00:00:00" })], null],
    [
      "without regard to others' rules",
      [fixed(1, 1, { ...template, product_tmpl_id: 5, date_end: "2026-05-01 00:00:00" })],
      null,
    ],
  ])("%s", (_case, rows, moment) => expect(until(rows)).toBe(moment))

  it("to the turn of a rule of the list below", () => {
    const rows = [
      ruleRow(1, { compute_price: "formula", base: "pricelist", base_pricelist_id: 2 }),
      fixed(2, 1, { pricelist_id: 2, date_end: "2026-05-01 00:00:00" }),
    ]
    expect(until(rows)).toBe("2026-05-01 00:00:01")
  })
})

const usd = (amount: string) => ({ amount: new Exact(amount), currency: "usd" })
