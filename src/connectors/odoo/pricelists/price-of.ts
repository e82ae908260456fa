import { earliest, Stamp } from "../windows"
import { isKnownTarget, Money, pathOf, PriceBook, PricedProduct } from "./book"
import { Exact, roundTo, ZERO } from "./exact"
import { holdsAt, nextTurn, Rule } from "./rule"

/** A price that cannot be computed here, and why. It is left out, never guessed. */
export interface Unsupported {
  /** The rule in the way; null where it is none. */
  rule: number | null
  reason: string
}

export interface PriceResult {
  price: { amount: Exact; rule: number | null } | null
  unsupported: Unsupported | null
  /** The first moment at which another price may come out. */
  valid_until: Stamp | null
  /** The next greater quantity at which another price may come out. */
  next_quantity: Exact | null
}

/**
 * The price of one unit of a product in a price list, in the list's currency, when so many are
 * bought: what Odoo's `_compute_price_rule` answers, exactly. Nothing is rounded but where a rule
 * says so.
 *
 * @param pricelist one of the book's
 * @param quantity in the product's own unit, above 0
 */
export const priceOf = (
  book: PriceBook,
  product: PricedProduct,
  pricelist: number,
  quantity: Exact,
): PriceResult => {
  const path = pathOf(product.category, book.parents)
  const asking: Asking = { book, product, path, quantity, valid_until: null, next_quantity: null }
  const found = priceIn(asking, pricelist, [])
  const { valid_until, next_quantity } = asking
  return "reason" in found
    ? { price: null, unsupported: found, valid_until, next_quantity }
    : { price: found, unsupported: null, valid_until, next_quantity }
}

/** One question, and what the rules looked at on the way say about its answer's reach. */
interface Asking {
  book: PriceBook
  product: PricedProduct
  path: readonly number[]
  quantity: Exact
  valid_until: Stamp | null
  next_quantity: Exact | null
}

type Found = { amount: Exact; rule: number | null } | Unsupported

const priceIn = (asking: Asking, id: number, above: readonly number[]): Found => {
  const pricelist = asking.book.pricelists.get(id)
  if (!pricelist) return unsupported(null, `price list ${id} cannot be seen`)
  if (above.includes(id)) return unsupported(null, `price list ${id} is based on itself`)
  const applicable = lookAt(asking, id)
  const strange = applicable.find((rule) => !isKnownTarget(rule))
  if (strange) return unsupported(strange, `it applies to "${strange.applied_on}"`)
  const [rule] = applicable.filter(({ min_quantity }) => min_quantity.lte(asking.quantity))
  const at: Place = { asking, currency: pricelist.currency, lists: [...above, id] }
  return rule ? byRule(at, rule) : inCurrency(at, null, asking.product.list_price)
}

/** Rules that hold now, best first; when and from which quantity on that changes is noted. */
const lookAt = (asking: Asking, pricelist: number): Rule[] => {
  const { now, rules } = asking.book
  const all = rules.of(pricelist, asking.product, asking.path)
  for (const rule of all) {
    asking.valid_until = earliest(asking.valid_until, nextTurn(rule, now))
  }
  const holding = all.filter((rule) => holdsAt(rule, now))
  for (const { min_quantity } of holding) {
    if (min_quantity.lte(asking.quantity)) continue
    const next = asking.next_quantity
    if (next === null || min_quantity.lt(next)) asking.next_quantity = min_quantity
  }
  return holding
}

interface Place {
  asking: Asking
  /** The list's. */
  currency: string
  /** The list and those that are based on it. */
  lists: readonly number[]
}

const byRule = (at: Place, rule: Rule): Found => {
  if (rule.broken !== null) return unsupported(rule, `its ${rule.broken} is not a number`)
  switch (rule.compute_price) {
    case "fixed":
      return { amount: rule.fixed_price, rule: rule.id }
    case "percentage":
      return onBase(at, rule, (base) => lessPercent(base, rule.percent_price))
    case "formula":
      return rule.round_to.lt(0)
        ? unsupported(rule, "it rounds to a negative amount")
        : onBase(at, rule, (base) => formula(base, rule))
    default:
      return unsupported(rule, `its price is computed by "${rule.compute_price}"`)
  }
}

const onBase = (at: Place, rule: Rule, compute: (base: Exact) => Exact): Found => {
  const base = baseOf(at, rule)
  return "reason" in base ? base : { amount: compute(base.amount), rule: rule.id }
}

const baseOf = (at: Place, rule: Rule): Found => {
  const { product, book } = at.asking
  switch (rule.base) {
    case "list_price":
      return inCurrency(at, rule, product.list_price)
    case "standard_price":
      return product.cost === null
        ? unsupported(rule, "it is based on the cost, which the connection's user may not see")
        : inCurrency(at, rule, product.cost)
    case "pricelist": {
      const id = rule.base_pricelist
      if (id === null) return unsupported(rule, "it is based on a price list that is not named")
      const found = priceIn(at.asking, id, at.lists)
      if ("reason" in found) return { ...found, rule: found.rule ?? rule.id }
      const currency = book.pricelists.get(id)?.currency ?? ""
      return inCurrency(at, rule, { amount: found.amount, currency })
    }
    default:
      return unsupported(rule, `it is based on "${rule.base}"`)
  }
}

/** By the rates of the day, without rounding. */
const inCurrency = (at: Place, rule: Rule | null, money: Money): Found => {
  const { rates } = at.asking.book
  const of = rule?.id ?? null
  if (money.currency === at.currency) return { amount: money.amount, rule: of }
  const [from, to] = [rates.get(money.currency), rates.get(at.currency)]
  if (!from || !to || from.lte(0) || to.lte(0)) {
    const missing = from?.gt(0) ? at.currency : money.currency
    return unsupported(rule, `${missing.toUpperCase()} has no rate in Odoo`)
  }
  return { amount: money.amount.times(to).div(from), rule: of }
}

const lessPercent = (base: Exact, percent: Exact): Exact => base.minus(base.times(percent).div(100))

/** Discount, rounding, fee, then the margins over the base, in Odoo's order. */
const formula = (base: Exact, rule: Rule): Exact => {
  const discounted = lessPercent(base, rule.discount)
  const rounded = rule.round_to.eq(ZERO) ? discounted : roundTo(discounted, rule.round_to)
  const charged = rounded.plus(rule.surcharge)
  const least = base.plus(rule.min_margin)
  const raised = !rule.min_margin.eq(0) && charged.lt(least) ? least : charged
  const most = base.plus(rule.max_margin)
  return !rule.max_margin.eq(0) && raised.gt(most) ? most : raised
}

const unsupported = (rule: Rule | null, reason: string): Unsupported => ({
  rule: rule?.id ?? null,
  reason,
})
