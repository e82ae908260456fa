import { isList, type Json } from "./values"

/** A JSON value as Python's `repr` prints it: error messages of Odoo quote values that way. */
export function repr(value: Json | undefined): string {
  if (value === null || value === undefined) return "None"
  if (value === true) return "True"
  if (value === false) return "False"
  if (typeof value === "string") {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'"
    const escaped = value.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")
    return quote + (quote === "'" ? escaped.replace(/'/g, "\\'") : escaped) + quote
  }
  if (typeof value === "number") return Number.isNaN(value) ? "nan" : String(value)
  if (isList(value)) return `[${value.map(repr).join(", ")}]`
  const entries = Object.entries(value).map(([key, item]) => `${repr(key)}: ${repr(item)}`)
  return `{${entries.join(", ")}}`
}

/** A domain leaf as Odoo quotes it, a tuple. */
export function tuple(items: readonly Json[]): string {
  return `(${items.map(repr).join(", ")})`
}

/** The name of a value's Python type, for messages of `TypeError`. */
export function typeName(value: Json | undefined): string {
  if (value === null || value === undefined) return "NoneType"
  if (typeof value === "boolean") return "bool"
  if (typeof value === "string") return "str"
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float"
  return isList(value) ? "list" : "dict"
}

/** Python's truth: empty text, zero, empty list and None are false. */
export function truthy(value: Json | undefined): boolean {
  if (isList(value)) return value.length > 0
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0
  // Python's NaN is true.
  return Number.isNaN(value) || Boolean(value)
}
