import type { Row } from "../../rows"
import { Exact } from "../exact"
import type { PriceFrame } from "../frame"
import { watchOf } from "../watch"
import { PARENTS, ruleRow } from "./price-fixtures"

const frame = (changes: Partial<PriceFrame> = {}): PriceFrame => ({
  mapped: [{ name: "pricelist:1", id: 1 }],
  lists: [1],
  pricelists: new Map([[1, { id: 1, name: "Retail", currency: "usd" }]]),
  broad: [],
  parents: PARENTS,
  rates: new Map([["usd", new Exact(1)]]),
  now: "2026-03-01 00:00:00",
  ...changes,
})

const OLD = "2026-01-01 00:00:00"
const LO = "2026-02-28 00:00:00"
const rule = (id: number, changes: object = {}): Row => ({
  ...ruleRow(id),
  write_date: OLD,
  ...changes,
})
const ofVariant = (id: number, product_id: number, changes: object = {}) =>
  rule(id, { applied_on: "0_product_variant", product_id, product_tmpl_id: 20, ...changes })

const BEFORE = [ofVariant(1, 21), rule(3)]

/** Who may have other prices, when what was known last time was `BEFORE`. */
const suspects = (rows: Row[], changes: Partial<PriceFrame> = {}, since = "2026-02-28 23:00:00") =>
  watchOf(rows, frame(changes)).suspects({ ...watchOf(BEFORE, frame()).state, at: since }, LO)

describe("other prices are suspected", () => {
  it("of nobody while nothing changes", () => expect(suspects(BEFORE)).toEqual([]))

  it.each([
    [
      "its variant, when a rule is new",
      [...BEFORE, ofVariant(4, 22, { write_date: LO })],
      ["id", "in", [22]],
    ],
    [
      "its product, when a rule is new",
      [...BEFORE, rule(4, { applied_on: "1_product", product_tmpl_id: 30, write_date: LO })],
      ["product_tmpl_id", "in", [30]],
    ],
    [
      "all in its category, when a rule is new",
      [...BEFORE, rule(4, { applied_on: "2_product_category", categ_id: 9, write_date: LO })],
      ["categ_id", "child_of", [9]],
    ],
    [
      "its variant, when a rule was edited",
      [ofVariant(1, 21, { write_date: LO }), rule(3)],
      ["id", "in", [21]],
    ],
  ])("of %s", (_case, rows, leaf) => expect(suspects(rows)).toEqual([leaf]))

  it("of a rule's own products when it began or ended by the clock", () => {
    const dated = (times: object) => [ofVariant(1, 21, times), rule(3)]
    expect(suspects(dated({ date_start: "2026-02-28 23:30:00" }))).toEqual([["id", "in", [21]]])
    expect(suspects(dated({ date_end: "2026-02-28 23:30:00" }))).toEqual([["id", "in", [21]]])
    expect(suspects(dated({ date_end: "2026-03-01 00:00:00" }))).toEqual([])
    expect(suspects(dated({ date_start: "2026-02-28 22:30:00" }))).toEqual([])
  })

  it.each([
    ["a rule for all is new", [...BEFORE, rule(4, { write_date: LO })], {}],
    ["a rule is gone", [rule(3)], {}],
    ["a rule applies to another product", [ofVariant(1, 22), rule(3)], {}],
    ["a rule appears that is older than the last one known", [...BEFORE, ofVariant(2, 21)], {}],
    ["a rate is another", BEFORE, { rates: new Map([["usd", new Exact(2)]]) }],
    [
      "a list has another currency",
      BEFORE,
      { pricelists: new Map([[1, { id: 1, name: "", currency: "eur" }]]) },
    ],
    ["another list is mapped", BEFORE, { mapped: [{ name: "pricelist:Retail", id: 1 }] }],
    ["a category moved", BEFORE, { parents: new Map([...PARENTS, [8, 11] as const]) }],
    ["a category is gone", BEFORE, { parents: new Map([...PARENTS].slice(0, 2)) }],
  ])("of all when %s", (_case, rows, changes) => expect(suspects(rows, changes)).toBeNull())

  it("of nobody when a list or a category is only new or renamed", () => {
    const pricelists = new Map([[1, { id: 1, name: "Renamed", currency: "usd" }]])
    const parents = new Map([...PARENTS, [12, 8] as const])
    expect(suspects(BEFORE, { pricelists, parents })).toEqual([])
  })

  it("of all when nothing was known before", () => {
    expect(watchOf(BEFORE, frame()).suspects(undefined, LO)).toBeNull()
  })
})
