import { missingError, valueError } from "./errors"
import type { Env } from "./env"
import { humanSize } from "./floats"
import { showMoment } from "./moments"
import { displayName, getter } from "./related"
import type { Field, Model } from "./schema"
import type { Json, JsonObject, Row, Value } from "./values"

/** How many2one fields are answered: as `[id, name]` or as the bare id. */
export type Load = "names" | "ids"

/** Turns the stored value into what the wire carries. */
type Formatter = (value: Value) => Json

export function unknownReadField(env: Env, model: Model, name: string): Error {
  return env.version >= 19
    ? valueError(`Invalid field '${name}' on '${model.name}'`)
    : valueError(`Invalid field '${name}' on model '${model.name}'`)
}

function many2oneFormatter(env: Env, field: Field, load: Load): Formatter {
  const { relation } = field
  if (load === "ids" || relation === undefined) return (value) => value
  const known = new Map<number, Json>()
  const naming = env.hasModel(relation)
  return (value) => {
    if (typeof value !== "number") return false
    let pair = known.get(value)
    if (pair === undefined) {
      pair = [value, naming ? displayName(env, relation, value) : `${relation},${value}`]
      known.set(value, pair)
    }
    return pair
  }
}

function formatter(env: Env, field: Field, load: Load): Formatter {
  switch (field.type) {
    case "many2one":
      return many2oneFormatter(env, field, load)
    case "datetime":
      return (value) => (typeof value === "number" ? showMoment(value) : false)
    case "boolean":
      return (value) => value === true
    case "float":
    case "monetary":
      return (value) => {
        const number = typeof value === "number" ? value : 0
        if (!Number.isFinite(number)) env.notes.notANumber = true
        return number
      }
    case "integer":
      return (value) => (typeof value === "number" ? value : 0)
    case "binary":
      return binaryFormatter(env)
    default:
      return (value) => value
  }
}

/** Copies: with `bin_size` in the context the size of a binary is answered instead of its content. */
function binaryFormatter(env: Env): Formatter {
  if (env.context["bin_size"] !== true) return (value) => value
  return (value) =>
    typeof value === "string" ? humanSize(Math.floor((value.length * 3) / 4)) : value
}

/** Compiles the answer for one row. The id always comes first. */
export function rowReader(
  env: Env,
  model: Model,
  names: readonly string[],
  load: Load,
): (row: Row) => JsonObject {
  const columns: Array<readonly [string, (row: Row) => Json]> = []
  for (const name of names) {
    if (name === "id") continue
    const field = model.fields.get(name)
    if (field === undefined) throw unknownReadField(env, model, name)
    const get = getter(env, model, field)
    const format = formatter(env, field, load)
    columns.push([name, (row) => format(get(row))])
  }
  return (row) => {
    const answer: { [key: string]: Json } = { id: row.id }
    for (const [name, read] of columns) answer[name] = read(row)
    return answer
  }
}

/** Names of all readable fields, for a read that names none. */
export function allFieldNames(model: Model): string[] {
  return [...model.fields.keys()]
}

export function readRows(
  env: Env,
  model: Model,
  rows: readonly Row[],
  fields: readonly string[] | undefined,
  load: Load,
): JsonObject[] {
  const names = fields === undefined || fields.length === 0 ? allFieldNames(model) : fields
  return rows.map(rowReader(env, model, names, load))
}

/** Copies: a read of deleted ids answers without them, it does not fail. */
export function existingRows(env: Env, model: Model, ids: readonly number[]): Row[] {
  const table = env.table(model)
  return ids.map((id) => table.get(id)).filter((row): row is Row => row !== undefined)
}

/** Copies: a write to a deleted record fails, naming the first one. */
export function requireRows(env: Env, model: Model, ids: readonly number[]): Row[] {
  const table = env.table(model)
  return ids.map((id) => {
    const row = table.get(id)
    if (row === undefined) throw missingError(model.name, id, env.user.uid)
    return row
  })
}
