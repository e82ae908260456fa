import { requireAccess } from "../orm/access"
import type { Env } from "../orm/env"
import { userError, valueError } from "../orm/errors"
import { patchRow, writeRecords } from "../orm/records"
import { requireRows } from "../orm/read"
import { textOf, type Json, type JsonObject, type Translations, type Value } from "../orm/values"
import { objectArg, type Call, type Method } from "./method"

const SOURCE = "en_US"

/** Copies: inactive languages are refused on every version here, unlike in `context`. */
function requireActive(env: Env, codes: readonly string[]): void {
  const table = env.table("res.lang")
  const isActive = (code: string): boolean =>
    code === SOURCE || table.find("code", code).some((id) => table.get(id)?.["active"] === true)
  const missing = codes.filter((code) => !isActive(code))
  if (missing.length === 0) return
  throw userError(`The following languages are not activated: ${missing.join(", ")}`)
}

/**
 * The texts of a field once some languages are set and others (`false`) fall back again. Copies: a first
 * text in any language is the source text too, and the source text is never taken away.
 */
function updated(before: Value | undefined, translations: JsonObject): Value {
  const texts: { [code: string]: string } = {}
  const source = textOf(before)
  if (typeof before === "object" && !Array.isArray(before)) Object.assign(texts, before)
  else if (source !== false) texts[SOURCE] = source
  const given = Object.entries(translations)
  const first = given.map(([, text]) => text).find((text) => typeof text === "string")
  if (texts[SOURCE] === undefined && typeof first === "string") texts[SOURCE] = first
  for (const [code, text] of given) {
    if (typeof text === "string") texts[code] = text
    else if (code !== SOURCE) delete texts[code]
  }
  const codes = Object.keys(texts)
  if (codes.length === 0) return false
  return codes.length === 1 ? (texts[SOURCE] ?? false) : ({ ...texts } as Translations)
}

function updateTranslations({ env, model, ids, args }: Call): Json {
  requireAccess(env, model, "write")
  const [row, ...more] = requireRows(env, model, ids)
  if (row === undefined || more.length > 0) throw valueError(`Expected singleton: ${model.name}`)
  const name = String(args["field_name"])
  const translations = objectArg(args["translations"])
  requireActive(env, Object.keys(translations))
  if (model.fields.get(name)?.translate !== true) return false
  patchRow(env, model.name, row.id, { [name]: updated(row[name], translations) })
  // Copies: it ends with a write of the field as it is, which stamps whatever such a write stamps.
  writeRecords(env, model, [row.id], {})
  return true
}

/** What changes single languages of a text. */
export const TRANSLATING: Readonly<Record<string, Method>> = {
  update_field_translations: {
    kind: "records",
    params: ["field_name!", "translations!", "source_lang"],
    run: updateTranslations,
  },
}
