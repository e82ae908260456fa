import type { Row } from "../../rows"
import { PriceBook, PricedProduct, RuleIndex } from "../book"
import { Exact } from "../exact"
import { priceOf } from "../price-of"
import { Rule, ruleOf } from "../rule"

/** Categories: 10 > 9 > 8, the ids against the depth; 11 apart. */
export const PARENTS = new Map<number, number | null>([
  [10, null],
  [9, 10],
  [8, 9],
  [11, null],
])

/** A rule as Odoo answers it, with Odoo's defaults. */
export const ruleRow = (id: number, changes: Record<string, unknown> = {}): Row => ({
  id,
  pricelist_id: 1,
  applied_on: "3_global",
  product_id: false,
  product_tmpl_id: false,
  categ_id: false,
  min_quantity: 0,
  date_start: false,
  date_end: false,
  compute_price: "fixed",
  base: "list_price",
  base_pricelist_id: false,
  fixed_price: 0,
  percent_price: 0,
  price_discount: 0,
  price_markup: 0,
  price_round: 0,
  price_surcharge: 0,
  price_min_margin: 0,
  price_max_margin: 0,
  ...changes,
})

type Rows = readonly Row[]

/** Lists 1 to 3: in dollars, in dollars, in euros. */
export const book = (rows: Rows, changes: Partial<PriceBook> = {}): PriceBook => ({
  pricelists: new Map([
    [1, { id: 1, name: "Retail", currency: "usd" }],
    [2, { id: 2, name: "Trade", currency: "usd" }],
    [3, { id: 3, name: "Europe", currency: "eur" }],
  ]),
  rules: new RuleIndex(rows.map((row): Rule => ruleOf(row))),
  parents: PARENTS,
  rates: new Map([
    ["usd", new Exact(1)],
    ["eur", new Exact("0.9")],
    ["jpy", new Exact("149.2")],
  ]),
  now: "2026-03-01 00:00:00",
  ...changes,
})

/** Variant 21 of template 20 in category 8: 92.50, of which 12.50 for its values; it costs 33. */
export const priced = (changes: Partial<PricedProduct> = {}): PricedProduct => ({
  variant: 21,
  template: 20,
  category: 8,
  list_price: { amount: new Exact("92.5"), currency: "usd" },
  cost: { amount: new Exact(33), currency: "usd" },
  ...changes,
})

/** The price of a piece, or why there is none. */
export const asked = (
  rows: Rows,
  { list = 1, quantity = "1", product = priced(), given = book(rows) } = {},
): string => {
  const { price, unsupported } = priceOf(given, product, list, new Exact(quantity))
  return price
    ? `${price.amount.toFixed()} by ${price.rule ?? "none"}`
    : `${unsupported?.rule ?? "none"}: ${unsupported?.reason}`
}
