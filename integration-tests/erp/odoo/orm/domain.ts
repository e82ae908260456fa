import { valueError } from "./errors"
import { repr } from "./python"
import type { OdooVersion } from "./schema"
import { isList, type Json } from "./values"

/** One condition of a domain. */
export interface Leaf {
  readonly kind: "leaf"
  readonly path: string
  readonly operator: string
  readonly value: Json
}

/** A domain as a tree. */
export type Domain =
  | Leaf
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "and" | "or"; readonly parts: readonly Domain[] }
  | { readonly kind: "not"; readonly part: Domain }

export const EVERYTHING: Domain = { kind: "constant", value: true }

export const OPERATORS: ReadonlySet<string> = new Set([
  ...["=", "!=", ">", ">=", "<", "<=", "=?", "in", "not in", "child_of", "parent_of"],
  ...["like", "not like", "ilike", "not ilike", "=like", "=ilike", "any", "not any"],
])

const NEGATED: Readonly<Record<string, string>> = {
  "=": "!=",
  "!=": "=",
  ">": "<=",
  "<": ">=",
  ">=": "<",
  "<=": ">",
  in: "not in",
  "not in": "in",
  like: "not like",
  "not like": "like",
  ilike: "not ilike",
  "not ilike": "ilike",
  any: "not any",
  "not any": "any",
}

/** Copies: `!` turns the operator round, so that rows without a value match neither `<` nor `not <`. */
function negate(domain: Domain): Domain {
  switch (domain.kind) {
    case "constant":
      return { kind: "constant", value: !domain.value }
    case "and":
      return { kind: "or", parts: domain.parts.map(negate) }
    case "or":
      return { kind: "and", parts: domain.parts.map(negate) }
    case "not":
      return domain.part
    case "leaf": {
      const operator = NEGATED[domain.operator]
      return operator === undefined ? { kind: "not", part: domain } : { ...domain, operator }
    }
  }
}

function malformed(domain: Json): Error {
  return valueError(`Malformed domain: ${repr(domain)}`)
}

function leafOf(item: Json, version: OdooVersion, domain: Json): Domain {
  if (!isList(item) || item.length !== 3) throw malformed(domain)
  const [path, operator, value = null] = item
  if (typeof operator !== "string") throw malformed(domain)
  if ((path === 1 || path === 0) && operator === "=" && value === 1) {
    return { kind: "constant", value: path === 1 }
  }
  if (typeof path !== "string" || path === "") throw malformed(domain)
  const lower = operator === "<>" ? "!=" : operator === "==" ? "=" : operator.toLowerCase()
  if (!OPERATORS.has(lower)) {
    const leaf = `('${path}', '${operator}', ${repr(value)})`
    throw valueError(
      version >= 19 ? `Invalid operator in condition ${leaf}` : `Invalid leaf ${leaf}`,
    )
  }
  return { kind: "leaf", path, operator: lower, value }
}

/**
 * Reads a domain in prefix notation: `&`, `|` and `!` before their operands, conditions in a row
 * are joined by "and".
 *
 * @throws {OdooError} `ValueError` for an unknown operator or a domain that does not add up.
 */
export function parseDomain(domain: Json | undefined, version: OdooVersion): Domain {
  if (domain === undefined || domain === null || domain === false) return EVERYTHING
  if (!isList(domain)) throw malformed(domain)
  const stack: Domain[] = []
  const take = (): Domain => {
    const top = stack.pop()
    if (top === undefined) throw malformed(domain)
    return top
  }
  for (const item of [...domain].reverse()) {
    if (item === "&" || item === "|") {
      const kind = item === "&" ? "and" : "or"
      const first = take()
      stack.push({ kind, parts: [first, take()] })
    } else if (item === "!") stack.push(negate(take()))
    else stack.push(leafOf(item, version, domain))
  }
  stack.reverse()
  const [only] = stack
  if (only === undefined) return EVERYTHING
  return stack.length === 1 ? only : { kind: "and", parts: stack }
}

export function every(...parts: readonly Domain[]): Domain {
  return { kind: "and", parts }
}

export function condition(path: string, operator: string, value: Json): Leaf {
  return { kind: "leaf", path, operator, value }
}

/** All conditions that must hold together, as far as they stand at the top. */
export function conjuncts(domain: Domain): readonly Domain[] {
  return domain.kind === "and" ? domain.parts.flatMap(conjuncts) : [domain]
}

/** Whether a condition anywhere names this field itself (not a path through it). */
export function mentions(domain: Domain, field: string): boolean {
  switch (domain.kind) {
    case "constant":
      return false
    case "leaf":
      return domain.path === field
    case "not":
      return mentions(domain.part, field)
    default:
      return domain.parts.some((part) => mentions(part, field))
  }
}
