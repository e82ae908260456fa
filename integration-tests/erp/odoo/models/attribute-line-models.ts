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
  one2many,
  priceDigits,
  selection,
  type FieldDraft,
  HIDDEN,
} from "../orm/fields"
import type { OdooVersion } from "../orm/schema"
import { textOf, type Row } from "../orm/values"
import { DISPLAYS } from "./attribute-models"
import { valueName } from "./attributes-of"

const ATTRIBUTE = "product.attribute"
const GLOBAL_VALUE = "product.attribute.value"
const LINE = "product.template.attribute.line"
const VALUE = "product.template.attribute.value"

export function lineFields(version: OdooVersion): FieldDraft[] {
  return [
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      searchable: version >= 18,
      compute: lineName,
    }),
    boolean("active", "Active", { default: true }),
    many2one("product_tmpl_id", "Product Template", "product.template", { required: true }),
    integer("sequence", "Sequence", { default: 10 }),
    many2one("attribute_id", "Attribute", ATTRIBUTE, { required: true }),
    many2many("value_ids", "Values", GLOBAL_VALUE),
    integer("value_count", "Value Count", {
      store: true,
      readonly: true,
      compute: (_env, row) => (Array.isArray(row["value_ids"]) ? row["value_ids"].length : 0),
    }),
    one2many("product_template_value_ids", "Product Attribute Values", VALUE, "attribute_line_id"),
  ]
}

export function lineName(env: Env, row: Row): string | false {
  return textOf(env.row(ATTRIBUTE, row["attribute_id"])?.["name"], env.lang)
}

export function templateValueFields(version: OdooVersion): FieldDraft[] {
  const related = (name: string) => ({
    store: false,
    readonly: true,
    searchable: true,
    sortable: version >= 18,
    compute: (env: Env, row: Row) =>
      env.row(GLOBAL_VALUE, row["product_attribute_value_id"])?.[name] ?? false,
  })
  return [
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      searchable: version >= 18,
      compute: templateValueName,
    }),
    boolean("ptav_active", "Active", { default: true }),
    char("name", "Value", {
      ...related("name"),
      translate: true,
      compute: (env, row) => valueName(env, row),
    }),
    many2one("product_attribute_value_id", "Attribute Value", GLOBAL_VALUE, { required: true }),
    many2one("attribute_line_id", "Attribute Line", LINE, { required: true }),
    many2one("attribute_id", "Attribute", ATTRIBUTE, { readonly: true }),
    many2one("product_tmpl_id", "Product Template", "product.template", { readonly: true }),
    float("price_extra", "Extra Price", priceDigits(version)),
    many2one("currency_id", "Currency", "res.currency", { ...HIDDEN, compute: () => 1 }),
    many2many("ptav_product_variant_ids", "Related Variants", "product.product", {
      mirrorOf: "product_template_attribute_value_ids",
      readonly: true,
    }),
    char("html_color", "HTML Color Index", related("html_color")),
    boolean("is_custom", "Is custom value", related("is_custom")),
    selection("display_type", "Display Type", DISPLAYS, {
      ...related("display_type"),
      compute: (env, row) => env.row(ATTRIBUTE, row["attribute_id"])?.["display_type"] ?? false,
    }),
    integer("color", "Color"),
    ...inert(`
      exclude_for o2m>product.template.attribute.exclusion stored
      image binary ro
    `),
  ]
}

export function templateValueName(env: Env, row: Row): string | false {
  const attribute = textOf(env.row(ATTRIBUTE, row["attribute_id"])?.["name"], env.lang)
  const name = valueName(env, row)
  return attribute === false ? name : `${attribute}: ${name}`
}
