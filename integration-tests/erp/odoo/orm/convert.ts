import { missingError, typeError, valueError } from "./errors"
import type { Env } from "./env"
import { roundDigits } from "./floats"
import { parseMoment } from "./moments"
import { repr, truthy, typeName } from "./python"
import type { Field, Model } from "./schema"
import { isList, textOf, type Json, type Translations, type Value } from "./values"

function toFloat(field: Field, value: Json): number {
  if (!truthy(value)) return 0
  if (typeof value !== "number" && typeof value !== "string" && typeof value !== "boolean") {
    throw typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`)
  }
  const number = value === "nan" ? NaN : Number(value)
  if (typeof value === "string" && value !== "nan" && Number.isNaN(number)) {
    throw valueError(`could not convert string to float: ${repr(value)}`)
  }
  return Array.isArray(field.digits) ? roundDigits(number, Number(field.digits[1])) : number
}

function toInteger(value: Json): number {
  if (!truthy(value)) return 0
  const number = Number(value)
  if (isList(value) || Number.isNaN(number)) {
    throw valueError(`invalid literal for int() with base 10: ${repr(value)}`)
  }
  return Math.trunc(number)
}

function toSelection(model: Model, field: Field, value: Json): Value {
  if (value === false || value === null || value === "") return false
  const known = field.selection?.some(([key]) => key === value) ?? true
  if (!known || typeof value !== "string") {
    throw valueError(`Wrong value for ${model.name}.${field.name}: ${repr(value)}`)
  }
  return value
}

/** Copies: a many2one takes an id; a `[id, name]` pair, as read gives it, silently empties the field. */
function toMany2one(env: Env, field: Field, value: Json): Value {
  if (typeof value !== "number" || value === 0) return false
  const { relation } = field
  if (relation !== undefined && env.hasModel(relation) && env.row(relation, value) === undefined) {
    throw missingError(relation, value, env.user.uid)
  }
  return value
}

function toMoment(value: Json): Value {
  if (!truthy(value)) return false
  const parsed = typeof value === "string" ? parseMoment(value) : undefined
  if (parsed === undefined || parsed.iso || parsed.zone !== "") {
    throw valueError(`time data ${repr(value)} does not match format '%Y-%m-%d %H:%M:%S'`)
  }
  return parsed.micros
}

/** Odoo cleans html fields: scripts go, plain text becomes a paragraph. */
function toHtml(value: Json): Value {
  if (!truthy(value)) return false
  const cleaned = String(value).replace(/<script[^]*?<\/script>/gi, "")
  return /<[a-z]/i.test(cleaned) ? cleaned : `<p>${cleaned}</p>`
}

/** A text in the language of the context; other languages of the field stay as they are. */
function toText(env: Env, field: Field, value: Json, before: Value | undefined): Value {
  const cleared = value === null || value === false
  const content = field.type === "html" ? toHtml(value) : cleared ? false : String(value)
  if (field.translate !== true || typeof content !== "string") return content
  const { lang } = env
  const source = textOf(before)
  const known = typeof before === "object" && !Array.isArray(before) ? before : undefined
  if (lang === "en_US") {
    return known === undefined ? content : { ...(known as Translations), en_US: content }
  }
  // Copies: a first text in another language is the source text too.
  if (source === false) return content
  return { ...((known ?? {}) as Translations), en_US: source, [lang]: content }
}

/**
 * The stored form of a written value (not for lists of records).
 *
 * @throws {OdooError} the real one's error for a wrong type, an unknown choice, a missing record.
 */
export function convert(
  env: Env,
  model: Model,
  field: Field,
  value: Json,
  before: Value | undefined,
): Value {
  switch (field.type) {
    case "boolean":
      return truthy(value)
    case "integer":
      return toInteger(value)
    case "float":
    case "monetary":
      return toFloat(field, value)
    case "selection":
      return toSelection(model, field, value)
    case "many2one":
      return toMany2one(env, field, value)
    case "datetime":
      return toMoment(value)
    case "date":
      return truthy(value) ? String(value).slice(0, 10) : false
    default:
      return toText(env, field, value, before)
  }
}

/** What a column holds when nothing was given. */
export function emptyValue(field: Field): Value {
  switch (field.type) {
    case "many2many":
      return []
    case "integer":
    case "float":
    case "monetary":
      return 0
    default:
      return false
  }
}
