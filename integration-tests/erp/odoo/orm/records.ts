import { applyToChildren, applyToList, applyToMirror, parseCommands } from "./commands"
import { convert, emptyValue } from "./convert"
import { validationError, valueError } from "./errors"
import type { Env } from "./env"
import { requireRows } from "./read"
import type { Field, Model } from "./schema"
import { idOf, idsOf, unique, type Json, type JsonObject, type Row, type Value } from "./values"

/** Copies: these cannot be written over RPC and are dropped without a word. */
const SILENTLY_DROPPED: ReadonlySet<string> = new Set([
  ...["id", "parent_path", "create_uid", "create_date", "write_uid", "write_date"],
])

/** The written values, sorted by what has to happen with them. */
interface Plan {
  readonly columns: ReadonlyArray<readonly [Field, Json]>
  readonly parent: JsonObject
  readonly lists: ReadonlyArray<readonly [Field, Json]>
  readonly inverses: ReadonlyArray<readonly [Field, Json]>
}

function planOf(env: Env, model: Model, vals: JsonObject): Plan {
  const columns: Array<[Field, Json]> = []
  const lists: Array<[Field, Json]> = []
  const inverses: Array<[Field, Json]> = []
  const parent: { [key: string]: Json } = {}
  for (const [name, given] of Object.entries(vals)) {
    if (given === undefined || SILENTLY_DROPPED.has(name)) continue
    const field = model.fields.get(name)
    if (field === undefined) {
      const where = env.version >= 19 ? `in '${model.name}'` : `on model '${model.name}'`
      throw valueError(`Invalid field '${name}' ${where}`)
    }
    if (field.inherited) parent[name] = given
    else if (field.column) columns.push([field, given])
    else if (field.inverseOf !== undefined || field.mirrorOf !== undefined) {
      lists.push([field, given])
    } else if (field.inverse !== undefined) inverses.push([field, given])
    // Copies: writing a computed field that has no inverse answers true and does nothing.
  }
  return { columns, parent, lists, inverses }
}

function columnValue(env: Env, model: Model, field: Field, given: Json, before: Value): Value {
  if (field.type === "many2many") {
    return applyToList(env, field.relation ?? "", idsOf(before), parseCommands(given))
  }
  return convert(env, model, field, given, before)
}

function requireValue(model: Model, field: Field, value: Value): void {
  if (field.required !== true || value !== false || field.type === "boolean") return
  throw validationError(
    `The operation cannot be completed: Missing required value for the field '${field.label}' (${field.name}).\n` +
      `Model: '${model.title}' (${model.name})\n` +
      "- create/update: a mandatory field is not set\n" +
      "- delete: another model requires the record being deleted, you can archive it instead\n",
  )
}

/** Puts a row with a new stamp, as the ORM's low level write does: no hooks, no constraints. */
export function patchRow(env: Env, model: string, id: number, patch: Record<string, Value>): void {
  const table = env.table(model)
  const row = table.get(id)
  if (row === undefined) return
  env.tx.put(table, { ...row, ...patch, write_date: env.tx.now, write_uid: env.user.uid })
}

function applyLinks(env: Env, model: Model, id: number, plan: Plan): void {
  for (const [field, given] of plan.lists) {
    const commands = parseCommands(given)
    if (field.mirrorOf !== undefined) applyToMirror(env, field, id, commands)
    else applyToChildren(env, field, id, commands)
  }
  for (const [field, given] of plan.inverses) {
    field.inverse?.(env, id, convert(env, model, field, given, undefined))
  }
}

/**
 * The plain write. Copies: it stamps the record whatever is written, be it the same values or `{}`.
 */
export function plainWrite(env: Env, model: Model, ids: readonly number[], vals: JsonObject): void {
  const plan = planOf(env, model, vals)
  const rows = requireRows(env, model, unique(ids))
  for (const row of rows) {
    const patch: Record<string, Value> = {}
    for (const [field, given] of plan.columns) {
      const value = columnValue(env, model, field, given, row[field.name] ?? false)
      requireValue(model, field, value)
      patch[field.name] = value
    }
    patchRow(env, model.name, row.id, patch)
  }
  const { inherits } = model
  if (inherits !== undefined && Object.keys(plan.parent).length > 0) {
    const parents = unique(rows.map((row) => idOf(row[inherits.field])))
    writeRecords(env, env.model(inherits.model), parents, plan.parent)
  }
  for (const row of rows) applyLinks(env, model, row.id, plan)
  model.check?.(env, ids, Object.keys(vals))
}

/** What creating a record of a model needs, worked out once. */
interface Mould {
  /** Every column with its constant default. */
  readonly blank: Row
  /** Columns whose default depends on the moment or the user. */
  readonly computed: ReadonlyArray<readonly [string, (env: Env) => Value]>
  readonly required: readonly Field[]
}

const moulds = new WeakMap<Model, Mould>()

/**
 * New rows are copies of one blank: V8 then lays them all out alike, which takes a third of the
 * memory of objects that grow key by key.
 */
function mouldOf(model: Model): Mould {
  const known = moulds.get(model)
  if (known !== undefined) return known
  const blank: Record<string, Value> = {}
  const computed: Array<[string, (env: Env) => Value]> = []
  const columns = [...model.fields.values()].filter((field) => field.column && !field.inherited)
  for (const field of columns) {
    const given = field.default
    if (typeof given === "function") computed.push([field.name, given])
    blank[field.name] =
      given === undefined || typeof given === "function" ? emptyValue(field) : given
  }
  const mould: Mould = {
    blank: JSON.parse(JSON.stringify({ ...blank, id: 0 })) as Row,
    computed,
    required: columns.filter((field) => field.required === true),
  }
  moulds.set(model, mould)
  return mould
}

/** The parent record (`_inherits`) of a new one: the given one, or a new one made of its values. */
function parentOf(env: Env, model: Model, plan: Plan): Value {
  const { inherits } = model
  if (inherits === undefined) return false
  const given = plan.columns.find(([field]) => field.name === inherits.field)?.[1]
  if (typeof given === "number" && given !== 0) {
    if (Object.keys(plan.parent).length > 0) {
      writeRecords(env, env.model(inherits.model), [given], plan.parent)
    }
    return given
  }
  const inside = env.withContext({ create_product_product: false })
  return createRecords(inside, inside.model(inherits.model), [plan.parent])[0] ?? false
}

/**
 * Inserts a row from values that are right already, past conversion and constraints. For what Odoo
 * itself creates along the way, such as moves and the quants at their ends.
 */
export function insertRow(env: Env, model: Model, values: Record<string, Value>): number {
  const mould = mouldOf(model)
  const table = env.table(model)
  const id = table.nextId()
  const { now } = env.tx
  const { uid } = env.user
  const row: Record<string, Value> & { id: number } = { ...mould.blank, id }
  for (const [name, value] of mould.computed) row[name] = value(env)
  for (const name in values) row[name] = values[name] ?? false
  for (const field of mould.required) requireValue(model, field, row[field.name] ?? false)
  row["create_date"] = now
  row["write_date"] = now
  row["create_uid"] = uid
  row["write_uid"] = uid
  env.tx.put(table, row)
  return id
}

function createOne(env: Env, model: Model, given: JsonObject): number {
  const plan = planOf(env, model, given)
  const values: Record<string, Value> = {}
  for (const [field, value] of plan.columns) {
    values[field.name] = columnValue(env, model, field, value, false)
  }
  if (model.inherits !== undefined) values[model.inherits.field] = parentOf(env, model, plan)
  const id = insertRow(env, model, values)
  applyLinks(env, model, id, plan)
  return id
}

/** The plain create: defaults, conversion, required values, links, constraints. */
export function plainCreate(env: Env, model: Model, list: readonly JsonObject[]): number[] {
  const ids = list.map((vals) => createOne(env, model, vals))
  if (model.check !== undefined) model.check(env, ids, unionOfKeys(list))
  return ids
}

function unionOfKeys(list: readonly JsonObject[]): string[] {
  const [only] = list
  if (only !== undefined && list.length === 1) return Object.keys(only)
  return [...new Set(list.flatMap((vals) => Object.keys(vals)))]
}

/** The plain delete: the row vanishes and leaves no trace. */
export function plainUnlink(env: Env, model: Model, ids: readonly number[]): void {
  const table = env.table(model)
  for (const id of unique(ids)) env.tx.remove(table, id)
}

/** Creates records with everything the model does besides. */
export function createRecords(env: Env, model: Model, list: readonly JsonObject[]): number[] {
  return (model.create ?? plainCreate)(env, model, list)
}

/** Writes records with everything the model does besides. */
export function writeRecords(
  env: Env,
  model: Model,
  ids: readonly number[],
  vals: JsonObject,
): void {
  ;(model.write ?? plainWrite)(env, model, ids, vals)
}

/**
 * Deletes records with everything the model does besides.
 *
 * @throws {OdooError} `MissingError` when one is gone already.
 */
export function unlinkRecords(env: Env, model: Model, ids: readonly number[]): void {
  requireRows(env, model, ids)
  ;(model.unlink ?? plainUnlink)(env, model, ids)
}

export function rowsOf(env: Env, model: string, ids: readonly number[]): Row[] {
  return requireRows(env, env.model(model), ids)
}
