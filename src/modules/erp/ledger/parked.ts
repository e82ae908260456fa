import { Ledger } from "../../../engine/ports"
import { ConnectionId } from "../../../sync/ids"
import { ON_MARKED } from "./dirty"
import { forgetRefusals } from "./forget-refusals"
import { INTERVAL_MS, json, newId, NOW, Sql, Tx } from "./sql"

type Parked = Pick<
  Ledger<Tx>,
  "park" | "unpark" | "wakeWaiting" | "wakeDuplicates" | "wakeRefusedMoves" | "retryParked"
> & {
  /** Marks these parked records, by their rows' ids, dirty; returns how many keys that are. */
  retryParkedRows(ids: string[]): Promise<number>
  /** Sets these aside, by their rows' ids, until what is wrong changes; returns how many were not yet. */
  ignoreParked(ids: string[]): Promise<number>
}

/** Records and fields that cannot be synced now. They heal by being looked at again. */
export const parked = (sql: Sql): Parked => ({
  async park(tx, connection, records) {
    if (records.length === 0) return
    const rows = records.map((record) => ({
      ...record,
      waits_for_entity: record.waits_for?.entity ?? null,
      waits_for_erp_id: record.waits_for?.erp_id ?? null,
    }))
    await sql.rows(tx, PARK, [connection, json(rows), connection])
  },

  async unpark(tx, connection, stream, keys) {
    if (keys.length === 0) return
    await sql.rows(
      tx,
      `delete from erp_parked p
       using jsonb_to_recordset(?::jsonb) as g(entity text, erp_id text, "except" text[])
       where p.connection_id = ? and p.stream = ? and p.entity = g.entity and p.erp_id = g.erp_id
         and not (p.field = any(g."except"))`,
      [json(keys), connection, stream],
    )
  },

  async wakeWaiting(tx, connection, arrived) {
    if (arrived.length === 0) return
    await sql.rows(
      tx,
      `insert into erp_dirty (connection_id, stream, erp_id, generation, due_at, reason)
       select connection_id, stream, key, nextval('erp_seq'), ${NOW}, 'dependency_arrived'
       from (
         select distinct p.connection_id, p.stream, p.key
         from jsonb_to_recordset(?::jsonb) as g(entity text, erp_id text)
         cross join lateral (
           select w.connection_id, w.stream, w.key from erp_parked w
           where w.connection_id = ? and w.waits_for_entity = g.entity
             and w.waits_for_erp_id = g.erp_id
           offset 0) as p
         order by 1, 2, 3) as waiting
       ${ON_MARKED}`,
      [json(arrived), connection],
    )
  },

  async wakeDuplicates(tx, connection, freed) {
    if (freed.length === 0) return
    await sql.rows(
      tx,
      `insert into erp_dirty (connection_id, stream, erp_id, generation, due_at, reason)
       select connection_id, stream, key, nextval('erp_seq'), ${NOW}, 'value_freed'
       from (
         select distinct p.connection_id, p.stream, p.key
         from erp_parked p
         join jsonb_to_recordset(?::jsonb) as g(field text, value text)
           on p.reason in ('duplicate_' || g.field, 'ambiguous_match') and p.value = g.value
         where p.connection_id = ?
         order by 1, 2, 3) as waiting
       ${ON_MARKED}`,
      [json(freed), connection],
    )
  },

  async wakeRefusedMoves(tx, connection) {
    const forgotten = await forgetRefusals(
      sql,
      tx,
      `select id as link_id, 'parent' as field from erp_link
       where connection_id = ? and entity = 'category' and state in ('linked', 'gone')`,
      [connection],
    )
    if (forgotten.length === 0) return
    await sql.rows(
      tx,
      `insert into erp_dirty (connection_id, stream, erp_id, generation, due_at, reason)
       select connection_id, 'categories', erp_id, nextval('erp_seq'), ${NOW}, 'tree_changed'
       from erp_link where id = any(?::text[]) order by erp_id
       ${ON_MARKED}`,
      [forgotten.map(({ link_id }) => link_id)],
    )
  },

  async retryParked(connection: ConnectionId, olderThanMs) {
    return retry(sql, `connection_id = ? and looked_at <= ${NOW} - ${INTERVAL_MS}`, [
      connection,
      olderThanMs,
    ])
  },

  retryParkedRows: (ids) => retry(sql, `id = any(?::text[])`, [ids], "ignored_at = null, "),

  async ignoreParked(ids) {
    const rows = await sql.rows(
      null,
      `update erp_parked set ignored_at = ${NOW}, updated_at = ${NOW}
       where id = any(?::text[]) and ignored_at is null returning 1`,
      [ids],
    )
    return rows.length
  },
})

const retry = async (
  sql: Sql,
  which: string,
  bindings: (string | number | string[])[],
  sets = "",
): Promise<number> => {
  const rows = await sql.rows<{ count: string }>(
    null,
    `with looked_at as (
       update erp_parked set ${sets}looked_at = ${NOW} where ${which}
       returning connection_id, stream, key
     ), marked as (
       insert into erp_dirty (connection_id, stream, erp_id, generation, due_at, reason)
       select connection_id, stream, key, nextval('erp_seq'), ${NOW}, 'parked'
       from (select distinct connection_id, stream, key from looked_at order by 1, 2, 3) as keys
       ${ON_MARKED}
       returning 1
     )
     select count(*) from marked`,
    bindings,
  )
  return Number(rows[0]?.count ?? 0)
}

// Without a key of its own a child is looked at through its product, where its link names one.
const PARK = `
  insert into erp_parked as p (
    id, connection_id, stream, entity, erp_id, field, key, reason, message, value, remedy, version,
    waits_for_entity, waits_for_erp_id, looked_at)
  select ${newId("eprk")}, ?, g.stream, g.entity, g.erp_id, g.field,
    coalesce(g.key, case when g.stream = 'products' then l.parent_erp_id end, g.erp_id),
    g.reason, g.message, g.value, g.remedy, g.version,
    g.waits_for_entity, g.waits_for_erp_id, ${NOW}
  from (
    select distinct on (stream, entity, erp_id, field) * from jsonb_to_recordset(?::jsonb) as r(
      stream text, entity text, erp_id text, field text, key text, reason text, message text,
      value text, remedy text, version text, waits_for_entity text, waits_for_erp_id text)
    order by stream, entity, erp_id, field) as g
  left join erp_link l
    on l.connection_id = ? and l.entity = g.entity and l.erp_id = g.erp_id
  on conflict (connection_id, stream, entity, erp_id, field) do update set
    key = excluded.key, reason = excluded.reason, message = excluded.message,
    value = excluded.value, remedy = excluded.remedy, version = excluded.version,
    waits_for_entity = excluded.waits_for_entity, waits_for_erp_id = excluded.waits_for_erp_id,
    ignored_at = case
      when (p.reason, p.value, p.version)
        is distinct from (excluded.reason, excluded.value, excluded.version) then null
      else p.ignored_at end,
    looked_at = excluded.looked_at, updated_at = ${NOW}`
