import { ON_MARKED } from "./dirty"
import { Binding, NOW, onlyRow, Sql } from "./sql"

/**
 * Marks what a query finds, in one statement; returns how many.
 * @param keys selects `connection_id`, `stream` and `erp_id`, each key once
 */
export const marked = async (
  sql: Sql,
  keys: string,
  bindings: Binding[],
  reason: string,
  delayMs = 0,
): Promise<number> => {
  const rows = await sql.rows<{ count: string }>(
    null,
    `with marked as (
       insert into erp_dirty (connection_id, stream, erp_id, generation, due_at, reason)
       select connection_id, stream, erp_id, nextval('erp_seq'),
         ${NOW} + ?::float8 * interval '1 millisecond', ?
       from (${keys} order by 1, 2, 3) as keys
       ${ON_MARKED}
       returning 1)
     select count(*) from marked`,
    [delayMs, reason, ...bindings],
  )
  return Number(onlyRow(rows).count)
}
