import { readFileSync } from "node:fs"
import { join } from "node:path"

import { PriceBook, RuleIndex } from "../book"
import { Exact, exactOf, plainOf, ZERO } from "../exact"
import { priceOf } from "../price-of"
import { ruleOf } from "../rule"
import { asked, ruleRow } from "./price-fixtures"

interface Vectors {
  rates: Record<string, number>
  products: {
    id: number
    product_tmpl_id: [number, string]
    lst_price: number
    standard_price: number
    categ_id: [number, string]
    categ_path: string
  }[]
  pricelists: { id: number; name: string; currency: string; items: { id: number }[] }[]
  prices: {
    pricelist: number
    product: number
    qty: number
    date: string
    price: number
    rule: number | false
  }[]
}

const exact = (value: number): Exact => exactOf(value) ?? ZERO

/** Prices that Odoo itself computed: `ERP_FIXTURES` names a folder with `odoo/` in it. */
const bookOf = ({ pricelists, products, rates }: Vectors, now: string): PriceBook => ({
  pricelists: new Map(
    pricelists.map(({ id, name, currency }) => [
      id,
      { id, name, currency: currency.toLowerCase() },
    ]),
  ),
  rules: new RuleIndex(
    pricelists.flatMap(({ id, items }) =>
      items.map((item) => ruleOf({ ...item, pricelist_id: id })),
    ),
  ),
  parents: new Map(
    products.flatMap(({ categ_path }) => {
      const path = categ_path.split("/").filter(Boolean).map(Number)
      return path.map((id, at): [number, number | null] => [id, path[at - 1] ?? null])
    }),
  ),
  rates: new Map(Object.entries(rates).map(([code, rate]) => [code.toLowerCase(), exact(rate)])),
  now,
})

const FOLDER = process.env["ERP_FIXTURES"]

describe("prices that Odoo computed", () => {
  // Measured on Odoo 19.0: the lower category wins though its id is the smaller one.
  it("agree where two categories hold the product", () => {
    const rows = [
      ruleRow(132, { applied_on: "2_product_category", categ_id: 9, fixed_price: 1 }),
      ruleRow(130, { applied_on: "2_product_category", categ_id: 10, fixed_price: 2 }),
    ]
    expect(asked(rows)).toBe("1 by 132")
  })

  if (FOLDER !== undefined) {
    it("agree in all vectors of the fixtures, with the rule that made each", () => {
      const file = join(FOLDER, "odoo", "pricelist_vectors.json")
      const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors
      const products = new Map(vectors.products.map((product) => [product.id, product]))
      const differing = vectors.prices.filter(({ pricelist, product, qty, date, price, rule }) => {
        const row = products.get(product)
        const found = priceOf(
          bookOf(vectors, date),
          {
            variant: product,
            template: row?.product_tmpl_id[0] ?? 0,
            category: row?.categ_id[0] ?? null,
            list_price: { amount: exact(row?.lst_price ?? 0), currency: "usd" },
            cost: { amount: exact(row?.standard_price ?? 0), currency: "usd" },
          },
          pricelist,
          exact(qty),
        ).price
        const same = found !== null && plainOf(found.amount) === plainOf(exact(price))
        return !same || (found.rule ?? false) !== rule
      })
      expect(vectors.prices.length).toBeGreaterThan(100)
      expect(differing).toEqual([])
    })
  }
})
