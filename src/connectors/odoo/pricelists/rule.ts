import type { Row } from "../rows"
import { idIn } from "../rows"
import { asStamp, shift, Stamp } from "../windows"
import { Exact, exactOf, ZERO } from "./exact"

/** A rule of a price list (`product.pricelist.item`), as its fields have it. */
export interface Rule {
  id: number
  pricelist: number
  applied_on: string
  variant: number | null
  template: number | null
  category: number | null
  min_quantity: Exact
  /** Both moments are part of the time in which it holds. */
  starts_at: Stamp | null
  ends_at: Stamp | null
  compute_price: string
  base: string
  base_pricelist: number | null
  fixed_price: Exact
  percent_price: Exact
  /** In percent, negative for a mark-up. */
  discount: Exact
  round_to: Exact
  surcharge: Exact
  min_margin: Exact
  max_margin: Exact
  /** A field that holds no number, by its name in Odoo. */
  broken: string | null
}

/** What a rule is read with; Odoo 17 has no `price_markup`. */
export const RULE_FIELDS = [
  "pricelist_id",
  "applied_on",
  "product_id",
  "product_tmpl_id",
  "categ_id",
  "min_quantity",
  "date_start",
  "date_end",
  "compute_price",
  "base",
  "base_pricelist_id",
  "fixed_price",
  "percent_price",
  "price_discount",
  "price_markup",
  "price_round",
  "price_surcharge",
  "price_min_margin",
  "price_max_margin",
] as const

export const VARIANT_RULE = "0_product_variant"
export const TEMPLATE_RULE = "1_product"
export const CATEGORY_RULE = "2_product_category"
export const GLOBAL_RULE = "3_global"

/** @throws Refusal when a related record is no id */
export const ruleOf = (row: Row): Rule => {
  let broken: string | null = null
  const number = (field: string): Exact => {
    const exact = exactOf(row[field])
    if (exact === null) broken ??= field
    return exact ?? ZERO
  }
  // On a cost the mark-up counts, which is the discount's opposite wherever both are kept.
  const marked = row["base"] === "standard_price" && row["price_markup"] !== undefined
  return {
    id: row.id,
    pricelist: idIn(row["pricelist_id"], "pricelist_id") ?? 0,
    applied_on: String(row["applied_on"]),
    variant: idIn(row["product_id"], "product_id"),
    template: idIn(row["product_tmpl_id"], "product_tmpl_id"),
    category: idIn(row["categ_id"], "categ_id"),
    min_quantity: number("min_quantity"),
    starts_at: asStamp(row["date_start"]),
    ends_at: asStamp(row["date_end"]),
    compute_price: String(row["compute_price"]),
    base: String(row["base"]),
    base_pricelist: idIn(row["base_pricelist_id"], "base_pricelist_id"),
    fixed_price: number("fixed_price"),
    percent_price: number("percent_price"),
    discount: marked ? number("price_markup").neg() : number("price_discount"),
    round_to: number("price_round"),
    surcharge: number("price_surcharge"),
    min_margin: number("price_min_margin"),
    max_margin: number("price_max_margin"),
    broken,
  }
}

export const holdsAt = (
  { starts_at, ends_at }: Pick<Rule, "starts_at" | "ends_at">,
  now: Stamp,
): boolean => (starts_at === null || starts_at <= now) && (ends_at === null || ends_at >= now)

/** The next moment at which the rule begins or ceases to hold; null when there is none to come. */
export const nextTurn = ({ starts_at, ends_at }: Rule, now: Stamp): Stamp | null => {
  if (starts_at !== null && starts_at > now) return starts_at
  return ends_at !== null && ends_at >= now ? shift(ends_at, 1) : null
}
