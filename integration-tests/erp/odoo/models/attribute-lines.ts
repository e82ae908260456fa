import { userError, validationError } from "../orm/errors"
import type { Env } from "../orm/env"
import {
  createRecords,
  patchRow,
  plainCreate,
  plainUnlink,
  plainWrite,
  rowsOf,
  writeRecords,
} from "../orm/records"
import type { Model } from "../orm/schema"
import { idOf, idsOf, textOf, unique, without, type JsonObject, type Row } from "../orm/values"
import { activeValuesOfLine, valuesOfLine } from "./attributes-of"
import { recomputeTemplates } from "./template-columns"
import { regenerateVariants, setCombination, unlinkOrArchive } from "./variants"

const LINE = "product.template.attribute.line"
const VALUE = "product.template.attribute.value"

function withoutLineUpdate(env: Env): Env {
  return env.withContext({ update_product_template_attribute_values: false })
}

/** An archived line of the same attribute is taken up again, with its old values. */
function archivedLine(env: Env, vals: JsonObject): Row | undefined {
  const table = env.table(LINE)
  return table
    .find("product_tmpl_id", Number(vals["product_tmpl_id"] ?? 0))
    .map((id) => table.get(id))
    .find((row) => row?.["active"] === false && row["attribute_id"] === vals["attribute_id"])
}

export function createLines(env: Env, model: Model, list: readonly JsonObject[]): number[] {
  const ids = list.map((vals) => {
    const archived = archivedLine(env, vals)
    if (archived === undefined) return plainCreate(env, model, [vals])[0] ?? 0
    const rest = without(vals, "product_tmpl_id", "attribute_id")
    writeRecords(withoutLineUpdate(env), model, [archived.id], { active: true, ...rest })
    return archived.id
  })
  // Copies: this switch is asked where lines are made, and not where they change.
  if (env.context["create_product_product"] !== false) updateLineValues(env, ids)
  return ids
}

export function writeLines(env: Env, model: Model, ids: readonly number[], vals: JsonObject): void {
  for (const fixed of ["product_tmpl_id", "attribute_id"]) {
    const given = vals[fixed]
    if (given === undefined) continue
    if (rowsOf(env, LINE, ids).some((line) => line[fixed] !== given)) {
      const what = fixed === "attribute_id" ? "attribute" : "product"
      throw userError(`You cannot change the ${what} of an attribute line: create a new one.`)
    }
  }
  const cleaned = vals["active"] === false ? { ...vals, value_ids: [[5]] } : vals
  plainWrite(env, model, ids, cleaned)
  if (env.context["update_product_template_attribute_values"] !== false) updateLineValues(env, ids)
}

/** A line that cannot be deleted because variants in use hold its values is archived. */
export function unlinkLines(env: Env, model: Model, ids: readonly number[]): void {
  const lines = rowsOf(env, LINE, ids)
  for (const line of lines) {
    const values = activeValuesOfLine(env, line.id).map((value) => value.id)
    unlinkTemplateValues(env, env.model(VALUE), values)
    if (valuesOfLine(env, line.id).length === 0) plainUnlink(env, model, [line.id])
    else writeRecords(env, model, [line.id], { active: false })
  }
  const templates = unique(lines.map((line) => idOf(line["product_tmpl_id"])))
  for (const template of templates) regenerate(env, template)
  recomputeTemplates(env, templates)
}

/** Copies: a line must have a value as long as it is active. */
export function checkLines(env: Env, ids: readonly number[]): void {
  for (const line of rowsOf(env, LINE, ids)) {
    if (line["active"] !== true || idsOf(line["value_ids"]).length > 0) continue
    const attribute = textOf(env.row("product.attribute", line["attribute_id"])?.["name"])
    const product = textOf(env.row("product.template", line["product_tmpl_id"])?.["name"])
    throw validationError(
      `The attribute ${attribute || ""} must have at least one value for the product ${product || ""}.`,
    )
  }
}

function regenerate(env: Env, templateId: number): void {
  if (env.row("product.template", templateId) !== undefined) regenerateVariants(env, templateId)
}

/** A value of this template that an earlier line left archived, to be used again. */
function archivedValue(env: Env, line: Row, globalValue: number): Row | undefined {
  const table = env.table(VALUE)
  return table
    .find("product_tmpl_id", idOf(line["product_tmpl_id"]))
    .map((id) => table.get(id))
    .find(
      (row) =>
        row?.["ptav_active"] === false &&
        row["attribute_id"] === line["attribute_id"] &&
        row["product_attribute_value_id"] === globalValue,
    )
}

/** Odoo's `_update_product_template_attribute_values`: the template's values follow the lines. */
function updateLineValues(env: Env, ids: readonly number[]): void {
  const model = env.model(VALUE)
  const unlink: number[] = []
  const create: JsonObject[] = []
  const lines = rowsOf(env, LINE, ids)
  for (const line of lines) {
    const missing = new Set(idsOf(line["value_ids"]))
    for (const value of valuesOfLine(env, line.id)) {
      const globalValue = idOf(value["product_attribute_value_id"])
      const active = value["ptav_active"] === true
      if (missing.delete(globalValue)) {
        if (!active) patchRow(env, VALUE, value.id, { ptav_active: true })
      } else if (active) {
        patchRow(env, VALUE, value.id, { ptav_active: false })
        unlink.push(value.id)
      }
    }
    for (const globalValue of missing) {
      const archived = archivedValue(env, line, globalValue)
      if (archived !== undefined) {
        patchRow(env, VALUE, archived.id, { ptav_active: true, attribute_line_id: line.id })
        continue
      }
      const extra = env.row("product.attribute.value", globalValue)?.["default_extra_price"]
      create.push({
        product_attribute_value_id: globalValue,
        attribute_line_id: line.id,
        price_extra: typeof extra === "number" ? extra : 0,
      })
    }
  }
  if (unlink.length > 0) unlinkTemplateValues(env, model, unlink)
  if (create.length > 0) createRecords(env, model, create)
  const templates = unique(lines.map((line) => idOf(line["product_tmpl_id"])))
  for (const template of templates) regenerate(env, template)
  recomputeTemplates(env, templates)
}

/** Fills in what Odoo relates: the template and the attribute of a template's own value. */
export function createTemplateValues(
  env: Env,
  model: Model,
  list: readonly JsonObject[],
): number[] {
  const completed = list.map((vals) => {
    const line = env.row(LINE, Number(vals["attribute_line_id"] ?? 0))
    return {
      ...vals,
      attribute_id: idOf(line?.["attribute_id"]),
      product_tmpl_id: idOf(line?.["product_tmpl_id"]),
    }
  })
  return plainCreate(env, model, completed)
}

/** Copies: a value in use is one of its line's, and no line has it twice. */
export function checkTemplateValues(env: Env, ids: readonly number[]): void {
  for (const own of rowsOf(env, VALUE, ids)) {
    const line = env.row(LINE, own["attribute_line_id"])
    const value = idOf(own["product_attribute_value_id"])
    if (own["ptav_active"] === true && !idsOf(line?.["value_ids"]).includes(value)) {
      throw validationError(
        `The value ${value} is not defined for the attribute ${idOf(own["attribute_id"])} on the product ${idOf(own["product_tmpl_id"])}.`,
      )
    }
    const twins = valuesOfLine(env, idOf(own["attribute_line_id"])).filter(
      (other) => idOf(other["product_attribute_value_id"]) === value,
    )
    if (twins.length > 1) {
      throw validationError("Each value should be defined only once per attribute per product.")
    }
  }
}

/** Deletes values of a template with the variants that use them; archives what has to stay. */
export function unlinkTemplateValues(env: Env, model: Model, ids: readonly number[]): void {
  const variants = env.table("product.product")
  const usersOf = (id: number) => variants.find("product_template_attribute_value_ids", id)
  const values = rowsOf(env, VALUE, ids)
  for (const value of values) {
    if (valuesOfLine(env, idOf(value["attribute_line_id"])).length !== 1) continue
    // The only value of its line is taken off the variants, which stay what they are.
    for (const id of [...usersOf(value.id)]) {
      const before = idsOf(variants.get(id)?.["product_template_attribute_value_ids"])
      setCombination(
        env,
        id,
        before.filter((other) => other !== value.id),
      )
    }
  }
  unlinkOrArchive(env, unique(values.flatMap((value) => [...usersOf(value.id)])))
  for (const value of values) {
    if (usersOf(value.id).length > 0) patchRow(env, VALUE, value.id, { ptav_active: false })
    else plainUnlink(env, model, [value.id])
  }
}
