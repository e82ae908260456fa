import { z } from "@medusajs/framework/zod"
import { Cursor } from "../../../connectors/contract"
import { Entity } from "../../../sync/canonical"
import { MedusaId, NEW_PREFIX } from "../../../sync/ids"
import { ON_MARKED } from "./dirty"
import { marked } from "./marked"
import { INTERVAL_MS, json, NOW, Sql } from "./sql"

/** The store's own position, beside those of the connections. */
const STORE = "store"
const MEMBERSHIPS = "memberships"

export interface CatchUp {
  /** Until when edits of the store were looked for, database time, ISO; null: never. */
  caughtUpTo(): Promise<string | null>
  saveCaughtUp(until: string): Promise<void>
  /**
   * Marks products of the store that have no link in one of these connections, so that they are created
   * there; what was unlinked or deleted once stays out.
   */
  markUnlinked(connections: string[], productIds: string[]): Promise<void>
  /**
   * Marks linked records that were edited in the store after their link last changed: what the sync
   * wrote itself, and what an event has told already, is left out. Returns how many were marked.
   * @param skewMs how much later the store's stamps may be than they say
   */
  markEdited(
    edited: {
      entity: Extract<Entity, "product" | "variant" | "category">
      id: MedusaId
      at: string
    }[],
    skewMs: number,
  ): Promise<number>
  /** The marks of the categories' products when they were last looked at; null: never. */
  membershipMarks(): Promise<Record<string, string> | null>
  saveMembershipMarks(marks: Record<string, string>): Promise<void>
  /**
   * Marks products that are in one of these categories, or are not, other than both sides agreed on.
   * @param members all products of these categories
   */
  markMembers(categoryIds: MedusaId[], members: Membership[]): Promise<number>
  /** Marks the stock of variants of which a level is not as the sync left it. */
  markMovedLevels(levels: MovedLevel[]): Promise<number>
  /**
   * How far the clocks of the store's processes and the database's are apart, in milliseconds: the most
   * that any process which is alive has seen.
   */
  clockSkewMs(): Promise<number>
}

export interface Membership {
  category_id: MedusaId
  product_id: MedusaId
}

export interface MovedLevel {
  variant_id: MedusaId
  location_id: MedusaId
  stocked: string | null
}

/** Finding the edits that no event told of. */
export const catchUp = (sql: Sql): CatchUp => ({
  async caughtUpTo() {
    const value = await cursorOf(sql, STORE)
    return typeof value?.["until"] === "string" ? value["until"] : null
  },

  saveCaughtUp: (until) => saveCursor(sql, STORE, { until }),

  async membershipMarks() {
    const value = await cursorOf(sql, MEMBERSHIPS)
    return value === null ? null : z.record(z.string(), z.string()).parse(value)
  },

  saveMembershipMarks: (marks) => saveCursor(sql, MEMBERSHIPS, marks),

  async markUnlinked(connections, productIds) {
    if (connections.length === 0 || productIds.length === 0) return
    await sql.rows(
      null,
      `insert into erp_dirty (connection_id, stream, erp_id, generation, due_at, reason)
       select connection_id, 'products', '${NEW_PREFIX}' || product_id, nextval('erp_seq'), ${NOW},
         'new_in_medusa'
       from unnest(?::text[]) as c(connection_id) cross join unnest(?::text[]) as p(product_id)
       where not exists (
         select 1 from erp_link l
         where l.medusa_id = product_id and l.entity = 'product' and l.connection_id = c.connection_id)
       order by 1, 3
       ${ON_MARKED}`,
      [connections, productIds],
    )
  },

  async markEdited(edited, skewMs) {
    if (edited.length === 0) return 0
    return marked(sql, EDITED, [json(edited), skewMs], UNSEEN)
  },

  async markMembers(categoryIds, members) {
    if (categoryIds.length === 0) return 0
    return marked(sql, MEMBERS, [categoryIds, json(members)], UNSEEN)
  },

  async markMovedLevels(levels) {
    if (levels.length === 0) return 0
    return marked(sql, LEVELS, [json(levels)], UNSEEN)
  },

  async clockSkewMs() {
    const rows = await sql.rows<{ skew: number | null }>(
      null,
      `select max(abs(clock_ahead_ms))::float8 as skew from erp_instance
       where updated_at > ${NOW} - interval '10 minutes'`,
    )
    return rows[0]?.skew ?? 0
  },
})

const cursorOf = async (sql: Sql, stream: string): Promise<Cursor | null> => {
  const rows = await sql.rows<{ value: Cursor }>(
    null,
    `select value from erp_cursor where connection_id = '*' and stream = ?`,
    [stream],
  )
  return rows[0]?.value ?? null
}

const saveCursor = async (sql: Sql, stream: string, value: Cursor): Promise<void> => {
  await sql.rows(
    null,
    `insert into erp_cursor (connection_id, stream, value) values ('*', ?, ?::jsonb)
     on conflict (connection_id, stream) do update
     set value = excluded.value, updated_at = ${NOW}`,
    [stream, json(value)],
  )
}

const UNSEEN = "edited_unseen"

const EDITED = `
  select distinct l.connection_id,
    case l.entity when 'category' then 'categories' else 'products' end as stream,
    coalesce(l.parent_erp_id, l.erp_id) as erp_id
  from jsonb_to_recordset(?::jsonb) as g(entity text, id text, at timestamptz)
  join erp_link l on l.medusa_id = g.id and l.entity = g.entity
  where l.state in ('linked', 'gone') and l.updated_at < g.at + ${INTERVAL_MS}`

// What was agreed is spread once for all categories: a look-up per category would read every link again.
const MEMBERS = `
  with categories as (
    select connection_id, erp_id, medusa_id from erp_link
    where entity = 'category' and state in ('linked', 'gone') and medusa_id = any(?::text[])
  ), products as (
    select connection_id, erp_id, medusa_id, base_medusa from erp_link
    where entity = 'product' and state in ('linked', 'gone')
  ), present as (
    select p.connection_id, p.erp_id, c.erp_id as category
    from jsonb_to_recordset(?::jsonb) as m(category_id text, product_id text)
    join categories c on c.medusa_id = m.category_id
    join products p on p.medusa_id = m.product_id and p.connection_id = c.connection_id
  ), agreed as (
    select p.connection_id, p.erp_id, c.erp_id as category
    from products p
    cross join lateral jsonb_each(p.base_medusa) as held(field, value)
    join categories c
      on c.connection_id = p.connection_id and held.field = 'category:' || c.erp_id
    where held.value = 'true'
  )
  select distinct connection_id, 'products' as stream, erp_id from (
    (select * from present except select * from agreed)
    union all (select * from agreed except select * from present)) as other`

const LEVELS = `
  select distinct l.connection_id, 'stock' as stream, l.erp_id
  from jsonb_to_recordset(?::jsonb) as g(variant_id text, location_id text, stocked text)
  join erp_link l on l.medusa_id = g.variant_id and l.entity = 'variant' and l.state <> 'tombstone'
  where l.base_medusa -> ('stock:' || g.location_id) is not null
    and l.base_medusa ->> ('stock:' || g.location_id) is distinct from g.stocked`
