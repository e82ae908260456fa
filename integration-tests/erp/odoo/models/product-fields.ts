import type { Env } from "../orm/env"
import {
  boolean,
  char,
  float,
  inert,
  integer,
  many2many,
  many2one,
  metaFields,
  HIDDEN,
} from "../orm/fields"
import { one2many, priceDigits, QUANTITY, type FieldDraft } from "../orm/fields"
import { roundDigits } from "../orm/floats"
import { writeRecords } from "../orm/records"
import type { OdooVersion } from "../orm/schema"
import { idOf, idsOf, numberOf, textOf, type Row } from "../orm/values"
import { activeValuesOfLine, combinationName } from "./attributes-of"
import { variantImages } from "./images"
import { MAIL_FIELDS } from "./mail-fields"
import { stockFigures, type StockSource } from "./stock-figures"
import { stockLevel } from "./stock-levels"

const VALUE = "product.template.attribute.value"

function priceExtra(env: Env, variant: Row): number {
  let extra = 0
  for (const id of idsOf(variant["product_template_attribute_value_ids"])) {
    extra += numberOf(env.row(VALUE, id)?.["price_extra"])
  }
  return extra
}

function template(env: Env, variant: Row): Row | undefined {
  return env.row("product.template", variant["product_tmpl_id"])
}

/**
 * `lst_price` is the template's price plus the extras of the variant's values, never stored. On 19,
 * which does not round prices, the sum carries the noise of binary fractions (0.1 + 0.2).
 */
function listPrice(env: Env, variant: Row): number {
  const sum = numberOf(template(env, variant)?.["list_price"]) + priceExtra(env, variant)
  return env.version >= 19 ? sum : roundDigits(sum, 2)
}

/** Copies: a price written to a variant changes the template, and with it all siblings. */
function writeListPrice(env: Env, id: number, value: number): void {
  const variant = env.row("product.product", id)
  if (variant === undefined) return
  const price = value - priceExtra(env, variant)
  writeRecords(env, env.model("product.product"), [id], { list_price: price })
}

const VARIANT_STOCK: StockSource = {
  read: (env, row, figure) => roundDigits(figure(stockLevel(env, row.id)), 2),
  variantOf: (_env, id) => id,
}

const INERT = inert(`
  account_tag_ids m2m>account.account.tag
  avg_cost monetary ro
  can_image_variant_1024_be_zoomed boolean stored ro
  company_currency_id m2o>res.currency ro
  is_in_selected_section_of_order boolean stored 19+
  lot_properties_definition properties_definition stored
  nbr_moves_in integer ro
  nbr_moves_out integer ro
  orderpoint_ids o2m>stock.warehouse.orderpoint stored
  packaging_ids o2m>product.packaging stored -18
  product_catalog_product_is_in_sale_order boolean ro
  product_document_count integer ro
  product_document_ids o2m>product.document stored
  product_uom_ids o2m>product.uom stored 19+
  putaway_rule_ids o2m>stock.putaway.rule stored
  quantity_svl float ro -18
  stock_move_ids o2m>stock.move stored
  stock_valuation_layer_ids o2m>stock.valuation.layer stored -18
  storage_category_capacity_ids o2m>stock.storage.category.capacity stored
  total_value monetary ro
  valid_ean boolean ro
  value_svl float ro -18
`)

/** Only values of lines that offer a choice tell variants apart. */
function offersChoice(env: Env, ptav: Row): boolean {
  return activeValuesOfLine(env, idOf(ptav["attribute_line_id"])).length > 1
}

function allTags(env: Env, variant: Row): number[] {
  const shared = idsOf(template(env, variant)?.["product_tag_ids"])
  return [...new Set([...shared, ...idsOf(variant["additional_product_tag_ids"])])]
}

/** The fields of `product.product` itself; the rest it inherits from the template. */
export function productFields(version: OdooVersion): FieldDraft[] {
  const price = priceDigits(version)
  return [
    ...MAIL_FIELDS,
    ...INERT,
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      searchable: version >= 18,
      compute: productName,
    }),
    many2one("product_tmpl_id", "Product Template", "product.template", { required: true }),
    boolean("active", "Active", { default: true }),
    char("default_code", "Internal Reference"),
    char("barcode", "Barcode"),
    float("weight", "Weight", QUANTITY),
    float("volume", "Volume", QUANTITY),
    float("standard_price", "Cost", {
      ...price,
      companyDependent: true,
      groups: "base.group_user",
      store: version >= 18,
      searchable: true,
      sortable: version >= 18,
    }),
    many2many("product_template_attribute_value_ids", "Attribute Values", VALUE),
    many2many("product_template_variant_value_ids", "Variant Values", VALUE, {
      store: true,
      readonly: true,
      compute: (env, row) =>
        idsOf(row["product_template_attribute_value_ids"]).filter((id) => {
          const ptav = env.row(VALUE, id)
          return ptav !== undefined && offersChoice(env, ptav)
        }),
    }),
    char("combination_indices", "Combination Indices", { readonly: true, default: "" }),
    many2many("additional_product_tag_ids", "Variant Tags", "product.tag"),
    many2many("all_product_tag_ids", "All Product Tag", "product.tag", {
      ...HIDDEN,
      searchable: true,
      compute: allTags,
    }),
    float("price_extra", "Variant Price Extra", { ...price, ...HIDDEN, compute: priceExtra }),
    float("lst_price", "Sales Price", {
      ...price,
      ...HIDDEN,
      readonly: false,
      compute: listPrice,
      inverse: (env, id, value) => writeListPrice(env, id, Number(value)),
    }),
    char("code", "Reference", { ...HIDDEN, compute: (_env, row) => row["default_code"] ?? false }),
    char("partner_ref", "Customer Ref", { ...HIDDEN, compute: productName }),
    boolean("is_product_variant", "Is a product variant", { ...HIDDEN, compute: () => true }),
    integer("pricelist_item_count", "Number of price rules", {
      ...HIDDEN,
      until: 18,
      compute: () => 0,
    }),
    one2many("stock_quant_ids", "Quants", "stock.quant", "product_id"),
    ...(version >= 19 ? [boolean("is_favorite", "Favorite")] : []),
    float("free_qty", "Free To Use Quantity", {
      ...QUANTITY,
      ...HIDDEN,
      searchable: true,
      compute: (env, row) => stockLevel(env, row.id).free,
    }),
    ...stockFigures(version, VARIANT_STOCK),
    ...variantImages(),
  ]
}

/** Copies: `[CODE] Name (White, XL)`. */
export function productName(env: Env, row: Row): string | false {
  const name = textOf(template(env, row)?.["name"], env.lang) || ""
  const combination = combinationName(env, row)
  const full = combination === "" ? name : `${name} (${combination})`
  const code = row["default_code"]
  return typeof code === "string" && code !== "" ? `[${code}] ${full}` : full
}
