import { missingError, valueError } from "./errors"
import type { Env } from "./env"
import { repr } from "./python"
import type { Field } from "./schema"
import { createRecords, unlinkRecords, writeRecords } from "./records"
import {
  idList,
  idsOf,
  isList,
  isObject,
  unique,
  type Json,
  type JsonObject,
  type Row,
} from "./values"

/** One x2many command: `[0, 0, vals]`, `[1, id, vals]`, `[2, id]` … `[6, 0, ids]`. */
interface Command {
  readonly code: number
  readonly id: number
  readonly vals: JsonObject
  readonly ids: readonly number[]
}

/** Reads x2many commands; a plain list of ids means "exactly these", nothing means "none". */
export function parseCommands(value: Json): Command[] {
  if (value === false || value === null) return [{ code: 5, id: 0, vals: {}, ids: [] }]
  if (!isList(value)) throw valueError(`Wrong value for a list of records: ${repr(value)}`)
  if (value.length > 0 && !isList(value[0])) {
    return [{ code: 6, id: 0, vals: {}, ids: idList(value) }]
  }
  return value.map((item) => {
    const [code, id, payload] = isList(item) ? item : []
    if (typeof code !== "number" || code < 0 || code > 6) {
      throw valueError(`Wrong value for a list of records: ${repr(value)}`)
    }
    return {
      code,
      id: typeof id === "number" ? id : 0,
      vals: isObject(payload) ? payload : {},
      ids: idList(payload),
    }
  })
}

function requireLinked(env: Env, relation: string, ids: readonly number[]): void {
  if (!env.hasModel(relation)) return
  for (const id of ids) {
    if (env.row(relation, id) === undefined) throw missingError(relation, id, env.user.uid)
  }
}

/** The new list of a many2many after its commands. */
export function applyToList(
  env: Env,
  relation: string,
  before: readonly number[],
  commands: readonly Command[],
): readonly number[] {
  let ids = [...before]
  for (const command of commands) {
    switch (command.code) {
      case 0:
        ids.push(...createRecords(env, env.model(relation), [command.vals]))
        break
      case 1:
        writeRecords(env, env.model(relation), [command.id], command.vals)
        break
      case 2:
        ids = ids.filter((id) => id !== command.id)
        unlinkRecords(env, env.model(relation), [command.id])
        break
      case 3:
        ids = ids.filter((id) => id !== command.id)
        break
      case 4:
        requireLinked(env, relation, [command.id])
        ids.push(command.id)
        break
      case 5:
        ids = []
        break
      default:
        requireLinked(env, relation, command.ids)
        ids = [...command.ids]
    }
  }
  return unique(ids)
}

/**
 * A many2many whose list lives on the other model. Copies: the other records change their list but
 * not their `write_date`; only the record written to is stamped.
 */
export function applyToMirror(
  env: Env,
  field: Field,
  id: number,
  commands: readonly Command[],
): void {
  const { relation, mirrorOf } = field
  if (relation === undefined || mirrorOf === undefined) return
  const table = env.table(relation)
  const before = table.find(mirrorOf, id)
  const after = new Set(applyToList(env, relation, before, commands))
  const update = (row: Row, ids: readonly number[]) =>
    env.tx.put(table, { ...row, [mirrorOf]: ids })
  for (const linked of [...before]) {
    const row = table.get(linked)
    if (row === undefined || after.has(linked)) continue
    update(
      row,
      idsOf(row[mirrorOf]).filter((other) => other !== id),
    )
  }
  for (const linked of after) {
    const row = table.get(linked)
    if (row === undefined) continue
    const ids = idsOf(row[mirrorOf])
    if (!ids.includes(id)) update(row, [...ids, id])
  }
}

/** A one2many: commands create, change, delete or move the records on the other side. */
export function applyToChildren(
  env: Env,
  field: Field,
  id: number,
  commands: readonly Command[],
): void {
  const { relation, inverseOf } = field
  if (relation === undefined || inverseOf === undefined || !env.hasModel(relation)) return
  const model = env.model(relation)
  // Odoo creates the new ones of a call together: lines of one product make its variants once.
  const created = commands
    .filter((command) => command.code === 0)
    .map((command) => ({ ...command.vals, [inverseOf]: id }))
  if (created.length > 0) createRecords(env, model, created)
  for (const command of commands) {
    const children = env.table(model).find(inverseOf, id)
    switch (command.code) {
      case 1:
        writeRecords(env, model, [command.id], command.vals)
        break
      case 2:
      case 3:
        unlinkRecords(env, model, [command.id])
        break
      case 4:
        writeRecords(env, model, [command.id], { [inverseOf]: id })
        break
      case 5:
        unlinkRecords(env, model, children)
        break
      case 6:
        unlinkRecords(
          env,
          model,
          children.filter((child) => !command.ids.includes(child)),
        )
        break
      default:
    }
  }
}
