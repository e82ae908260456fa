import type { Env } from "./env"
import { rowOrder } from "./order"
import type { Field, Model } from "./schema"
import { idOf, idsOf, textOf, type Row, type Value } from "./values"

/** Reads a field of a row, whatever kind it is. */
export type Getter = (row: Row) => Value

/**
 * Which linked records a list gives: the ones Odoo shows, in their order, or all of them as they
 * come, which conditions want.
 */
export type Links = "shown" | "all"

/** Compiles access to a field once, for many rows. */
export function getter(env: Env, model: Model, field: Field, links: Links = "shown"): Getter {
  if (field.inherited) {
    const parent = model.inherits
    if (parent === undefined) return () => false
    const table = env.table(parent.model)
    const parentModel = env.model(parent.model)
    const parentField = parentModel.fields.get(field.name)
    if (parentField === undefined) return () => false
    const inner = getter(env, parentModel, parentField, links)
    return (row) => {
      const owner = table.get(idOf(row[parent.field]))
      return owner === undefined ? false : inner(owner)
    }
  }
  const { compute, name } = field
  if (field.type === "one2many" || field.type === "many2many") {
    return links === "all" ? allIds(env, field) : shownIds(env, field)
  }
  if (compute !== undefined) return (row) => compute(env, row)
  if (field.translate === true) {
    const lang = env.lang
    return (row) => textOf(row[name], lang)
  }
  return (row) => row[name] ?? false
}

function allIds(env: Env, field: Field): (row: Row) => readonly number[] {
  const { relation, compute, name } = field
  const back = field.inverseOf ?? field.mirrorOf
  if (compute !== undefined) return (row) => idsOf(compute(env, row))
  if (back === undefined || relation === undefined || !env.hasModel(relation)) {
    return (row) => idsOf(row[name])
  }
  const table = env.table(relation)
  return (row) => table.find(back, row.id)
}

/**
 * The ids of a one2many or many2many. As in Odoo they come in the other model's own order, and
 * archived ones are left out unless the context has `active_test: false`.
 */
function shownIds(env: Env, field: Field): (row: Row) => readonly number[] {
  const { relation } = field
  const all = allIds(env, field)
  if (relation === undefined || !env.hasModel(relation)) return all
  const model = env.model(relation)
  const table = env.table(relation)
  const hideArchived = env.activeTest && model.fields.has("active")
  const compare = rowOrder(env, model)
  return (row) => {
    const ids = all(row)
    if (ids.length === 0) return ids
    const rows: Row[] = []
    for (const id of ids) {
      const linked = table.get(id)
      if (linked === undefined || (hideArchived && linked["active"] !== true)) continue
      rows.push(linked)
    }
    if (rows.length > 1) rows.sort(compare)
    return rows.map((linked) => linked.id)
  }
}

/** The name Odoo shows for a record, `false` when it has none. */
export function displayName(env: Env, model: string, id: number): string | false {
  const row = env.row(model, id)
  return row === undefined ? false : env.model(model).displayName(env, row)
}
