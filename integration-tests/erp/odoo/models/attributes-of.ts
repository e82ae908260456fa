import type { Env } from "../orm/env"
import { rowOrder } from "../orm/order"
import { idOf, idsOf, textOf, type Row } from "../orm/values"

const LINE = "product.template.attribute.line"
const VALUE = "product.template.attribute.value"

function ordered(env: Env, model: string, ids: readonly number[]): Row[] {
  const table = env.table(model)
  const rows = ids.map((id) => table.get(id)).filter((row): row is Row => row !== undefined)
  return rows.length > 1 ? rows.sort(rowOrder(env, env.model(model))) : rows
}

/** The active attribute lines of a template that have values, in Odoo's order. */
export function validLines(env: Env, templateId: number): Row[] {
  const ids = env.table(LINE).find("product_tmpl_id", templateId)
  if (ids.length === 0) return []
  return ordered(env, LINE, ids).filter(
    (line) => line["active"] === true && idsOf(line["value_ids"]).length > 0,
  )
}

/** `always`, `dynamic` or `no_variant`. */
export function creationMode(env: Env, line: Row): string {
  return textOf(env.row("product.attribute", line["attribute_id"])?.["create_variant"]) || "always"
}

/** The template's own values (ptav) of a line, archived ones included. */
export function valuesOfLine(env: Env, lineId: number): Row[] {
  return ordered(env, VALUE, env.table(VALUE).find("attribute_line_id", lineId))
}

export function activeValuesOfLine(env: Env, lineId: number): Row[] {
  return valuesOfLine(env, lineId).filter((value) => value["ptav_active"] === true)
}

/** The lines that make variants; attributes of mode `no_variant` never do. */
export function variantLines(env: Env, templateId: number): Row[] {
  return validLines(env, templateId).filter((line) => creationMode(env, line) !== "no_variant")
}

export function isDynamic(env: Env, templateId: number): boolean {
  return validLines(env, templateId).some((line) => creationMode(env, line) === "dynamic")
}

/** Name of a template's own value: it is the name of the global value. */
export function valueName(env: Env, ptav: Row | undefined, lang = env.lang): string {
  const global = env.row("product.attribute.value", ptav?.["product_attribute_value_id"])
  return textOf(global?.["name"], lang) || ""
}

/** The part of a variant's name in brackets: values of lines with a single value are left out. */
export function combinationName(env: Env, variant: Row): string {
  const ids = idsOf(variant["product_template_attribute_value_ids"])
  if (ids.length === 0) return ""
  const lang = env.lang
  return ordered(env, VALUE, ids)
    .filter((ptav) => activeValuesOfLine(env, idOf(ptav["attribute_line_id"])).length > 1)
    .map((ptav) => valueName(env, ptav, lang))
    .join(", ")
}

/** A combination as Odoo stores it in `combination_indices`: sorted ids, joined by commas. */
export function combinationKey(ids: readonly number[]): string {
  return [...ids].sort((a, b) => a - b).join(",")
}
