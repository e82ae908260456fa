import { userError, valueError } from "./errors"
import type { Env } from "./env"
import { getter } from "./related"
import type { Field, Model } from "./schema"
import { idOf, type Row, type Value } from "./values"

export type RowOrder = (a: Row, b: Row) => number

interface OrderTerm {
  readonly field: Field
  readonly descending: boolean
}

const TERM = /^\s*([a-z_][a-z0-9_.]*)(?:\s+(asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*$/i

const known = new WeakMap<Model, Map<string, readonly OrderTerm[]>>()

/** Order clauses are read once per model. */
function orderTerms(env: Env, model: Model, clause: string): readonly OrderTerm[] {
  let ofModel = known.get(model)
  if (ofModel === undefined) {
    ofModel = new Map()
    known.set(model, ofModel)
  }
  let terms = ofModel.get(clause)
  if (terms === undefined) {
    terms = readTerms(env, model, clause)
    if (ofModel.size < 100) ofModel.set(clause, terms)
  }
  return terms
}

/** Reads an order clause. A field without a column faults on 18 and 19, 17 ignores it. */
function readTerms(env: Env, model: Model, clause: string): OrderTerm[] {
  const terms: OrderTerm[] = []
  for (const part of clause.split(",")) {
    const match = TERM.exec(part)
    const name = match?.[1]
    if (name === undefined) {
      throw userError(
        `Invalid "order" specified ("${clause}"). A valid "order" specification is a comma-separated list of valid field names (optionally followed by asc/desc for the direction)`,
      )
    }
    const field = model.fields.get(name)
    if (field === undefined) throw valueError(`Invalid field '${name}' on model '${model.name}'`)
    if (!field.sortable) {
      if (env.version === 17) continue
      throw valueError(`Cannot convert ${model.name}.${name} to SQL because it is not stored`)
    }
    terms.push({ field, descending: match?.[2]?.toLowerCase() === "desc" })
  }
  return terms
}

function compareValues(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b)
  const left = String(a)
  const right = String(b)
  return left < right ? -1 : left > right ? 1 : 0
}

function compareTerm(env: Env, model: Model, term: OrderTerm): RowOrder {
  const { field, descending } = term
  const get = getter(env, model, field)
  const sign = descending ? -1 : 1
  const { relation } = field
  // A link to the same model, as units have, sorts by id.
  if (
    field.type === "many2one" &&
    relation !== undefined &&
    relation !== model.name &&
    env.hasModel(relation)
  ) {
    // A many2one sorts by the default order of the other model, not by its id.
    const table = env.table(relation)
    const inner = rowOrder(env, env.model(relation))
    return (a, b) => {
      const left = table.get(idOf(get(a)))
      const right = table.get(idOf(get(b)))
      if (left === right) return 0
      if (left === undefined) return sign
      if (right === undefined) return -sign
      return sign * inner(left, right)
    }
  }
  const isFlag = field.type === "boolean"
  return (a, b) => {
    const left = get(a)
    const right = get(b)
    // PostgreSQL puts NULL last when ascending, first when descending.
    if (!isFlag && (left === false || right === false)) {
      return left === right ? 0 : left === false ? sign : -sign
    }
    return sign * compareValues(left, right)
  }
}

/** Compares rows by an order clause, or by the model's own order. */
export function rowOrder(env: Env, model: Model, clause = model.order): RowOrder {
  const comparisons = orderTerms(env, model, clause).map((term) => compareTerm(env, model, term))
  const [only] = comparisons
  if (comparisons.length === 1 && only !== undefined) return only
  return (a, b) => {
    for (const compare of comparisons) {
      const result = compare(a, b)
      if (result !== 0) return result
    }
    return 0
  }
}

/** The direction when rows are wanted by id alone, which needs no sorting. */
export function idDirection(clause: string): "up" | "down" | undefined {
  const match = /^\s*id(?:\s+(asc|desc))?\s*$/i.exec(clause)
  if (match === null) return undefined
  return match[1]?.toLowerCase() === "desc" ? "down" : "up"
}
