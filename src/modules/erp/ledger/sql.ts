import { Knex } from "@medusajs/framework/mikro-orm/knex"
import { MedusaError } from "@medusajs/framework/utils"
import { databaseError } from "./database-errors"

/** The transaction that the ledger opens and that the catalog writes in too. */
export type Tx = Knex.Transaction

export type Binding = string | number | boolean | null | string[]

/** Runs statements on the pool, or in a transaction when one is given. */
export interface Sql {
  /** @throws SyncError `transient` for what a later attempt may get done */
  rows<Row>(tx: Tx | null, statement: string, bindings?: Binding[]): Promise<Row[]>
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/** `Row` is what the statement selects: `rows` trusts its caller for that. */
export const createSql = (pg: Knex): Sql => ({
  async rows<Row>(tx: Tx | null, statement: string, bindings: Binding[] = []) {
    try {
      const answer = await (tx ?? pg).raw<{ rows: Row[] }>(statement, bindings)
      return answer.rows
    } catch (error) {
      throw databaseError(error)
    }
  },
  async transaction<T>(work: (tx: Tx) => Promise<T>) {
    try {
      return await pg.transaction(async (tx) => {
        // A checkout that waits for a row of ours must not wait for a row we wait for.
        await tx.raw(`set local lock_timeout = '1s'`)
        return work(tx)
      })
    } catch (error) {
      throw databaseError(error)
    }
  },
})

/** The row of a statement that always has one. */
export const onlyRow = <Row>(rows: Row[]): Row => {
  const [row] = rows
  if (row === undefined) {
    throw new MedusaError(MedusaError.Types.UNEXPECTED_STATE, "A statement returned no row.")
  }
  return row
}

/** Time of the statement, not of the transaction; stable, so that an index on a time is used. */
export const NOW = "statement_timestamp()"

/** A time as ISO text of one width, so that texts sort as their times do. */
export const iso = (column: string): string =>
  `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** A new id that sorts by creation. */
export const newId = (prefix: string): string =>
  `'${prefix}_' || lpad(to_hex(nextval('erp_seq')), 14, '0')`

/** Milliseconds bound as a parameter, as an interval. */
export const INTERVAL_MS = `(?::float8 * interval '1 millisecond')`

const UNSTORABLE = /\\u(0000|d[89a-f])/

/**
 * JSON text for a `jsonb` parameter. PostgreSQL takes neither NUL nor half a surrogate pair, which a
 * text cut at a fixed length may end in: both become the replacement character.
 */
export const json = (value: unknown): string => {
  const text = JSON.stringify(value)
  return UNSTORABLE.test(text)
    ? JSON.stringify(value, (_key, part: unknown) =>
        typeof part === "string" ? part.replace(/\p{Cs}|\0/gu, "\ufffd") : part,
      )
    : text
}
