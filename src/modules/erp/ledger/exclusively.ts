import { Knex } from "@medusajs/framework/mikro-orm/knex"
import { Ledger } from "../../../engine/ports"
import { Sql, Tx } from "./sql"

/** Keeps our keys apart from other users of advisory locks in this database. */
const SEED = 4_541_523

/**
 * Locks of keys that no row stands for, such as a SKU about to be created. Two keys with the same hash
 * exclude each other, which costs one of them a turn.
 */
export const exclusively = (pg: Knex, sql: Sql): Pick<Ledger<Tx>, "exclusively"> => ({
  exclusively: <T>(keys: string[], work: (granted: ReadonlySet<string>) => Promise<T>) =>
    pg.transaction(async (tx) => {
      const rows = await sql.rows<{ key: string }>(
        tx,
        `select key from (select distinct unnest(?::text[]) as key order by 1) as wanted
         where pg_try_advisory_xact_lock(hashtextextended(key, ?))`,
        [keys, SEED],
      )
      return work(new Set(rows.map(({ key }) => key)))
    }),
})
