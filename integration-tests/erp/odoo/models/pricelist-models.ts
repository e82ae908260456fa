import type { Env } from "../orm/env"
import {
  boolean,
  char,
  datetime,
  float,
  inert,
  integer,
  many2one,
  metaFields,
  one2many,
  priceDigits,
  QUANTITY,
  selection,
  type FieldDraft,
  HIDDEN,
} from "../orm/fields"
import type { OdooVersion, Selection } from "../orm/schema"
import { textOf, type Row } from "../orm/values"
import { MAIL_FIELDS } from "./mail-fields"
import { ITEM } from "./pricelist-hooks"
import { plainName } from "./reference-models"

const APPLIED_ON: Selection = [
  ["3_global", "All Products"],
  ["2_product_category", "Product Category"],
  ["1_product", "Product"],
  ["0_product_variant", "Product Variant"],
]

const PRICINGS: Selection = [
  ["percentage", "Discount"],
  ["formula", "Formula"],
  ["fixed", "Fixed Price"],
]

const BASES: Selection = [
  ["list_price", "Sales Price"],
  ["standard_price", "Cost"],
  ["pricelist", "Other Pricelist"],
]

export function pricelistFields(version: OdooVersion): FieldDraft[] {
  return [
    ...MAIL_FIELDS,
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      searchable: version >= 18,
      compute: pricelistName,
    }),
    char("name", "Pricelist Name", { required: true, translate: true }),
    boolean("active", "Active", { default: true }),
    integer("sequence", "Sequence", { default: 16 }),
    many2one("currency_id", "Currency", "res.currency", { required: true, default: 1 }),
    many2one("company_id", "Company", "res.company", { default: 1 }),
    one2many("item_ids", "Pricelist Rules", ITEM, "pricelist_id"),
    selection(
      "discount_policy",
      "Discount Policy",
      [
        ["with_discount", "Discount included in the price"],
        ["without_discount", "Show public price & discount to the customer"],
      ],
      { until: 17, required: true, default: "with_discount" },
    ),
    ...inert("country_group_ids m2m>res.country.group stored"),
  ]
}

export function pricelistName(env: Env, row: Row): string | false {
  const currency = textOf(env.row("res.currency", row["currency_id"])?.["name"])
  return `${plainName(env, row) || ""} (${currency || ""})`
}

export function pricelistItemFields(version: OdooVersion): FieldDraft[] {
  const price = priceDigits(version)
  return [
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      searchable: version >= 18,
      compute: itemName,
    }),
    char("name", "Name", { ...HIDDEN, compute: itemName }),
    char("price", "Price", {
      ...HIDDEN,
      compute: (_env, row) => Number(row["fixed_price"]).toFixed(2),
    }),
    many2one("pricelist_id", "Pricelist", "product.pricelist", { required: version < 19 }),
    selection("applied_on", "Apply On", APPLIED_ON, { required: true, default: "3_global" }),
    selection("compute_price", "Price Type", PRICINGS, { required: true, default: "fixed" }),
    selection("base", "Based on", BASES, { required: true, default: "list_price" }),
    many2one("base_pricelist_id", "Other Pricelist", "product.pricelist"),
    many2one("product_tmpl_id", "Product", "product.template"),
    many2one("product_id", "Variant", "product.product"),
    many2one("categ_id", "Category", "product.category"),
    many2one("company_id", "Company", "res.company", { readonly: true, default: 1 }),
    many2one("currency_id", "Currency", "res.currency", { readonly: true, default: 1 }),
    float("min_quantity", "Min. Quantity", QUANTITY),
    float("fixed_price", "Fixed Price", price),
    float("percent_price", "Percentage Price"),
    float("price_discount", "Price Discount", QUANTITY),
    float("price_round", "Price Rounding", price),
    float("price_surcharge", "Extra Fee", price),
    float("price_markup", "Markup", { ...QUANTITY, since: 18 }),
    float("price_min_margin", "Min. Price Margin", price),
    float("price_max_margin", "Max. Price Margin", price),
    datetime("date_start", "Start Date"),
    datetime("date_end", "End Date"),
    ...inert(`
      display_applied_on selection=1_product,2_product_category stored 18+
      is_pricelist_required boolean ro 19+
      product_uom char ro 18+ -18
      product_uom_name char ro 19+
      product_variant_count integer ro 18+
      rule_tip char ro
    `),
  ]
}

function itemName(env: Env, row: Row): string {
  switch (row["applied_on"]) {
    case "0_product_variant":
      return `Variant: ${nameOf(env, "product.product", row["product_id"])}`
    case "1_product":
      return nameOf(env, "product.template", row["product_tmpl_id"])
    case "2_product_category":
      return `Category: ${nameOf(env, "product.category", row["categ_id"])}`
    default:
      return "All Products"
  }
}

function nameOf(env: Env, model: string, id: Row[string] | undefined): string {
  const row = env.row(model, id)
  return row === undefined ? "" : env.model(model).displayName(env, row) || ""
}
