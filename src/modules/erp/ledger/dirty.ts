import { Lane } from "../../../connectors/contract"
import { Ledger, SUSPECT_LOSSES } from "../../../engine/ports"
import { Entity, Stream, STREAMS } from "../../../sync/canonical"
import { ConnectionId, ErpId, MedusaId } from "../../../sync/ids"
import { NOTED } from "./noted-claims"
import { INTERVAL_MS, json, NOW, Sql, Tx } from "./sql"

type Dirty = Pick<
  Ledger<Tx>,
  "markDirty" | "claimDirty" | "finishDirty" | "releaseDirty" | "dirtyDepth"
> & {
  /**
   * Marks the keys of linked Medusa records, of one connection or of all: for products the product's
   * key, for prices and stock the keys of the variants. What is not linked is left out.
   */
  markDirtyByMedusa(
    connection: ConnectionId | null,
    entity: Extract<Entity, "product" | "variant" | "category">,
    medusaIds: MedusaId[] | string[],
    stream: Stream,
    reason: string,
  ): Promise<void>
  /** Prolongs the leases of all keys that this owner holds; returns how many. */
  renewDirty(connection: ConnectionId, owner: string, leaseMs: number): Promise<number>
  /**
   * Milliseconds until the next key of these streams, or a run of the lane that somebody left, can be
   * claimed; null when nothing waits.
   */
  dueIn(connection: ConnectionId, lane: Lane, streams: Stream[]): Promise<number | null>
}

/** The dirty set: one row per key, whose generation moves with every mark. */
export const dirty = (sql: Sql): Dirty => ({
  async markDirty(connection, keys, tx) {
    if (keys.length === 0) return
    await sql.rows(
      tx ?? null,
      `insert into erp_dirty (connection_id, stream, erp_id, generation, due_at, reason)
       select ?, stream, erp_id, nextval('erp_seq'),
         ${NOW} + coalesce(delay_ms, 0) * interval '1 millisecond', reason
       from (
         select distinct on (stream, erp_id) stream, erp_id, delay_ms, reason
         from jsonb_to_recordset(?::jsonb)
           as g(stream text, erp_id text, delay_ms float8, reason text)
         order by stream, erp_id, coalesce(delay_ms, 0)) as given
       ${ON_MARKED}`,
      [connection, json(keys)],
    )
  },

  async markDirtyByMedusa(connection, entity, medusaIds, stream, reason) {
    if (medusaIds.length === 0) return
    const ofVariants = entity === "product" && (stream === "prices" || stream === "stock")
    const key = stream === "products" ? "coalesce(l.parent_erp_id, l.erp_id)" : "l.erp_id"
    await sql.rows(
      null,
      `insert into erp_dirty (connection_id, stream, erp_id, generation, due_at, reason)
       select connection_id, ?, erp_id, nextval('erp_seq'), ${NOW}, ?
       from (
         select distinct l.connection_id, ${ofVariants ? "v.erp_id" : `${key} as erp_id`}
         from erp_link l
         ${ofVariants ? VARIANTS_OF : ""}
         where l.medusa_id = any(?::text[]) and l.entity = ? and l.state <> 'tombstone'
           and (?::text is null or l.connection_id = ?)
         order by 1, 2) as linked
       ${ON_MARKED}`,
      [stream, reason, medusaIds, entity, connection, connection],
    )
  },

  async claimDirty(connection, streams, limit, lease) {
    const rows = await sql.rows<ClaimedRow>(null, CLAIM, [
      streams,
      connection,
      limit,
      limit,
      lease.owner,
      lease.ms,
      lease.owner,
    ])
    return rows.map((row) => ({ ...row, generation: Number(row.generation) }))
  },

  async finishDirty(tx, connection, claims, owner) {
    if (claims.length === 0) return
    await sql.rows(tx, FINISH, [json(claims.map(toKey)), connection, owner])
  },

  async releaseDirty(connection, claims, owner, delayMs) {
    if (claims.length === 0) return
    await sql.rows(null, RELEASE, [json(claims.map(toKey)), connection, owner, delayMs])
  },

  async renewDirty(connection, owner, leaseMs) {
    const rows = await sql.rows(
      null,
      `update erp_dirty set lease_until = ${NOW} + ${INTERVAL_MS}
       where connection_id = ? and lease_owner = ? and lease_until > ${NOW} returning 1`,
      [leaseMs, connection, owner],
    )
    return rows.length
  },

  async dueIn(connection, lane, streams) {
    const rows = await sql.rows<{ ms: number | null }>(
      null,
      `select extract(epoch from least(
         (select min(greatest(due_at, coalesce(lease_until, due_at))) from erp_dirty
          where connection_id = ? and stream = any(?::text[])),
         (select min(lease_until) from erp_run
          where connection_id = ? and lane = ? and state = 'running')) - ${NOW})::float8 * 1000 as ms`,
      [connection, streams, connection, lane],
    )
    return rows[0]?.ms ?? null
  },

  async dirtyDepth(connection) {
    const rows = await sql.rows<{ stream: Stream; count: string }>(
      null,
      `select stream, count(*) from erp_dirty where connection_id = ? group by stream`,
      [connection],
    )
    const depth = Object.fromEntries(STREAMS.map((stream) => [stream, 0])) as Depth
    for (const row of rows) depth[row.stream] = Number(row.count)
    return depth
  },
})

type Depth = Record<Stream, number>

interface ClaimedRow {
  stream: Stream
  erp_id: ErpId
  generation: string
  claims: number
  losses: number
  reason: string
}

const toKey = ({
  stream,
  erp_id,
  generation,
}: {
  stream: Stream
  erp_id: ErpId
  generation: number
}) => ({
  stream,
  erp_id,
  generation,
})

/** A generation comes from the sequence, so that a key marked again after its end is not taken for the old one. */
export const ON_MARKED = `
  on conflict (connection_id, stream, erp_id) do update set
    generation = excluded.generation,
    due_at = least(erp_dirty.due_at, excluded.due_at),
    reason = excluded.reason,
    updated_at = ${NOW}`

const VARIANTS_OF = `
  join erp_link v on v.connection_id = l.connection_id and v.parent_erp_id = l.erp_id
    and v.entity = 'variant' and v.state <> 'tombstone'`

// A claim that nobody gave back was lost. Of the keys that were lost often, one is taken at a time, the
// least suspect one first.
const CLAIM = `
  with due as (
    select d.* from unnest(?::text[]) as wanted(stream)
    cross join lateral (
      select e.connection_id, e.stream, e.erp_id, e.due_at,
        case when e.lease_owner is null then 0 else e.losses + 1 end as losses
      from erp_dirty e
      where e.connection_id || ':' || e.stream = ? || ':' || wanted.stream and e.due_at <= ${NOW}
        and (e.lease_until is null or e.lease_until <= ${NOW})
      order by e.due_at limit ?
      for update skip locked) as d
    order by d.due_at limit ?
  ), chosen as (
    select due.*, row_number() over (
      partition by losses >= ${SUSPECT_LOSSES} order by losses, due_at, erp_id) as nth
    from due
  ), claimed as (
    update erp_dirty d set
      lease_owner = ?, lease_until = ${NOW} + ${INTERVAL_MS}, claims = d.claims + 1,
      losses = c.losses
    from chosen c
    where d.connection_id = c.connection_id and d.stream = c.stream and d.erp_id = c.erp_id
      and (c.losses < ${SUSPECT_LOSSES} or c.nth = 1)
    returning d.stream, d.erp_id, d.generation, d.claims, d.losses, d.reason, d.due_at
  ), ${NOTED}
  select stream, erp_id, generation, claims, losses, reason from claimed order by due_at, erp_id`

// The lateral lock looks every key up by itself, however wrong the planner's guess of their number is.
const HELD = `
  with given as (
    select * from jsonb_to_recordset(?::jsonb) as g(stream text, erp_id text, generation bigint)
    order by stream, erp_id
  ), held as (
    select d.connection_id, d.stream, d.erp_id, d.generation = g.generation as same
    from given g cross join lateral (
      select e.connection_id, e.stream, e.erp_id, e.generation from erp_dirty e
      where e.connection_id = ? and e.stream = g.stream and e.erp_id = g.erp_id
        and e.lease_owner = ? and e.lease_until > ${NOW}
      for update) as d
  )`

const IS_HELD = `d.connection_id = h.connection_id and d.stream = h.stream and d.erp_id = h.erp_id`

// Looking at a key succeeded: one that was marked meanwhile starts counting its attempts anew.
const FINISH = `${HELD}, finished as (
    delete from erp_dirty d using held h where ${IS_HELD} and h.same
  )
  update erp_dirty d set lease_owner = null, lease_until = null, claims = 0
  from held h where ${IS_HELD} and not h.same`

const RELEASE = `${HELD}
  update erp_dirty d set lease_owner = null, lease_until = null,
    due_at = case when h.same then ${NOW} + ${INTERVAL_MS} else d.due_at end
  from held h where ${IS_HELD}`
