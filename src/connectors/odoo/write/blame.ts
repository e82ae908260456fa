import { familyOf } from "../../../sync/owners"
import type { SyncError } from "../../../sync/errors"
import type { FieldName } from "../../../sync/values"
import type { Change, WriteOutcome } from "../../contract"
import { shown } from "../../door"
import { failed, refused } from "./outcomes"

/** Odoo's names for what the engine calls otherwise, as they stand in its messages. */
const FAMILIES: readonly (readonly [pattern: RegExp, family: string])[] = [
  [/barcode/i, "barcode"],
  [/recursi|\(parent_id\)|parent/i, "parent"],
  [/product\.category|\(categ_id\)/, "category"],
  [/\(name\)/, "title"],
  [/\(name\)/, "name"],
  [/default_code|internal reference/i, "sku"],
  [/weight/i, "weight"],
  [/price/i, "price"],
]

/**
 * What Odoo's refusal of one record means. Its messages are translated, so the field is a guess: by
 * its name, by its value, or because it is the only one; else `*`.
 */
export const outcomeOfRefusal = (
  change: Change,
  record: { model: string; id: number },
  error: SyncError,
): WriteOutcome => {
  if (error.kind !== "data") return failed(error)
  if (error.code === "missing" && error.message.includes(`${record.model}(${record.id},`)) {
    return refused("gone")
  }
  const field = blamedField(change, error.message)
  return {
    outcome: "invalid",
    field,
    value: shown(field === "*" ? change.patch : change.patch[field]),
    message: error.message,
    remedy: error.remedy,
  }
}

export const blamedField = ({ patch }: Change, message: string): FieldName => {
  const fields = Object.keys(patch)
  const [only] = fields
  if (fields.length === 1 && only !== undefined) return only
  const named = FAMILIES.filter(([pattern]) => pattern.test(message)).flatMap(([, family]) =>
    fields.filter((field) => familyOf(field) === family),
  )
  const quoted = fields.filter((field) => {
    const value = patch[field]
    return typeof value === "string" && value.length > 2 && message.includes(value)
  })
  return named[0] ?? quoted[0] ?? "*"
}
