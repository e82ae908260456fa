import { valueError } from "./errors"
import { momentTest } from "./moment-conditions"
import { repr } from "./python"
import type { Field, OdooVersion } from "./schema"
import { idsOf, isList, type Json, type Value } from "./values"

export type Test = (value: Value) => boolean

const NUMERIC: ReadonlySet<string> = new Set(["integer", "float", "monetary"])

/** Nothing at all, as `= False` finds it: NULL, and for numbers zero too. */
function isEmpty(value: Value, field: Field): boolean {
  if (Array.isArray(value)) return value.length === 0
  return value === false || (value === 0 && NUMERIC.has(field.type))
}

function pattern(value: string, exact: boolean, ignoreCase: boolean): RegExp {
  const body = value
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/%/g, "[^]*")
    .replace(/_/g, "[^]")
  return new RegExp(exact ? `^${body}$` : body, ignoreCase ? "iu" : "u")
}

function likeTest(operator: string, value: Json): Test {
  const negative = operator.startsWith("not ")
  const exact = operator.startsWith("=")
  const expression = pattern(
    typeof value === "string" ? value : value === false || value === null ? "" : repr(value),
    exact,
    operator.endsWith("ilike"),
  )
  // Copies: a row without text is found by `not like`, never by `like`.
  return (stored) => (typeof stored === "string" && expression.test(stored)) !== negative
}

function membership(field: Field, items: readonly Json[]): Test {
  const wanted = new Set<Json>(items)
  const empty = wanted.has(false) || wanted.has(null)
  if (field.type === "boolean") return (value) => wanted.has(value === true)
  if (field.type === "many2many" || field.type === "one2many") {
    return (value) => {
      const ids = idsOf(value)
      return ids.length === 0 ? empty : ids.some((id) => wanted.has(id))
    }
  }
  if (empty) return (value) => isEmpty(value, field) || wanted.has(value)
  return (value) => value !== false && wanted.has(value)
}

function inequality(operator: string, value: Json): Test {
  const order = (compare: (a: number | string, b: number | string) => boolean): Test => {
    if (typeof value === "number") {
      return (stored) => typeof stored === "number" && compare(stored, value)
    }
    const text = String(value)
    return (stored) => typeof stored === "string" && compare(stored, text)
  }
  switch (operator) {
    case ">":
      return order((a, b) => a > b)
    case ">=":
      return order((a, b) => a >= b)
    case "<":
      return order((a, b) => a < b)
    default:
      return order((a, b) => a <= b)
  }
}

/** Compiles a condition on the value of a field itself; relations by name and trees are not here. */
export function valueTest(field: Field, operator: string, value: Json, version: OdooVersion): Test {
  const quote = `in condition ('${field.name}', '${operator}', ${repr(value)})`
  if (/like$/.test(operator)) return likeTest(operator, value)
  if (operator === "=?") {
    return value === false || value === null ? () => true : valueTest(field, "=", value, version)
  }
  if (isList(value) || operator === "in" || operator === "not in") {
    const items = isList(value) ? value : [value]
    const negative = operator === "not in" || operator === "!="
    const test =
      field.type === "datetime"
        ? anyOf(items.map((item) => momentTest("=", item, version, quote)))
        : membership(field, items)
    return negative ? (stored) => !test(stored) : test
  }
  if (field.type === "datetime") return momentTest(operator, value, version, quote)
  if (operator === "=" || operator === "!=") {
    const test = membership(field, [value])
    return operator === "=" ? test : (stored) => !test(stored)
  }
  if (typeof value !== "number" && typeof value !== "string") {
    throw valueError(`Invalid value ${quote}`)
  }
  return inequality(operator, value)
}

function anyOf(tests: readonly Test[]): Test {
  return (value) => tests.some((test) => test(value))
}
