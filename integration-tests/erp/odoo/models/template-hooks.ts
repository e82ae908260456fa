import type { Env } from "../orm/env"
import {
  patchRow,
  plainCreate,
  plainUnlink,
  plainWrite,
  rowsOf,
  writeRecords,
} from "../orm/records"
import type { Model } from "../orm/schema"
import { truthy } from "../orm/python"
import type { Json, JsonObject } from "../orm/values"
import { dropImages } from "./images"
import { dropItems } from "./pricelist-hooks"
import { dropVariants, requireUnmoved } from "./product-hooks"
import { singleVariant, variantRows } from "./template-columns"
import { regenerateVariants } from "./variants"

const TEMPLATE = "product.template"
const VARIANT = "product.product"

/** Fields given to a new product that belong to its variant, once it has one. */
const VARIANT_FIELDS = ["barcode", "default_code", "standard_price", "volume", "weight"] as const

/** 17: `type` follows `detailed_type`. 18 and 19: only goods can track inventory. */
function settleType(env: Env, vals: JsonObject): JsonObject {
  if (env.version === 17) {
    const { detailed_type: detailed } = vals
    return detailed === undefined ? vals : { ...vals, type: detailed }
  }
  const { type } = vals
  return type === "service" || type === "combo" ? { ...vals, is_storable: false } : vals
}

/** Creates products with their variants. */
export function createTemplates(env: Env, model: Model, list: readonly JsonObject[]): number[] {
  return list.map((vals) => {
    const { image_1920: image, ...rest } = vals
    const id = plainCreate(env, model, [settleType(env, rest)])[0] ?? 0
    if (env.context["create_product_product"] !== false) regenerateVariants(env, id)
    const forVariant: { [key: string]: Json } = {}
    for (const field of VARIANT_FIELDS) {
      const value = vals[field]
      if (truthy(value)) forVariant[field] = value ?? false
    }
    if (image !== undefined) forVariant["image_1920"] = image
    if (Object.keys(forVariant).length > 0) writeRecords(env, model, [id], forVariant)
    return id
  })
}

/**
 * Writes products. Copies: whatever is written, and be it nothing, the product *and all its variants*
 * are stamped, archived variants too. Code, weight and volume reach the variant only when it is the
 * only one; else they read back from the product until its next recomputation empties them.
 */
export function writeTemplates(
  env: Env,
  model: Model,
  ids: readonly number[],
  given: JsonObject,
): void {
  const vals = settleType(env, given)
  // 19 lets the tracking of goods that moved change.
  if (env.version < 19 && ("is_storable" in vals || "detailed_type" in vals)) {
    for (const row of rowsOf(env, TEMPLATE, ids)) {
      const key = env.version === 17 ? "detailed_type" : "is_storable"
      if (key in vals && row[key] !== vals[key]) requireUnmoved(env, row)
    }
  }
  plainWrite(env, model, ids, vals)
  for (const id of ids) {
    writeThrough(env, id, vals)
    // Odoo: lines changed, or unarchiving a product without active variants.
    const shown = variantRows(env, id).filter((row) => row["active"] === true || !env.activeTest)
    // Copies: with `active_test: false` the archived variants are seen, and stay archived.
    if ("attribute_line_ids" in vals || (truthy(vals["active"]) && shown.length === 0)) {
      if (env.context["create_product_product"] !== false) regenerateVariants(env, id)
    }
    if ("active" in vals && !truthy(vals["active"])) {
      const all = variantRows(env, id).map((variant) => variant.id)
      writeRecords(env, env.model(VARIANT), all, { active: false })
    }
    stampVariants(env, id)
  }
}

function writeThrough(env: Env, templateId: number, vals: JsonObject): void {
  const variant = singleVariant(env, templateId)
  if (variant === undefined) return
  const forVariant: { [key: string]: Json } = {}
  for (const field of ["default_code", "weight", "volume"] as const) {
    const value = vals[field]
    if (value !== undefined) forVariant[field] = value
  }
  if (Object.keys(forVariant).length > 0) {
    plainWrite(env, env.model(VARIANT), [variant.id], forVariant)
  }
}

/** A variant's `write_date` is a stored field computed from the product's: it follows every write. */
function stampVariants(env: Env, templateId: number): void {
  for (const variant of variantRows(env, templateId)) patchRow(env, VARIANT, variant.id, {})
}

/** Deletes products with variants, lines and values; refused when stock refers to a variant. */
export function unlinkTemplates(env: Env, model: Model, ids: readonly number[]): void {
  for (const id of ids) {
    dropVariants(env, env.model(VARIANT), variantRows(env, id))
    for (const name of ["product.template.attribute.value", "product.template.attribute.line"]) {
      plainUnlink(env, env.model(name), [...env.table(name).find("product_tmpl_id", id)])
    }
    dropItems(env, "product_tmpl_id", id)
    dropImages(env, TEMPLATE, id)
  }
  plainUnlink(env, model, ids)
}

/** `action_archive` and `action_unarchive` of products. */
export function toggleTemplates(env: Env, ids: readonly number[], active: boolean): void {
  const changing = rowsOf(env, TEMPLATE, ids)
    .filter((row) => row["active"] !== active)
    .map((row) => row.id)
  if (changing.length > 0) writeRecords(env, env.model(TEMPLATE), changing, { active })
}
