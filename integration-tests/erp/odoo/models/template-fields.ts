import type { Env } from "../orm/env"
import {
  boolean,
  char,
  float,
  html,
  integer,
  many2many,
  many2one,
  metaFields,
  HIDDEN,
} from "../orm/fields"
import { one2many, priceDigits, QUANTITY, selection, text, type FieldDraft } from "../orm/fields"
import { writeRecords } from "../orm/records"
import { rowOrder } from "../orm/order"
import type { OdooVersion } from "../orm/schema"
import { textOf, type Row, type Value } from "../orm/values"
import { validLines } from "./attributes-of"
import { COMPANY_CURRENCY } from "./currency-models"
import { templateImages } from "./images"
import { MAIL_FIELDS } from "./mail-fields"
import { stockFigures, type StockSource } from "./stock-figures"
import { templateLevel } from "./stock-levels"
import { TEMPLATE_EXTRAS } from "./template-extras"
import { singleVariant, variantRows } from "./template-columns"

function shownVariants(env: Env, templateId: number): Row[] {
  const rows = variantRows(env, templateId).filter(
    (row) => row["active"] === true || !env.activeTest,
  )
  return rows.length > 1 ? rows.sort(rowOrder(env, env.model("product.product"))) : rows
}

/** A template's field that is really its only variant's; with several variants it is ignored. */
const ofSingleVariant = (name: string) => ({
  store: false,
  searchable: true,
  sortable: false,
  compute: (env: Env, row: Row): Value => singleVariant(env, row.id)?.[name] ?? false,
  inverse: (env: Env, id: number, value: Value) => {
    const variant = singleVariant(env, id)
    if (variant === undefined) return
    const given = typeof value === "object" ? false : value
    writeRecords(env, env.model("product.product"), [variant.id], { [name]: given })
  },
})

/** A product's stock is that of its active variants; what is written goes to the first of them. */
const TEMPLATE_STOCK: StockSource = {
  read: (env, row, figure) => templateLevel(env, row, figure),
  variantOf: (env, id) => shownVariants(env, id)[0]?.id,
}

/** 17 says `detailed_type: "product"`, 18 and 19 say `type: "consu"` with `is_storable`. */
function typeFields(version: OdooVersion): FieldDraft[] {
  if (version === 17) {
    const types = [
      ["consu", "Consumable"],
      ["service", "Service"],
      ["product", "Storable Product"],
    ] as const
    return [
      selection("detailed_type", "Product Type", types, { required: true, default: "consu" }),
      selection("type", "Type", types, { default: "consu" }),
    ]
  }
  const types = [
    ["consu", "Goods"],
    ["service", "Service"],
    ["combo", "Combo"],
  ] as const
  return [
    selection("type", "Product Type", types, { required: true, default: "consu" }),
    boolean("is_storable", "Track Inventory", { default: false }),
  ]
}

function links(version: OdooVersion): FieldDraft[] {
  const category =
    version >= 19
      ? {}
      : { required: true, default: (env: Env) => env.table("product.category").ids[0] ?? false }
  return [
    // The category is optional since 19; 17 and 18 put products into the first one.
    many2one("categ_id", "Product Category", "product.category", category),
    many2one("uom_id", version >= 19 ? "Unit" : "Unit of Measure", "uom.uom", {
      required: true,
      default: 1,
    }),
    many2one("uom_po_id", "Purchase Unit", "uom.uom", { until: 18, required: true, default: 1 }),
    many2one("company_id", "Company", "res.company"),
    many2many("product_tag_ids", "Tags", "product.tag"),
    many2many("taxes_id", "Sales Taxes", "account.tax"),
    many2many("supplier_taxes_id", "Purchase Taxes", "account.tax"),
    one2many(
      "attribute_line_ids",
      "Product Attributes",
      "product.template.attribute.line",
      "product_tmpl_id",
    ),
    one2many("product_variant_ids", "Products", "product.product", "product_tmpl_id", {
      required: true,
    }),
    many2one("product_variant_id", "Product", "product.product", {
      ...HIDDEN,
      compute: (env, row) => shownVariants(env, row.id)[0]?.id ?? false,
    }),
    integer("product_variant_count", "# Product Variants", {
      ...HIDDEN,
      compute: (env, row) => shownVariants(env, row.id).length,
    }),
    many2many(
      "valid_product_template_attribute_line_ids",
      "Valid lines",
      "product.template.attribute.line",
      {
        ...HIDDEN,
        compute: (env, row) => validLines(env, row.id).map((line) => line.id),
      },
    ),
    many2one("currency_id", "Currency", "res.currency", {
      ...HIDDEN,
      compute: () => COMPANY_CURRENCY,
    }),
    many2one("cost_currency_id", "Cost Currency", "res.currency", {
      ...HIDDEN,
      compute: () => COMPANY_CURRENCY,
    }),
  ]
}

/** The fields of `product.template`. */
export function templateFields(version: OdooVersion): FieldDraft[] {
  const price = priceDigits(version)
  return [
    ...MAIL_FIELDS,
    ...TEMPLATE_EXTRAS,
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      searchable: version >= 18,
      compute: templateName,
    }),
    char("name", "Name", { required: true, translate: true }),
    integer("sequence", "Sequence", { default: 1 }),
    boolean("active", "Active", { default: true }),
    ...typeFields(version),
    selection(
      "tracking",
      "Tracking",
      [
        ["serial", "By Unique Serial Number"],
        ["lot", "By Lots"],
        ["none", "By Quantity"],
      ],
      {
        required: true,
        default: "none",
      },
    ),
    html("description", "Description", { translate: true }),
    text("description_sale", "Sales Description", { translate: true }),
    text("description_purchase", "Purchase Description", { translate: true }),
    float("list_price", "Sales Price", { ...price, default: 1 }),
    float("standard_price", "Cost", {
      ...price,
      ...ofSingleVariant("standard_price"),
      groups: "base.group_user",
    }),
    char("barcode", "Barcode", ofSingleVariant("barcode")),
    char("default_code", "Internal Reference"),
    float("weight", "Weight", QUANTITY),
    float("volume", "Volume", QUANTITY),
    char("weight_uom_name", "Weight unit of measure label", { ...HIDDEN, compute: () => "kg" }),
    char("volume_uom_name", "Volume unit of measure label", { ...HIDDEN, compute: () => "m³" }),
    char("uom_name", "Unit of Measure Name", { ...HIDDEN, compute: () => "Units" }),
    float("sales_count", "Sold", { ...QUANTITY, ...HIDDEN, compute: () => 0 }),
    boolean("sale_ok", "Sales", { default: true }),
    boolean("purchase_ok", "Purchase", { default: true }),
    integer("color", "Color Index"),
    boolean("has_configurable_attributes", "Is a configurable product", { readonly: true }),
    boolean("is_product_variant", "Is a product variant", { ...HIDDEN, compute: () => false }),
    boolean("is_dynamically_created", "Is Dynamically Created", {
      ...HIDDEN,
      since: 19,
      compute: () => false,
    }),
    boolean("can_image_1024_be_zoomed", "Can Image 1024 be zoomed", { readonly: true }),
    boolean("is_favorite", "Favorite", { since: 18 }),
    selection(
      "priority",
      "Favorite",
      [
        ["0", "Normal"],
        ["1", "Favorite"],
      ],
      { until: 17, default: "0" },
    ),
    integer("sale_delay", "Customer Lead Time"),
    selection(
      "expense_policy",
      "Re-Invoice Costs",
      [
        ["no", "No"],
        ["cost", "At cost"],
        ["sales_price", "Sales price"],
      ],
      { default: "no" },
    ),
    selection(
      "invoice_policy",
      "Invoicing Policy",
      [
        ["order", "Ordered quantities"],
        ["delivery", "Delivered quantities"],
      ],
      { default: "order" },
    ),
    ...links(version),
    ...stockFigures(version, TEMPLATE_STOCK),
    ...templateImages(),
  ]
}

/** Copies: names of products carry their code in brackets. */
export function templateName(env: Env, row: Row): string | false {
  const name = textOf(row["name"], env.lang)
  if (name === false || name === "") return false
  const code = row["default_code"]
  return typeof code === "string" && code !== "" ? `[${code}] ${name}` : name
}
