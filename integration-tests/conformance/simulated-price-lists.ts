import type { PriceListSubject } from "../../src/connectors/conformance"
import type { World } from "../erp/odoo"

const LIST = "product.pricelist"
const RULE = "product.pricelist.item"
const HOUR = 3_600_000_000

/** Two lists of a simulated Odoo, one based on the other, and all that changes their prices. */
export const simulatedPriceLists = (open: () => World): PriceListSubject => {
  let retail = 0
  let rule = 0
  const variants = () => open().search("product.product", [["product_tmpl_id.sale_ok", "=", true]])
  const change = (name: string, make: () => void) => ({
    name,
    make: () => {
      const now = open().clock() + 3 * HOUR
      open().clock = () => now
      make()
      return Promise.resolve()
    },
  })
  return {
    unknown: "pricelist:Nowhere",
    make: () => {
      const world = open()
      const [first = 0] = variants()
      retail = world.create(LIST, { name: "Retail", currency_id: 1 })
      const europe = world.create(LIST, { name: "Europe", currency_id: 2 })
      const below = { base: "pricelist", base_pricelist_id: retail }
      const ofRetail = (vals: Parameters<World["create"]>[1]) =>
        world.create(RULE, { pricelist_id: retail, ...vals })
      ofRetail({ compute_price: "percentage", percent_price: 10 })
      ofRetail({ compute_price: "percentage", percent_price: 15, min_quantity: 10 })
      rule = ofRetail({ product_id: first, fixed_price: 5 })
      ofRetail({ product_id: first, fixed_price: 4, date_start: "2099-01-01 00:00:00" })
      world.create(RULE, { pricelist_id: europe, compute_price: "formula", ...below })
      return Promise.resolve([`pricelist:${retail}`, `pricelist:${europe}`])
    },
    changes: [
      change("a rule edited", () => open().write(RULE, rule, { fixed_price: 6 })),
      change("a rule made", () => {
        const [, second = 0] = variants()
        open().create(RULE, { pricelist_id: retail, product_id: second, fixed_price: 3 })
      }),
      change("a rule moved to another product", () => {
        const [, , third = 0] = variants()
        const template = open().row("product.product", third)?.["product_tmpl_id"]
        open().write(RULE, rule, { product_id: third, product_tmpl_id: Number(template) })
      }),
      change("a rule deleted", () => open().unlink(RULE, rule)),
      change("a rate entered", () => {
        const day = `2024-01-${String((open().count("res.currency.rate") % 28) + 1).padStart(2, "0")}`
        open().create("res.currency.rate", { currency_id: 2, name: day, rate: 0.9 })
      }),
      change("a list's currency changed", () => open().write(LIST, retail, { currency_id: 2 })),
    ],
  }
}
