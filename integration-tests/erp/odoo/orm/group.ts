import { valueError } from "./errors"
import type { Env } from "./env"
import { showDate, showMoment } from "./moments"
import { displayName, getter } from "./related"
import { unknownReadField } from "./read"
import type { Field, Model } from "./schema"
import type { Json, JsonObject, Row, Value } from "./values"

/** One group: the values it is grouped by, the condition that finds its rows, and the rows. */
export interface Group {
  readonly values: readonly Json[]
  readonly domain: readonly Json[]
  readonly rows: readonly Row[]
}

interface GroupKey {
  readonly label: string
  readonly field: Field
  readonly part: (row: Row) => { key: Value; shown: Json; condition: Json }
}

const GRANULARITY: Readonly<Record<string, number>> = { day: 10, month: 7, year: 4 }

/** Copies: fields without a column cannot be grouped by; on 17 that includes a quant's warehouse. */
function groupKey(env: Env, model: Model, label: string): GroupKey {
  const [name = "", unit] = label.split(":")
  const field = model.fields.get(name)
  if (field === undefined) throw unknownReadField(env, model, name)
  if (!field.store && !field.sortable) {
    throw valueError(`Cannot convert ${model.name}.${name} to SQL because it is not stored`)
  }
  const get = getter(env, model, field)
  const { relation } = field
  return {
    label,
    field,
    part: (row) => {
      const value = get(row)
      if (field.type === "datetime") {
        const length = GRANULARITY[unit ?? "month"] ?? 7
        const key = typeof value === "number" && showDate(value).slice(0, length)
        return { key, shown: key, condition: [name, ">=", key] }
      }
      const naming = typeof value === "number" && relation !== undefined
      const shown = naming ? [value, displayName(env, relation, value)] : (value as Json)
      return { key: value, shown, condition: [name, "=", value] }
    },
  }
}

/** Groups rows by fields, in the order the groups first appear. */
export function groupRows(
  env: Env,
  model: Model,
  rows: readonly Row[],
  groupby: readonly string[],
): Group[] {
  const keys = groupby.map((label) => groupKey(env, model, label))
  const groups = new Map<string, { values: Json[]; domain: Json[]; rows: Row[] }>()
  for (const row of rows) {
    const parts = keys.map((key) => key.part(row))
    const id = JSON.stringify(parts.map((part) => part.key))
    let group = groups.get(id)
    if (group === undefined) {
      const conditions = parts.map((part) => part.condition)
      const joins: Json[] = conditions.slice(1).map(() => "&")
      group = {
        values: parts.map((part) => part.shown),
        domain: [...joins, ...conditions],
        rows: [],
      }
      groups.set(id, group)
    }
    group.rows.push(row)
  }
  return [...groups.values()]
}

/** The smallest (-1) or largest (1) of many numbers. */
function extreme(numbers: readonly number[], sign: 1 | -1): number | undefined {
  let best: number | undefined
  for (const number of numbers) {
    if (best === undefined || sign * (number - best) > 0) best = number
  }
  return best
}

/** One aggregate such as `quantity:sum` over the rows of a group. */
export function aggregate(env: Env, model: Model, label: string, rows: readonly Row[]): Json {
  if (label === "__count") return rows.length
  const [name = "", given] = label.split(":")
  const field = model.fields.get(name)
  if (field === undefined) throw unknownReadField(env, model, name)
  const get = getter(env, model, field)
  const values = rows.map(get)
  const numbers = values.filter((value): value is number => typeof value === "number")
  const shown = (value: number | undefined): Json => {
    if (value === undefined) return false
    return field.type === "datetime" ? showMoment(value) : value
  }
  switch (given ?? "sum") {
    case "sum":
      return numbers.reduce((total, value) => total + value, 0)
    case "min":
      return shown(extreme(numbers, -1))
    case "max":
      return shown(extreme(numbers, 1))
    case "avg":
      return numbers.length === 0
        ? false
        : numbers.reduce((total, value) => total + value, 0) / numbers.length
    case "count":
      return values.filter((value) => value !== false).length
    case "count_distinct":
      return new Set(values.filter((value) => value !== false)).size
    case "array_agg":
      return values
    default:
      throw valueError(`Invalid aggregate '${label}' on model '${model.name}'`)
  }
}

/** A domain of conditions in a row with its `&` written out; others are taken as they are. */
function joined(domain: readonly Json[]): readonly Json[] {
  const plain = domain.every((item) => typeof item !== "string")
  return plain ? [...domain.slice(1).map(() => "&"), ...domain] : domain
}

/** The answer of `read_group` (17 to 19). */
export function readGroup(
  env: Env,
  model: Model,
  groups: readonly Group[],
  groupby: readonly string[],
  fields: readonly string[],
  lazy: boolean,
  base: readonly Json[],
): JsonObject[] {
  const counter = lazy && groupby[0] !== undefined ? `${groupby[0].split(":")[0]}_count` : "__count"
  return groups.map((group) => {
    const answer: { [key: string]: Json } = {}
    groupby.forEach((label, at) => (answer[label] = group.values[at] ?? false))
    for (const label of fields) {
      const [name = ""] = label.split(":")
      if (groupby.includes(name)) continue
      const field = model.fields.get(name)
      if (
        field !== undefined &&
        !label.includes(":") &&
        !/^(float|integer|monetary)$/.test(field.type)
      ) {
        continue
      }
      answer[name] = aggregate(env, model, label, group.rows)
    }
    answer[counter] = group.rows.length
    answer["__domain"] = base.length === 0 ? group.domain : ["&", ...joined(base), ...group.domain]
    return answer
  })
}
