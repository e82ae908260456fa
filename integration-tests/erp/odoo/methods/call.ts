import { attributeError, httpError, indexError, typeError } from "../orm/errors"
import type { Env } from "../orm/env"
import type { Model } from "../orm/schema"
import { idList, isList, without, type Json, type JsonObject } from "../orm/values"
import { isRequired, paramName, unexpected, type Method } from "./method"
import { privateMethod, READING } from "./reading"
import { SPECIAL } from "./special"
import { TRANSLATING } from "./translating"
import { WRITING } from "./writing"

function lookUp(env: Env, model: Model, name: string): Method | undefined {
  const known = (table: Readonly<Record<string, Method>> | undefined) =>
    table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined
  const method =
    known(SPECIAL[model.name]) ?? known(READING) ?? known(WRITING) ?? known(TRANSLATING)
  const versions = method?.versions
  return versions === undefined || versions.includes(env.version) ? method : undefined
}

function noMethod(env: Env, model: Model, name: string): string {
  return env.version >= 18
    ? `The method '${model.name}.${name}' does not exist`
    : `'${model.name}' object has no attribute '${name}'`
}

function requirePublic(env: Env, model: Model, name: string): void {
  if (name.startsWith("_")) throw privateMethod(env, model, name)
}

/**
 * Calls a method the JSON-2 way: named arguments only, record ids in `ids`.
 *
 * @throws {OdooError} 404 for an unknown model or method, 422 for a missing or unknown argument.
 */
export function callByName(env: Env, modelName: string, name: string, body: JsonObject): Json {
  if (!env.hasModel(modelName)) throw httpError(404, `the model '${modelName}' does not exist`)
  const model = env.model(modelName)
  requirePublic(env, model, name)
  const method = lookUp(env, model, name)
  if (method === undefined) throw httpError(404, noMethod(env, model, name))
  const args = without(body, "ids", "context")
  const ids = idList(body["ids"])
  if (method.kind !== "records" && ids.length > 0) {
    throw httpError(422, `cannot call ${modelName}.${name} with ids`)
  }
  for (const param of method.params) {
    if (isRequired(param) && args[paramName(param)] === undefined) {
      throw httpError(422, `missing a required argument: '${paramName(param)}'`)
    }
  }
  for (const key of Object.keys(args)) {
    if (method.params.some((param) => paramName(param) === key)) continue
    if (method.passesOn !== undefined) throw unexpected(method.passesOn, key)
    throw httpError(422, `got an unexpected keyword argument '${key}'`)
  }
  return method.run({ env, model, ids, args })
}

/**
 * Calls a method the `execute_kw` way: positional arguments (ids first for methods on records), then
 * named ones.
 *
 * @throws {OdooError} `UserError` for an unknown model, `AttributeError` for an unknown method,
 * `TypeError` for arguments that do not fit.
 */
export function callByPosition(
  env: Env,
  modelName: string,
  name: string,
  positional: readonly Json[],
  named: JsonObject,
): Json {
  const model = env.model(modelName)
  requirePublic(env, model, name)
  const method = lookUp(env, model, name)
  if (method === undefined) throw attributeError(noMethod(env, model, name))
  if (method.kind === "create" && positional.length === 0) throw createByName()
  const takesIds = method.kind === "records"
  const ids = takesIds ? idList(positional[0]) : []
  const rest = takesIds ? positional.slice(1) : positional
  const args = bind(model, name, method, rest, named)
  const result = method.run({ env, model, ids, args })
  // Copies: create answers one id when it got one set of values, a list when it got a list.
  const single = method.kind === "create" && !isList(args["vals_list"]) && isList(result)
  return single ? (result[0] ?? false) : result
}

/** Copies: `execute_kw` looks at the first positional argument of `create` to say what it answers. */
function createByName(): Error {
  return indexError("list index out of range")
}

function bind(
  model: Model,
  name: string,
  method: Method,
  positional: readonly Json[],
  named: JsonObject,
): JsonObject {
  const owner = `${model.name === "stock.quant" ? "StockQuant" : "BaseModel"}.${name}()`
  if (positional.length > method.params.length) {
    throw typeError(
      `${owner} takes ${method.params.length + 1} positional arguments but ${positional.length + 1} were given`,
    )
  }
  const args: { [key: string]: Json } = {}
  method.params.forEach((param, at) => {
    const value = positional[at]
    if (value !== undefined) args[paramName(param)] = value
  })
  for (const [key, value] of Object.entries(named)) {
    if (key === "context" || value === undefined) continue
    if (!method.params.some((param) => paramName(param) === key)) {
      throw method.passesOn === undefined
        ? typeError(`${owner} got an unexpected keyword argument '${key}'`)
        : unexpected(method.passesOn, key)
    }
    if (key in args) throw typeError(`${owner} got multiple values for argument '${key}'`)
    args[key] = value
  }
  const missing = method.params.find(
    (param) => isRequired(param) && args[paramName(param)] === undefined,
  )
  if (missing !== undefined) {
    throw typeError(`${owner} missing 1 required positional argument: '${paramName(missing)}'`)
  }
  return args
}
