import { userError, validationError } from "../orm/errors"
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
  selection,
  type FieldDraft,
  HIDDEN,
} from "../orm/fields"
import { plainUnlink, plainWrite, rowsOf } from "../orm/records"
import type { Model, OdooVersion, Selection } from "../orm/schema"
import { idOf, textOf, type JsonObject, type Row } from "../orm/values"

const ATTRIBUTE = "product.attribute"
const GLOBAL_VALUE = "product.attribute.value"
const LINE = "product.template.attribute.line"
const VALUE = "product.template.attribute.value"

const MODES: Selection = [
  ["always", "Instantly"],
  ["dynamic", "Dynamically"],
  ["no_variant", "Never"],
]

export const DISPLAYS: Selection = [
  ["radio", "Radio"],
  ["pills", "Pills"],
  ["select", "Select"],
  ["color", "Color"],
  ["multi", "Multi-checkbox"],
  ["image", "Image"],
]

export function attributeFields(version: OdooVersion): FieldDraft[] {
  return [
    ...metaFields(),
    char("display_name", "Display Name", { ...HIDDEN, searchable: version >= 18, compute: nameOf }),
    char("name", "Attribute", { required: true, translate: true }),
    // Attributes can be archived since 18.
    boolean("active", "Active", { since: 18, default: true }),
    integer("sequence", "Sequence"),
    selection("create_variant", "Variant Creation", MODES, { required: true, default: "always" }),
    selection("display_type", "Display Type", DISPLAYS, { required: true, default: "radio" }),
    one2many("value_ids", "Values", GLOBAL_VALUE, "attribute_id"),
    one2many("attribute_line_ids", "Lines", LINE, "attribute_id"),
    one2many("template_value_ids", "Template Values", VALUE, "attribute_id", { since: 18 }),
    many2many("product_tmpl_ids", "Related Products", "product.template", {
      store: true,
      readonly: true,
      compute: (env, row) => templatesUsing(env, row.id),
    }),
    integer("number_related_products", "Number Related Products", {
      ...HIDDEN,
      compute: (env, row) => templatesUsing(env, row.id).length,
    }),
  ]
}

function templatesUsing(env: Env, attributeId: number): number[] {
  const table = env.table(LINE)
  return table
    .find("attribute_id", attributeId)
    .map((id) => table.get(id))
    .filter((line) => line?.["active"] === true)
    .map((line) => idOf(line?.["product_tmpl_id"]))
}

function nameOf(_env: Env, row: Row): string | false {
  return textOf(row["name"])
}

/** Copies: how an attribute makes variants cannot change once products use it. */
export function writeAttributes(
  env: Env,
  model: Model,
  ids: readonly number[],
  vals: JsonObject,
): void {
  if ("create_variant" in vals) {
    for (const row of rowsOf(env, ATTRIBUTE, ids)) {
      const changes = row["create_variant"] !== vals["create_variant"]
      if (changes) requireUnused(env, row, "change the Variants Creation Mode of the attribute")
    }
  }
  plainWrite(env, model, ids, vals)
}

function requireUnused(env: Env, attribute: Row, what: string): void {
  const templates = templatesUsing(env, attribute.id)
  if (templates.length === 0) return
  const names = templates.map((id) => textOf(env.row("product.template", id)?.["name"]) || "")
  throw userError(
    `You cannot ${what} ${textOf(attribute["name"]) || ""} because it is used on the following products:\n${names.join(", ")}`,
  )
}

export function unlinkAttributes(env: Env, model: Model, ids: readonly number[]): void {
  for (const row of rowsOf(env, ATTRIBUTE, ids)) {
    requireUnused(env, row, "delete the attribute")
    plainUnlink(env, env.model(GLOBAL_VALUE), [
      ...env.table(GLOBAL_VALUE).find("attribute_id", row.id),
    ])
  }
  plainUnlink(env, model, ids)
}

export function globalValueFields(version: OdooVersion): FieldDraft[] {
  return [
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      searchable: version >= 18,
      compute: globalValueName,
    }),
    char("name", "Value", { required: true, translate: true }),
    boolean("active", "Active", { since: 18, default: true }),
    integer("sequence", "Sequence"),
    many2one("attribute_id", "Attribute", ATTRIBUTE, { required: true }),
    many2many("pav_attribute_line_ids", "Lines", LINE, { mirrorOf: "value_ids" }),
    boolean("is_used_on_products", "Used on Products", {
      ...HIDDEN,
      compute: (env, row) => env.table(LINE).find("value_ids", row.id).length > 0,
    }),
    float("default_extra_price", "Default Extra Price"),
    boolean("default_extra_price_changed", "Default Extra Price Changed", {
      ...HIDDEN,
      since: 18,
      compute: () => false,
    }),
    boolean("is_custom", "Free text"),
    char("html_color", "Color"),
    integer("color", "Color Index", { default: 1 }),
    selection("display_type", "Display Type", DISPLAYS, {
      store: false,
      readonly: true,
      searchable: true,
      sortable: version >= 18,
      compute: (env, row) => env.row(ATTRIBUTE, row["attribute_id"])?.["display_type"] ?? false,
    }),
    ...inert("image binary stored"),
  ]
}

/** Copies: a value's name says its attribute first, `Color: Red`. */
export function globalValueName(env: Env, row: Row): string | false {
  const attribute = textOf(env.row(ATTRIBUTE, row["attribute_id"])?.["name"], env.lang)
  const name = textOf(row["name"], env.lang)
  return attribute === false ? name : `${attribute}: ${name || ""}`
}

/** Copies: 17 refuses two values of one name in an attribute, 18 and 19 take them. */
export function checkGlobalValues(env: Env, ids: readonly number[]): void {
  if (env.version !== 17) return
  const table = env.table(GLOBAL_VALUE)
  for (const row of rowsOf(env, GLOBAL_VALUE, ids)) {
    const twins = table
      .find("attribute_id", idOf(row["attribute_id"]))
      .filter((id) => textOf(table.get(id)?.["name"]) === textOf(row["name"]))
    if (twins.length > 1) {
      throw validationError(
        "The operation cannot be completed: You cannot create two values with the same name for the same attribute.",
      )
    }
  }
}

/**
 * Deletes values. Copies: one that only archived variants still hold is archived since 18; 17 refuses.
 */
export function unlinkGlobalValues(env: Env, model: Model, ids: readonly number[]): void {
  for (const row of rowsOf(env, GLOBAL_VALUE, ids)) {
    if (env.table(LINE).find("value_ids", row.id).length > 0) {
      throw userError(
        `You cannot delete the value ${globalValueName(env, row) || ""} because it is used on products.`,
      )
    }
    const ofTemplates = env.table(VALUE)
    const held = ofTemplates.ids.some(
      (id) => ofTemplates.get(id)?.["product_attribute_value_id"] === row.id,
    )
    if (!held) plainUnlink(env, model, [row.id])
    else if (env.version >= 18) plainWrite(env, model, [row.id], { active: false })
    else {
      throw validationError(
        "The operation cannot be completed: another model requires the record being deleted. If possible, archive it instead.",
      )
    }
  }
}
