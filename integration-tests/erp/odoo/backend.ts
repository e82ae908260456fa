import { type Addon, buildSchema } from "./models/schema"
import { addTables } from "./models/tables"
import { requireCompanies } from "./orm/access"
import { Env, type User } from "./orm/env"
import { realClock } from "./orm/moments"
import type { OdooVersion, Schema } from "./orm/schema"
import { Database, Transaction } from "./orm/transaction"
import type { Context } from "./orm/values"

/** The simulated server's inside: one database, its models, and the clock of its transactions. */
export class Backend {
  readonly db = new Database()
  readonly schema: Schema
  /** Microseconds since 1970. Tests may put their own clock here. */
  clock: () => number = realClock

  constructor(
    readonly version: OdooVersion,
    /** Name of the database, as clients give it. */
    readonly database: string,
    /** Who the demo page and the control addresses act as. */
    readonly deskUser: User,
    addons: readonly Addon[] = [],
  ) {
    this.schema = buildSchema(version, addons)
    addTables(this.db, this.schema)
  }

  env(user: User, context: Context, tx: Transaction): Env {
    const { db, schema, version } = this
    return new Env({ db, schema, version, user, tx }, context)
  }

  /** Runs `work` in a transaction of its own; an error takes everything back, ids stay used up. */
  execute<T>(user: User, context: Context, work: (env: Env) => T): T {
    const tx = new Transaction(this.db, this.clock())
    try {
      const env = this.env(user, context, tx)
      requireCompanies(env)
      return work(env)
    } catch (error) {
      tx.rollback()
      throw error
    }
  }

  /** For the catalog generator: no way back, any stamp. */
  bulk(user: User, now: number): Env {
    return this.env(user, {}, new Transaction(this.db, now, undefined, false))
  }
}
