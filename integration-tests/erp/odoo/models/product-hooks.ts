import { userError, validationError } from "../orm/errors"
import type { Env } from "../orm/env"
import { plainCreate, plainUnlink, plainWrite, rowsOf } from "../orm/records"
import { unlinkRecords, writeRecords } from "../orm/records"
import type { Model } from "../orm/schema"
import { idOf, idsOf, textOf, unique, type JsonObject, type Row } from "../orm/values"
import { combinationKey, isDynamic } from "./attributes-of"
import { dropImages } from "./images"
import { dropItems } from "./pricelist-hooks"
import { recomputeTemplates, SHARED_WITH_VARIANT } from "./template-columns"

const VARIANT = "product.product"

function templatesOf(variants: readonly Row[]): number[] {
  return unique(variants.map((variant) => idOf(variant["product_tmpl_id"])))
}

/** Creates variants; one whose combination is there and active already is refused by the database. */
export function createVariants(env: Env, model: Model, list: readonly JsonObject[]): number[] {
  const ids = plainCreate(env.withContext({ create_product_product: false }), model, list)
  const table = env.table(VARIANT)
  for (const row of rowsOf(env, VARIANT, ids)) {
    const key = combinationKey(idsOf(row["product_template_attribute_value_ids"]))
    const twin = table
      .find("product_tmpl_id", idOf(row["product_tmpl_id"]))
      .map((id) => table.get(id))
      .find((other) => other?.["combination_indices"] === key && other["active"] === true)
    if (twin !== undefined && twin.id !== row.id && row["active"] === true) {
      throw validationError(
        "The operation cannot be completed: Another entry with the same value already exists.",
      )
    }
    env.tx.put(table, { ...row, combination_indices: key })
  }
  recomputeTemplates(env, templatesOf(rowsOf(env, VARIANT, ids)))
  return ids
}

/**
 * Writes variants. Copies what is stamped besides: a code or weight that really changes stamps the
 * template, which stores a copy; barcode, cost and `active` stamp the variant alone.
 */
export function writeVariants(
  env: Env,
  model: Model,
  ids: readonly number[],
  vals: JsonObject,
): void {
  const before = rowsOf(env, VARIANT, ids)
  plainWrite(env, model, ids, vals)
  const changed = rowsOf(env, VARIANT, ids).filter((row, at) =>
    SHARED_WITH_VARIANT.some((field) => field in vals && row[field] !== before[at]?.[field]),
  )
  recomputeTemplates(env, templatesOf(changed))
  if (!("product_template_attribute_value_ids" in vals)) return
  const table = env.table(VARIANT)
  for (const row of rowsOf(env, VARIANT, ids)) {
    const key = combinationKey(idsOf(row["product_template_attribute_value_ids"]))
    env.tx.put(table, { ...row, combination_indices: key })
  }
}

/** Deletes variants. Copies: deleting the last one of a product deletes the product as well. */
export function unlinkVariants(env: Env, model: Model, ids: readonly number[]): void {
  const table = env.table(VARIANT)
  const rows = rowsOf(env, VARIANT, ids)
  const orphaned = rows.filter((row) => {
    const template = idOf(row["product_tmpl_id"])
    const others = table
      .find("product_tmpl_id", template)
      .some((id) => id !== row.id && table.get(id)?.["active"] === true)
    return !others && !isDynamic(env, template)
  })
  dropVariants(env, model, rows)
  const templates = templatesOf(orphaned)
  for (const id of templates) unlinkRecords(env, env.model("product.template"), [id])
  recomputeTemplates(env, templatesOf(rows))
}

function stillUsed(env: Env): Error {
  return validationError(
    env.version >= 19
      ? "The operation cannot be completed: Another model is using the record you are trying to delete.\n\nThe troublemaker is: 'Stock Move' (stock.move)\nThanks to the following constraint: 'Product' (product_id)\nHow about archiving the record instead?"
      : "The operation cannot be completed: another model requires the record being deleted. If possible, archive it instead.\n\nModel: Stock Move (stock.move)\nConstraint: stock_move_product_id_fkey",
  )
}

/** Removes variant rows; stock keeps what it refers to. */
export function dropVariants(env: Env, model: Model, rows: readonly Row[]): void {
  for (const row of rows) {
    const used = ["stock.move.line", "stock.quant"].some(
      (name) => env.table(name).find("product_id", row.id).length > 0,
    )
    if (used) throw stillUsed(env)
    dropImages(env, VARIANT, row.id)
    dropItems(env, "product_id", row.id)
  }
  plainUnlink(
    env,
    model,
    rows.map((row) => row.id),
  )
}

/**
 * Barcodes are unique among *active* products. Copies the gap: only writing a barcode is checked, so
 * unarchiving a product may bring a duplicate back.
 */
export function checkBarcodes(env: Env, ids: readonly number[], fields: readonly string[]): void {
  if (!fields.includes("barcode")) return
  const table = env.table(VARIANT)
  for (const row of rowsOf(env, VARIANT, ids)) {
    const barcode = textOf(row["barcode"])
    if (barcode === false || barcode === "") continue
    const holders = table
      .find("barcode", barcode)
      .map((id) => table.get(id))
      .filter((other): other is Row => other?.["active"] === true)
    if (holders.length < 2) continue
    const names = holders
      .map((holder) => env.model(VARIANT).displayName(env, holder) || "")
      .join(" and ")
    throw validationError(
      `Barcode(s) already assigned:\n\n- Barcode "${barcode}" already assigned to product(s): ${names}\n\n` +
        "Note: products that you don't have access to will not be shown above.",
    )
  }
}

/**
 * `action_archive` of variants. Copies: archiving the last active one through the action archives
 * the product, which a plain `write({active: false})` does not.
 */
export function toggleVariants(env: Env, ids: readonly number[], active: boolean): void {
  const rows = rowsOf(env, VARIANT, ids).filter((row) => row["active"] !== active)
  if (rows.length === 0) return
  const model = env.model(VARIANT)
  writeRecords(
    env,
    model,
    rows.map((row) => row.id),
    { active },
  )
  const table = env.table(VARIANT)
  for (const template of templatesOf(rows)) {
    const anyActive = table
      .find("product_tmpl_id", template)
      .some((id) => table.get(id)?.["active"] === true)
    const row = env.row("product.template", template)
    if (row === undefined || row["active"] === anyActive) continue
    writeRecords(env, env.model("product.template"), [template], { active: anyActive })
  }
}

/** Copies: on 17 and 18 how goods are tracked cannot change any more once they moved. */
export function requireUnmoved(env: Env, template: Row): void {
  const variants = env.table(VARIANT).find("product_tmpl_id", template.id)
  const lines = env.table("stock.move.line")
  const moved = variants.some((id) =>
    lines.find("product_id", id).some((line) => lines.get(line)?.["state"] === "done"),
  )
  if (!moved) return
  throw userError("You can not change the inventory tracking of a product that was already used.")
}
