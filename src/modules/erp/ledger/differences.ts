import { Ledger, Look } from "../../../engine/ports"
import { Difference } from "../../../sync/values"
import { json, NOW, Sql, Tx } from "./sql"

type Differences = Pick<Ledger<Tx>, "saveDifferences">

/** What stands open, field by field: rows come, change and go with the looks at their records. */
export const differences = (sql: Sql): Differences => ({
  async saveDifferences(tx, connection, looked, found) {
    const stale = await staleLinks(sql, tx, looked)
    const standing = looked.filter(({ link_id }) => !stale.has(link_id))
    if (standing.length === 0) return { opened: [], stale: [...stale] }
    const opened = await sql.rows<Difference>(tx, SAVE, [
      json(merged(standing)),
      json(found.filter(({ link_id }) => !stale.has(link_id))),
      connection,
    ])
    return { opened, stale: [...stale] }
  },
})

/** Links with a look that rests on something which has moved by now. */
const staleLinks = async (sql: Sql, tx: Tx, looked: Look[]): Promise<Set<string>> => {
  const ids = looked.flatMap(({ link_id, seqs, stock }) => [
    ...Object.keys(seqs ?? {}),
    ...(stock ? [link_id] : []),
  ])
  if (ids.length === 0) return new Set()
  const rows = await sql.rows<{ id: string; seq: string; stock_seq: string; erp_id: string }>(
    tx,
    `select id, seq, stock_seq, erp_id from erp_link where id = any(?::text[])`,
    [[...new Set(ids)]],
  )
  const present = new Map(rows.map((row) => [row.id, row]))
  const moved = ({ link_id, seqs, stock }: Look): boolean => {
    const own = present.get(link_id)
    return (
      Object.entries(seqs ?? {}).some(([id, seq]) => Number(present.get(id)?.seq) !== seq) ||
      (stock !== undefined &&
        (Number(own?.stock_seq) !== stock.stock_seq || own?.erp_id !== stock.erp_id))
    )
  }
  return new Set(looked.filter(moved).map(({ link_id }) => link_id))
}

/** One entry per link, so that no row is met twice. */
const merged = (looked: { link_id: string; fields: string[] }[]) => {
  const fields = new Map<string, string[]>()
  for (const look of looked) {
    fields.set(look.link_id, [...(fields.get(look.link_id) ?? []), ...look.fields])
  }
  return [...fields].map(([link_id, names]) => ({ link_id, fields: names }))
}

const SAME = `
  b.kind = f.kind and b.reason = f.reason and b.message is not distinct from f.message
  and b.erp_value is not distinct from f.erp and b.medusa_value is not distinct from f.medusa`

// A row that stays the same is not even locked. The lateral look-up goes by the key, however wrong the
// planner's guess is. Another kind is another difference: it is there since now.
const SAVE = `
  with looked as (
    select link_id, fields from jsonb_to_recordset(?::jsonb) as g(link_id text, fields text[])
  ), found as (
    select distinct on (link_id, field) *
    from jsonb_to_recordset(?::jsonb) as g(
      link_id text, field text, kind text, reason text, message text, erp jsonb, medusa jsonb)
    order by link_id, field
  ), before as (
    select e.* from looked cross join lateral (
      select d.* from erp_difference d
      where d.link_id = looked.link_id
        and (d.field = any(looked.fields) or split_part(d.field, ':', 1) || ':*' = any(looked.fields))
      offset 0) as e
  ), closed as (
    delete from erp_difference d using before b
    where d.link_id = b.link_id and d.field = b.field
      and not exists (
        select 1 from found f where f.link_id = b.link_id and f.field = b.field)
  ), saved as (
    insert into erp_difference as d (
      connection_id, link_id, field, entity, kind, reason, message, erp_value, medusa_value)
    select ?, f.link_id, f.field, l.entity, f.kind, f.reason, f.message, f.erp, f.medusa
    from found f join erp_link l on l.id = f.link_id
    where not exists (
      select 1 from before b where b.link_id = f.link_id and b.field = f.field and ${SAME})
    order by f.link_id, f.field
    on conflict (link_id, field) do update set
      kind = excluded.kind, reason = excluded.reason, message = excluded.message,
      erp_value = excluded.erp_value, medusa_value = excluded.medusa_value,
      created_at = case when d.kind = excluded.kind then d.created_at else ${NOW} end,
      updated_at = ${NOW}
    returning d.link_id, d.field
  )
  select f.* from found f join saved s on s.link_id = f.link_id and s.field = f.field
  where not exists (
    select 1 from before b where b.link_id = f.link_id and b.field = f.field and b.kind = f.kind)
  order by f.link_id, f.field`
