import type { Env } from "../orm/env"
import { userError, validationError } from "../orm/errors"
import { patchRow, plainCreate, plainUnlink, plainWrite, rowsOf } from "../orm/records"
import type { Model } from "../orm/schema"
import { idOf, numberOf, textOf, type JsonObject, type Row } from "../orm/values"

export const PRICELIST = "product.pricelist"
export const ITEM = "product.pricelist.item"

/** Copies: what a rule applies to empties the other targets, whatever is given for them. */
const EMPTIED: Readonly<Record<string, readonly string[]>> = {
  "3_global": ["product_id", "product_tmpl_id", "categ_id"],
  "2_product_category": ["product_id", "product_tmpl_id"],
  "1_product": ["product_id", "categ_id"],
  "0_product_variant": ["categ_id"],
}

/** A rule takes the currency of its list, and the product of its variant. */
export function createItems(env: Env, model: Model, list: readonly JsonObject[]): number[] {
  return plainCreate(
    env,
    model,
    list.map((given) => {
      const vals = withTarget(env, given)
      const pricelist = env.row(PRICELIST, Number(vals["pricelist_id"] ?? 0))
      const currency = pricelist?.["currency_id"]
      return markedUp(env, {
        ...vals,
        ...(typeof currency === "number" ? { currency_id: currency } : {}),
      })
    }),
  )
}

export function writeItems(env: Env, model: Model, ids: readonly number[], vals: JsonObject): void {
  plainWrite(env, model, ids, markedUp(env, emptied(vals)))
}

function withTarget(env: Env, given: JsonObject): JsonObject {
  const variant = env.row("product.product", Number(given["product_id"] ?? 0))
  const template = variant === undefined ? 0 : idOf(variant["product_tmpl_id"])
  const named =
    template !== 0 && !given["product_tmpl_id"] ? { ...given, product_tmpl_id: template } : given
  return emptied(named["applied_on"] ? named : { ...named, applied_on: targetOf(named) })
}

function targetOf(vals: JsonObject): string {
  if (vals["product_id"]) return "0_product_variant"
  if (vals["product_tmpl_id"]) return "1_product"
  return vals["categ_id"] ? "2_product_category" : "3_global"
}

function emptied(vals: JsonObject): JsonObject {
  const fields = EMPTIED[String(vals["applied_on"])] ?? []
  return { ...vals, ...Object.fromEntries(fields.map((field) => [field, false])) }
}

/** Copies: a mark-up is the opposite of the discount, kept beside it since 18. */
function markedUp(env: Env, vals: JsonObject): JsonObject {
  if (env.version < 18) return vals
  if (vals["price_discount"] !== undefined) {
    return { ...vals, price_markup: -Number(vals["price_discount"]) }
  }
  return vals["price_markup"] === undefined
    ? vals
    : { ...vals, price_discount: -Number(vals["price_markup"]) }
}

const TARGETS: Readonly<Record<string, readonly [string, string]>> = {
  "2_product_category": ["categ_id", "category"],
  "1_product": ["product_tmpl_id", "product"],
  "0_product_variant": ["product_id", "product variant"],
}

/** Copies the constraints of a rule, with their messages. */
export function checkItems(env: Env, ids: readonly number[]): void {
  for (const row of rowsOf(env, ITEM, ids)) {
    const [field, what] = TARGETS[String(row["applied_on"])] ?? []
    if (field !== undefined && idOf(row[field]) === 0) {
      throw validationError(`Please specify the ${what} for which this rule should be applied`)
    }
    if (row["base"] === "pricelist" && idOf(row["base_pricelist_id"]) === 0) {
      throw validationError(
        'A pricelist item with "Other Pricelist" as base must have a base_pricelist_id.',
      )
    }
    if (numberOf(row["price_min_margin"]) > numberOf(row["price_max_margin"])) {
      throw validationError("The minimum margin should be lower than the maximum margin.")
    }
    const [start, end] = [row["date_start"], row["date_end"]]
    if (typeof start === "number" && typeof end === "number" && start >= end) {
      throw validationError("The end date should be after the start date")
    }
    if (circles(env, row)) throw validationError("Recursive pricelist rules detected")
  }
}

/** Whether following the base lists leads back to a list on the way. */
function circles(
  env: Env,
  from: Row,
  path: readonly number[] = [idOf(from["pricelist_id"])],
): boolean {
  const below = idOf(from["base_pricelist_id"])
  if (from["base"] !== "pricelist" || below === 0) return false
  if (path.includes(below)) return true
  return itemsOf(env, "pricelist_id", below).some((row) => circles(env, row, [...path, below]))
}

function itemsOf(env: Env, field: string, id: number): Row[] {
  const table = env.table(ITEM)
  const ids = table.hasIndex(field) ? table.find(field, id) : table.ids
  return ids.flatMap((at): Row[] => {
    const row = table.get(at)
    return row !== undefined && row[field] === id ? [row] : []
  })
}

/** Deletes the rules that name a record, as the database's foreign keys do: without a trace. */
export function dropItems(env: Env, field: string, id: number): void {
  const ids = itemsOf(env, field, id).map((row) => row.id)
  plainUnlink(env, env.model(ITEM), ids)
}

/** Copies: the currency of the rules is a stored field computed from the list's. */
export function writePricelists(
  env: Env,
  model: Model,
  ids: readonly number[],
  vals: JsonObject,
): void {
  plainWrite(env, model, ids, vals)
  if (typeof vals["currency_id"] !== "number") return
  for (const id of ids) {
    for (const row of itemsOf(env, "pricelist_id", id)) {
      patchRow(env, ITEM, row.id, { currency_id: vals["currency_id"] })
    }
  }
}

/** Deletes lists with their rules; refused while another list is based on one of them. */
export function unlinkPricelists(env: Env, model: Model, ids: readonly number[]): void {
  const table = env.table(ITEM)
  const using = table.ids.some((id) => {
    const row = table.get(id)
    return (
      row?.["base"] === "pricelist" &&
      ids.includes(idOf(row["base_pricelist_id"])) &&
      !ids.includes(idOf(row["pricelist_id"]))
    )
  })
  if (using) {
    const names = ids.map((id) => textOf(env.row(PRICELIST, id)?.["name"]) || "")
    throw userError(
      `You cannot delete pricelist(s):\n(${names.join("\n")})\nThey are used within pricelist(s):`,
    )
  }
  for (const id of ids) dropItems(env, "pricelist_id", id)
  plainUnlink(env, model, ids)
}
