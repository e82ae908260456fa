import { OdooError } from "./errors"
import type { Env } from "./env"
import { createRecords, plainCreate, writeRecords } from "./records"
import type { Model } from "./schema"
import type { Json, JsonObject } from "./values"

/** A problem with one row, as `load` reports it: in the answer, with HTTP 200. */
class RowProblem extends Error {
  constructor(
    readonly field: string,
    readonly label: string,
    message: string,
  ) {
    super(message)
  }
}

const EXTERNAL = "ir.model.data"

function externalTarget(env: Env, key: string): { model: string; id: number } | undefined {
  const [found] = env.table(EXTERNAL).find("key", key)
  const row = found === undefined ? undefined : env.row(EXTERNAL, found)
  if (row === undefined) return undefined
  const model = String(row["model"])
  const id = Number(row["res_id"])
  return env.row(model, id) === undefined ? undefined : { model, id }
}

function remember(env: Env, model: Model, key: string, id: number): void {
  const [module = "", name = ""] = key.split(/\.(.*)/)
  plainCreate(env, env.model(EXTERNAL), [
    { name, module, model: model.name, res_id: id, key, target: `${model.name},${id}` },
  ])
}

/** One cell: texts become what the field wants. */
function cellValue(env: Env, model: Model, column: string, cell: Json): readonly [string, Json] {
  const [name = "", part] = column.split("/")
  const field = model.fields.get(name)
  if (field === undefined) throw new RowProblem(column, column, `No matching field '${column}'`)
  const given = String(cell ?? "")
  if (field.type === "many2one" && field.relation !== undefined) {
    if (given === "") return [name, false]
    if (part === ".id") {
      const id = Number(given)
      const isThere = !env.hasModel(field.relation) || env.row(field.relation, id) !== undefined
      if (isThere) return [name, id]
      throw new RowProblem(
        name,
        field.label,
        `No matching record found for database id '${given}' in field '${field.label}'`,
      )
    }
    const target =
      part === "id" ? externalTarget(env, given)?.id : named(env, field.relation, given)
    if (target !== undefined) return [name, target]
    throw new RowProblem(
      name,
      field.label,
      `No matching record found for '${given}' in field '${field.label}'`,
    )
  }
  if (field.type === "many2many" && part === ".id") {
    const ids = given === "" ? [] : given.split(",").map(Number)
    return [name, [[6, 0, ids]]]
  }
  if (given === "") return [name, false]
  if (field.type === "float" || field.type === "integer" || field.type === "monetary") {
    const number = Number(given)
    if (!Number.isNaN(number)) return [name, number]
    throw new RowProblem(
      name,
      field.label,
      `'${given}' does not seem to be a number for field '${field.label}'`,
    )
  }
  if (field.type === "boolean") return [name, /^(1|true|yes)$/i.test(given)]
  return [name, given]
}

function named(env: Env, relation: string, text: string): number | undefined {
  const model = env.model(relation)
  return env.table(relation).ids.find((id) => {
    const row = env.row(relation, id)
    return row !== undefined && model.displayName(env, row) === text
  })
}

type Cells = readonly Json[]

const isChild = (model: Model, column: string): boolean =>
  model.fields.get(column.split("/")[0] ?? "")?.type === "one2many"

const isEmpty = (cell: Json | undefined): boolean => cell === "" || cell === null || !cell

/**
 * Rows that belong together. Copies: a row that fills only columns of one2many fields goes on with the
 * record above it.
 */
function recordsIn(
  model: Model,
  columns: readonly string[],
  data: readonly Cells[],
): { at: number; rows: Cells[] }[] {
  const records: { at: number; rows: Cells[] }[] = []
  data.forEach((cells, at) => {
    const own = columns.some((column, place) => !isChild(model, column) && !isEmpty(cells[place]))
    const last = records.at(-1)
    if (own || last === undefined) records.push({ at, rows: [cells] })
    else last.rows.push(cells)
  })
  return records
}

/** One2many columns as commands: a new child per row that says something about it. */
function childVals(
  env: Env,
  model: Model,
  columns: readonly string[],
  rows: readonly Cells[],
): { [key: string]: Json } {
  const vals: { [key: string]: Json[] } = {}
  for (const cells of rows) {
    const children: { [key: string]: { [key: string]: Json } } = {}
    columns.forEach((column, at) => {
      if (!isChild(model, column) || isEmpty(cells[at])) return
      const [name = "", ...rest] = column.split("/")
      const relation = env.model(model.fields.get(name)?.relation ?? "")
      const [field, value] = cellValue(env, relation, rest.join("/"), cells[at] ?? "")
      children[name] = { ...children[name], [field]: value }
    })
    for (const [name, child] of Object.entries(children)) {
      vals[name] = [...(vals[name] ?? []), [0, 0, child]]
    }
  }
  return vals
}

/** Copies: a constraint of the database. */
function requireName(key: string): void {
  if (!key.includes(" ")) return
  throw new RowProblem(
    "",
    "",
    'new row for relation "ir_model_data" violates check constraint "ir_model_data_name_nospaces"',
  )
}

function loadRow(
  env: Env,
  model: Model,
  columns: readonly string[],
  rows: readonly Cells[],
): number {
  const vals: { [key: string]: Json } = childVals(env, model, columns, rows)
  const [cells = []] = rows
  let key = ""
  let databaseId = 0
  columns.forEach((column, at) => {
    const cell = cells[at] ?? ""
    if (isChild(model, column)) return
    if (column === "id") key = String(cell)
    else if (column === ".id") databaseId = Number(cell)
    else {
      const [name, value] = cellValue(env, model, column, cell)
      vals[name] = value
    }
  })
  requireName(key)
  const existing = databaseId || externalTarget(env, key)?.id
  if (existing) {
    writeRecords(env, model, [existing], vals)
    return existing
  }
  const [id = 0] = createRecords(env, model, [vals])
  if (key !== "") remember(env, model, key, id)
  return id
}

/**
 * `load`: creates or updates by external id. Copies: all or nothing, and a bad cell is no error of
 * the call but `ids: false` with messages, under HTTP 200.
 */
export function loadRecords(
  env: Env,
  model: Model,
  columns: readonly string[],
  data: ReadonlyArray<readonly Json[]>,
): JsonObject {
  const messages: JsonObject[] = []
  const ids: number[] = []
  try {
    env.tx.savepoint(() => {
      for (const { at, rows } of recordsIn(model, columns, data)) {
        try {
          ids.push(loadRow(env, model, columns, rows))
        } catch (error) {
          messages.push(messageOf(error, at))
        }
      }
      if (messages.length > 0) throw new RowProblem("", "", "rolled back")
    })
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error
    return { ids: false, messages, nextrow: 0 }
  }
  return { ids, messages, nextrow: 0 }
}

function messageOf(error: unknown, at: number): JsonObject {
  const place = { rows: { from: at, to: at }, type: "error", record: at }
  if (error instanceof RowProblem) {
    return { ...place, field: error.field, message: error.message, field_name: error.label }
  }
  if (error instanceof OdooError && error.pythonName.startsWith("odoo.exceptions.")) {
    return { ...place, message: error.message }
  }
  throw error
}
