/** A translated text that has more than its source: language code to text, `en_US` always there. */
export interface Translations {
  readonly en_US: string
  readonly [lang: string]: string
}

/**
 * What a column holds. `false` is Odoo's spelling of "nothing" for every type, a moment is a number
 * of microseconds since 1970, a stored many2many is a list of ids.
 */
export type Value = string | number | boolean | readonly number[] | Translations

/** One stored version of a record. Rows are never changed in place: a write puts a new one. */
export interface Row {
  readonly id: number
  readonly [field: string]: Value
}

/** What travels over the wire. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** A JSON object: record values, keyword arguments, a context. */
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

/** Odoo's `context`: per call switches such as `lang`, `active_test`, `warehouse_id`. */
export type Context = JsonObject

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value)
}

const NO_IDS: readonly number[] = []

/** The many2one or integer in a column, 0 when empty. */
export function idOf(value: Value | undefined): number {
  return typeof value === "number" ? value : 0
}

export function idsOf(value: Value | undefined): readonly number[] {
  return Array.isArray(value) ? (value as readonly number[]) : NO_IDS
}

export function numberOf(value: Value | undefined): number {
  return typeof value === "number" ? value : 0
}

/** The text of a column in a language, falling back to the source text; `false` when empty. */
export function textOf(value: Value | undefined, lang = "en_US"): string | false {
  if (typeof value === "string") return value
  if (typeof value === "object" && !Array.isArray(value)) {
    const texts = value as Translations
    return texts[lang] ?? texts.en_US
  }
  return false
}

/** The ids in a JSON argument that may be one id, a list of ids or nothing. */
export function idList(value: Json | undefined): number[] {
  if (typeof value === "number") return [value]
  if (!isList(value)) return []
  return value.filter((item): item is number => typeof item === "number")
}

export function unique(ids: readonly number[]): number[] {
  return [...new Set(ids)]
}

/** A copy of an object without some of its keys. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)))
}
