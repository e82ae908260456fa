import type { Env } from "./env"
import { existingRows, rowReader } from "./read"
import { displayName, getter } from "./related"
import { rowOrder } from "./order"
import type { Model } from "./schema"
import { idsOf, isObject, type Json, type JsonObject, type Row } from "./values"

interface FieldSpec {
  readonly fields: JsonObject | undefined
  readonly context: JsonObject
  readonly order: string | undefined
  readonly limit: number | undefined
}

function specOf(value: Json | undefined): FieldSpec {
  const spec = isObject(value) ? value : {}
  const { fields, context, order, limit } = spec
  return {
    fields: isObject(fields) ? fields : undefined,
    context: isObject(context) ? context : {},
    order: typeof order === "string" && order !== "" ? order : undefined,
    limit: typeof limit === "number" ? limit : undefined,
  }
}

/**
 * The nested read of the web client (`web_read`, `web_search_read`). A many2one is a bare id unless
 * the specification names fields of it.
 */
export function webRead(
  env: Env,
  model: Model,
  rows: readonly Row[],
  specification: JsonObject,
): JsonObject[] {
  const names = Object.keys(specification)
  const answers = rows.map(rowReader(env, model, names, "ids"))
  for (const name of names) {
    const field = model.fields.get(name)
    const { relation } = field ?? {}
    if (field === undefined || relation === undefined || !env.hasModel(relation)) continue
    const spec = specOf(specification[name])
    const fill =
      field.type === "many2one"
        ? many2oneFiller(env, relation, spec)
        : listFiller(env, relation, spec)
    if (fill === undefined) continue
    const get = getter(env, model, field)
    const values = rows.map(get)
    const filled = fill(values.map((value) => (typeof value === "number" ? [value] : idsOf(value))))
    answers.forEach((answer, at) => {
      ;(answer as { [key: string]: Json })[name] = filled[at] ?? false
    })
  }
  return answers
}

type Filler = (lists: ReadonlyArray<readonly number[]>) => Json[]

/** Reads each linked record once and shares it between the rows that have it. */
function readLinked(
  env: Env,
  relation: string,
  ids: Iterable<number>,
  fields: JsonObject,
): Map<number, JsonObject> {
  const model = env.model(relation)
  const rows = existingRows(env, model, [...new Set(ids)])
  return new Map(webRead(env, model, rows, fields).map((answer) => [Number(answer["id"]), answer]))
}

function many2oneFiller(env: Env, relation: string, spec: FieldSpec): Filler | undefined {
  const { fields } = spec
  if (fields === undefined) return undefined
  const inside = env.withContext(spec.context)
  return (lists) => {
    const { display_name: wantsName, ...others } = fields
    const linked = readLinked(inside, relation, lists.flat(), others)
    return lists.map(([id]) => {
      const answer = id === undefined ? undefined : linked.get(id)
      if (id === undefined || answer === undefined) return false
      if (wantsName === undefined) return answer
      return { ...answer, display_name: displayName(inside, relation, id) }
    })
  }
}

/**
 * Copies: which records a list shows follows the context of the *call*; a context inside the
 * specification only counts for what is read of them (so `active_test: false` belongs outside).
 */
function listFiller(env: Env, relation: string, spec: FieldSpec): Filler | undefined {
  const { fields, order, limit } = spec
  if (fields === undefined && order === undefined) return undefined
  const inside = env.withContext(spec.context)
  const table = env.table(relation)
  const compare = order === undefined ? undefined : rowOrder(env, env.model(relation), order)
  const sorted = (ids: readonly number[]): readonly number[] => {
    if (compare === undefined) return ids
    const rows = ids.map((id) => table.get(id)).filter((row): row is Row => row !== undefined)
    return rows.sort(compare).map((row) => row.id)
  }
  return (lists) => {
    const ordered = lists.map(sorted)
    if (fields === undefined) return ordered.map((ids) => [...ids])
    const shown = limit === undefined ? ordered : ordered.map((ids) => ids.slice(0, limit))
    const linked = readLinked(inside, relation, shown.flat(), fields)
    return ordered.map((ids) => ids.map((id) => linked.get(id) ?? { id }))
  }
}
