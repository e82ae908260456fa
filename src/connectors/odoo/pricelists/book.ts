import type { Stamp } from "../windows"
import type { Exact } from "./exact"
import { CATEGORY_RULE, GLOBAL_RULE, Rule, TEMPLATE_RULE, VARIANT_RULE } from "./rule"

/** An amount in a currency (ISO 4217, lower case). */
export interface Money {
  amount: Exact
  currency: string
}

/** What of a variant its prices are made of. */
export interface PricedProduct {
  variant: number
  template: number
  category: number | null
  /** The sales price, with what the variant's attribute values add. */
  list_price: Money
  /** Null where the connection's user may not see it. */
  cost: Money | null
}

export interface Pricelist {
  id: number
  name: string
  currency: string
}

/** All that a price is computed from besides the product and the quantity. */
export interface PriceBook {
  pricelists: ReadonlyMap<number, Pricelist>
  rules: RuleIndex
  /** Parent by category; null at the top. */
  parents: ReadonlyMap<number, number | null>
  /** How much of each currency one unit of the company's is worth. */
  rates: ReadonlyMap<string, Exact>
  /** The moment that prices are computed for, by the server's clock. */
  now: Stamp
}

/**
 * Rules by list and target, so that a product meets none but its own. Of one state of the products:
 * what it answered about a variant it answers again.
 */
export class RuleIndex {
  private readonly byTarget = new Map<string, Rule[]>()
  /** Asked once for each tier of each list. */
  private readonly answers = new Map<string, readonly Rule[]>()

  constructor(rules: Iterable<Rule>) {
    const seen = new Set<number>()
    for (const rule of rules) {
      if (seen.has(rule.id)) continue
      seen.add(rule.id)
      const key = keyOf(rule)
      const held = this.byTarget.get(key)
      if (held) held.push(rule)
      else this.byTarget.set(key, [rule])
    }
  }

  /** The rules of a list that speak of this product, whatever the time and the quantity; best first. */
  of(pricelist: number, product: PricedProduct, path: readonly number[]): readonly Rule[] {
    const asked = `${pricelist} ${product.variant}`
    const known = this.answers.get(asked)
    if (known) return known
    const targets = [`v${product.variant}`, `t${product.template}`, ...path.map((id) => `c${id}`)]
    const found = ["all", ...targets]
      .flatMap((key) => this.byTarget.get(`${pricelist} ${key}`) ?? [])
      .filter((rule) => isFor(rule, product, path))
      .sort((a, b) => order(a, b, path))
    this.answers.set(asked, found)
    return found
  }
}

/** A category with all above it, itself first. A circle, which Odoo forbids, ends the walk. */
export const pathOf = (category: number | null, parents: PriceBook["parents"]): number[] => {
  const path: number[] = []
  for (let at = category; at !== null && !path.includes(at); at = parents.get(at) ?? null) {
    path.push(at)
  }
  return path
}

const keyOf = ({ pricelist, applied_on, variant, template, category }: Rule): string => {
  switch (applied_on) {
    case VARIANT_RULE:
      return `${pricelist} v${variant ?? 0}`
    case TEMPLATE_RULE:
      return `${pricelist} t${template ?? 0}`
    case CATEGORY_RULE:
      return `${pricelist} c${category ?? 0}`
    default:
      return `${pricelist} all`
  }
}

/** Odoo's search asks for every target that is set, whatever the rule says that it applies to. */
const isFor = (rule: Rule, product: PricedProduct, path: readonly number[]): boolean =>
  (rule.variant === null || rule.variant === product.variant) &&
  (rule.template === null || rule.template === product.template) &&
  (rule.category === null || path.includes(rule.category))

export const isKnownTarget = ({ applied_on }: Rule): boolean =>
  [VARIANT_RULE, TEMPLATE_RULE, CATEGORY_RULE, GLOBAL_RULE].includes(applied_on)

/**
 * Odoo's `applied_on, min_quantity desc, categ_id desc, id desc`. Categories sort by their full name
 * there; of two that hold the same product one is above the other, so that the lower one comes first.
 */
const order = (a: Rule, b: Rule, path: readonly number[]): number =>
  (a.applied_on < b.applied_on ? -1 : a.applied_on > b.applied_on ? 1 : 0) ||
  b.min_quantity.cmp(a.min_quantity) ||
  depth(a, path) - depth(b, path) ||
  b.id - a.id

const depth = ({ category }: Rule, path: readonly number[]): number =>
  category === null ? -1 : path.indexOf(category)
