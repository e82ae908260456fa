import type { Env } from "./env"
import type { JsonObject, Row, Value } from "./values"

export type OdooVersion = 17 | 18 | 19

export type FieldType =
  | "binary"
  | "boolean"
  | "char"
  | "date"
  | "datetime"
  | "float"
  | "html"
  | "integer"
  | "many2many"
  | "many2one"
  | "monetary"
  | "one2many"
  | "properties"
  | "properties_definition"
  | "selection"
  | "text"

export type Selection = ReadonlyArray<readonly [string, string]>

/** What a model file says about a field; everything else has Odoo's default. */
export interface FieldOptions {
  /** First and last version that has the field. */
  readonly since?: OdooVersion
  readonly until?: OdooVersion
  readonly required?: boolean
  readonly readonly?: boolean
  readonly translate?: boolean
  readonly relation?: string
  /** one2many: the many2one of the other model. */
  readonly inverseOf?: string
  /** many2many: the list lives on the other model, in this field. */
  readonly mirrorOf?: string
  /** Total and decimal places; `false` and 0 store what they get. */
  readonly digits?: readonly [number, number] | false | 0
  readonly selection?: Selection
  readonly searchable?: boolean
  readonly sortable?: boolean
  readonly companyDependent?: boolean
  readonly groups?: string
  /** Overrides what `fields_get` says about `store`. */
  readonly store?: boolean
  readonly compute?: (env: Env, row: Row) => Value
  /** Writing a computed field: what happens instead. */
  readonly inverse?: (env: Env, id: number, value: Value) => void
  readonly default?: Value | ((env: Env) => Value)
}

export interface Field extends FieldOptions {
  readonly name: string
  readonly type: FieldType
  readonly label: string
  /** The value lives in the row. */
  readonly column: boolean
  /** The value lives on the parent record (`_inherits`). */
  readonly inherited: boolean
  readonly store: boolean
  readonly searchable: boolean
  readonly sortable: boolean
}

export type OrmWrite = (env: Env, model: Model, ids: readonly number[], vals: JsonObject) => void
export type OrmCreate = (env: Env, model: Model, list: readonly JsonObject[]) => number[]
export type OrmUnlink = (env: Env, model: Model, ids: readonly number[]) => void

/** What a model does besides storing its fields. */
export interface ModelHooks {
  /** Replace the plain operation; they call it themselves. */
  readonly create?: OrmCreate
  readonly write?: OrmWrite
  readonly unlink?: OrmUnlink
  /** Constraints, run after create and write with the names of the written fields. */
  readonly check?: (env: Env, ids: readonly number[], fields: readonly string[]) => void
  /** `action_archive` (false) and `action_unarchive` (true). */
  readonly toggle?: (env: Env, ids: readonly number[], active: boolean) => void
}

export interface Model extends ModelHooks {
  readonly name: string
  /** The model's name for people, in error messages. */
  readonly title: string
  readonly order: string
  readonly fields: ReadonlyMap<string, Field>
  readonly displayName: (env: Env, row: Row) => string | false
  /** `_inherits`: fields that are not here live on that record. */
  readonly inherits?: { readonly model: string; readonly field: string }
  /** The many2one that makes a tree, for `child_of`. */
  readonly parent?: string
  /** What the connection's user may do; a read-only model answers 403 to writes. */
  readonly access: "full" | "read" | "none"
  /** Who may do more, as the refusal names it. */
  readonly group?: string
}

export type Schema = ReadonlyMap<string, Model>
