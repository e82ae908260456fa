import { userError } from "./errors"
import type { Field, Model, OdooVersion, Schema } from "./schema"
import type { Database, Transaction } from "./transaction"
import type { Table } from "./table"
import { numberOf, without, type Context, type Row, type Value } from "./values"

/** Who calls. */
export interface User {
  readonly uid: number
  readonly login: string
  /** May only read, as Odoo's plain internal user. */
  readonly readOnly: boolean
}

interface EnvParts {
  readonly db: Database
  readonly schema: Schema
  readonly version: OdooVersion
  readonly user: User
  readonly tx: Transaction
}

/** The surroundings of one operation: the tables, the user, the context and the transaction. */
export class Env {
  readonly db: Database
  readonly version: OdooVersion
  readonly user: User
  readonly tx: Transaction
  /** Set when a float that JSON cannot carry is answered: Odoo then writes a bare `NaN`. */
  readonly notes: { notANumber: boolean }

  constructor(
    private readonly parts: EnvParts,
    readonly context: Context,
    notes = { notANumber: false },
  ) {
    this.db = parts.db
    this.version = parts.version
    this.user = parts.user
    this.tx = parts.tx
    this.notes = notes
  }

  withContext(patch: Context): Env {
    return new Env(this.parts, { ...this.context, ...patch }, this.notes)
  }

  /** The same surroundings without one key of the context. */
  withoutContext(key: string): Env {
    return key in this.context ? new Env(this.parts, without(this.context, key), this.notes) : this
  }

  hasModel(name: string): boolean {
    return this.parts.schema.has(name)
  }

  model(name: string): Model {
    const model = this.parts.schema.get(name)
    if (model === undefined) throw userError(`Object ${name} doesn't exist`)
    return model
  }

  field(model: Model, name: string): Field | undefined {
    return model.fields.get(name)
  }

  table(model: Model | string): Table {
    return this.db.table(typeof model === "string" ? model : model.name)
  }

  row(model: string, id: Value | undefined): Row | undefined {
    return this.db.table(model).get(numberOf(id))
  }

  /** Archived records are hidden unless the context says otherwise. */
  get activeTest(): boolean {
    const value = this.context["active_test"]
    return value === undefined || Boolean(value)
  }

  /**
   * The language of translated fields. Unknown or inactive ones are an error on 18 and 19, while 17
   * silently uses the source language, also for writing.
   */
  get lang(): string {
    const lang = this.context["lang"]
    if (typeof lang !== "string" || lang === "" || lang === "en_US") return "en_US"
    for (const id of this.table("res.lang").find("code", lang)) {
      if (this.row("res.lang", id)?.["active"] === true) return lang
    }
    if (this.version >= 18) throw userError(`Invalid language code: ${lang}`)
    return "en_US"
  }
}
