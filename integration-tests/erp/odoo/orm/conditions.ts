import { parseDomain, mentions, type Domain, type Leaf } from "./domain"
import { valueError } from "./errors"
import type { Env } from "./env"
import { tuple } from "./python"
import { displayName, getter } from "./related"
import type { Field, Model } from "./schema"
import { ancestors, descendants } from "./trees"
import { idsOf, isList, type Json, type Row, type Value } from "./values"
import { valueTest, type Test } from "./value-conditions"

export type Predicate = (row: Row) => boolean

const RELATIONS: ReadonlySet<string> = new Set(["many2one", "one2many", "many2many"])

/** Compiles a domain into a test of rows of a model. */
export function predicate(env: Env, model: Model, domain: Domain): Predicate {
  switch (domain.kind) {
    case "constant":
      return () => domain.value
    case "not": {
      const inner = predicate(env, model, domain.part)
      return (row) => !inner(row)
    }
    case "and": {
      const tests = domain.parts.map((part) => predicate(env, model, part))
      return (row) => tests.every((test) => test(row))
    }
    case "or": {
      const tests = domain.parts.map((part) => predicate(env, model, part))
      return (row) => tests.some((test) => test(row))
    }
    case "leaf":
      return leafPredicate(env, model, domain)
  }
}

/** Adds the condition that hides archived records, unless the domain speaks of `active` itself. */
export function activePredicate(env: Env, model: Model, domain: Domain): Predicate {
  const test = predicate(env, model, domain)
  const active = model.fields.get("active")
  if (active === undefined || !env.activeTest || mentions(domain, "active")) return test
  const isActive = getter(env, model, active)
  return (row) => isActive(row) === true && test(row)
}

function unknownField(env: Env, model: Model, leaf: Leaf): Error {
  const where = env.version >= 19 ? "condition" : "leaf"
  const quoted = tuple([leaf.path, leaf.operator, leaf.value])
  return valueError(`Invalid field ${model.name}.${leaf.path} in ${where} ${quoted}`)
}

function leafPredicate(env: Env, model: Model, leaf: Leaf): Predicate {
  const [head = "", ...rest] = leaf.path.split(".")
  const field = model.fields.get(head)
  if (field === undefined) throw unknownField(env, model, leaf)
  const linked = getter(env, model, field, "all")
  if (rest.length > 0) return pathPredicate(env, field, linked, leaf, rest.join("."))
  if (leaf.operator === "any" || leaf.operator === "not any") {
    const inner = parseDomain(leaf.value, env.version)
    const test = linkedTest(env, field, inner)
    return leaf.operator === "any" ? (row) => test(linked(row)) : (row) => !test(linked(row))
  }
  const get = getter(env, model, field)
  const test = fieldTest(env, model, field, leaf)
  return (row) => test(get(row))
}

/** A path such as `location_id.usage`: any linked record must match. */
function pathPredicate(
  env: Env,
  field: Field,
  get: (row: Row) => Value,
  leaf: Leaf,
  rest: string,
): Predicate {
  if (field.relation === undefined) {
    throw valueError(`Invalid field path ${leaf.path} on ${field.name}`)
  }
  const test = linkedTest(env, field, { ...leaf, path: rest })
  return (row) => test(get(row))
}

/** So many linked records are looked at one by one; beyond, all matching ones are found in one go. */
const ONE_BY_ONE = 2000

function linkedTest(env: Env, field: Field, inner: Domain): Test {
  const { relation } = field
  if (relation === undefined || !env.hasModel(relation)) return () => false
  // Copies: through a many2one archived records count, through lists they follow active_test.
  const inside = field.type === "many2one" ? env.withContext({ active_test: false }) : env
  const test = activePredicate(inside, env.model(relation), inner)
  const table = env.table(relation)
  let looked = 0
  let matching: Set<number> | undefined
  const matches = (id: number): boolean => {
    const row = table.get(id)
    return row !== undefined && test(row)
  }
  return (value) => {
    const ids = typeof value === "number" ? [value] : idsOf(value)
    looked += ids.length
    if (matching === undefined && looked > ONE_BY_ONE) matching = new Set(table.ids.filter(matches))
    const found = matching
    if (found === undefined) return ids.some(matches)
    return found.size > 0 && ids.some((id) => found.has(id))
  }
}

function fieldTest(env: Env, model: Model, field: Field, leaf: Leaf): Test {
  const { operator, value } = leaf
  if (operator === "child_of" || operator === "parent_of") {
    return treeTest(env, model, field, operator, value)
  }
  if (RELATIONS.has(field.type) && field.relation !== undefined) {
    const byName = typeof value === "string" || (isList(value) && typeof value[0] === "string")
    if (byName) return nameTest(env, field, field.relation, operator, value)
  }
  return valueTest(field, operator, value, env.version)
}

/** Relations compared with a text are compared by the names of the linked records. */
function nameTest(env: Env, field: Field, relation: string, operator: string, value: Json): Test {
  const negative = operator.startsWith("not ") || operator === "!="
  const positive = operator.replace(/^not /, "").replace(/^!=$/, "=")
  const named: Field = { ...field, name: "display_name", type: "char" }
  const test = valueTest(named, positive, value, env.version)
  const matches = (id: number): boolean => test(displayName(env, relation, id))
  return (stored) => {
    const ids = typeof stored === "number" ? [stored] : idsOf(stored)
    return ids.some(matches) !== negative
  }
}

function treeTest(env: Env, model: Model, field: Field, operator: string, value: Json): Test {
  const target = field.name === "id" ? model : env.model(field.relation ?? model.name)
  const roots = (isList(value) ? value : [value]).flatMap((item): number[] => {
    if (typeof item === "number") return [item]
    if (typeof item !== "string") return []
    const wanted = item.toLowerCase()
    return env
      .table(target)
      .ids.filter((id) => (displayName(env, target.name, id) || "").toLowerCase().includes(wanted))
  })
  const family =
    operator === "child_of" ? descendants(env, target, roots) : ancestors(env, target, roots)
  return (stored) =>
    typeof stored === "number" ? family.has(stored) : idsOf(stored).some((id) => family.has(id))
}
