import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { Clock } from "../clock"
import { StepLine } from "./step-line"

/** Functions of time are found here before PostgreSQL's; the first schema stays the store's. */
export const SEARCH_PATH = ["public", "simulated", "pg_catalog"]

const FUNCTIONS = ["now", "statement_timestamp", "transaction_timestamp", "clock_timestamp"]

/** A sequence holds the microseconds: it is read and set outside of transactions, as time is. */
const PREPARE = [
  `create schema if not exists simulated`,
  `create sequence if not exists simulated.clock minvalue 0`,
  ...FUNCTIONS.map(
    (name) => `create or replace function simulated.${name}() returns timestamptz
      language sql stable as
      $$ select timestamptz 'epoch' + last_value * interval '1 microsecond' from simulated.clock $$`,
  ),
]

/** Defaults name their function by its number, whatever the search path. */
const DEFAULTS = `
  select format('alter table %s alter column %I set default simulated.now()',
    d.adrelid::regclass, a.attname) as statement
  from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
  where pg_get_expr(d.adbin, d.adrelid) = 'now()'`

/** Puts the functions into a database. It needs sessions with `SEARCH_PATH` to be of use. */
export const prepareTime = async (db: Knex): Promise<void> => {
  for (const statement of PREPARE) {
    await db.raw(statement)
  }
  const { rows } = await db.raw<{ rows: { statement: string }[] }>(DEFAULTS)
  for (const { statement } of rows) {
    await db.raw(statement)
  }
}

/** Brings the database's time in line with the simulation's. */
export const setTime = async (line: StepLine, clock: Clock): Promise<void> => {
  await line.ask("set_time", `select setval('simulated.clock', $1)`, [clock.micros])
}
