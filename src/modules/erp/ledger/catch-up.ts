import { Cursor } from "../../../connectors/contract"
import { Entity } from "../../../sync/canonical"
import { MedusaId, NEW_PREFIX } from "../../../sync/ids"
import { ON_MARKED } from "./dirty"
import { json, NOW, Sql } from "./sql"

/** The store's own position, beside those of the connections. */
const STORE = { connection_id: "*", stream: "store" }

interface CatchUp {
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
   */
  markEdited(
    edited: {
      entity: Extract<Entity, "product" | "variant" | "category">
      id: MedusaId
      at: string
    }[],
  ): Promise<number>
}

/** Finding the edits that no event told of. */
export const catchUp = (sql: Sql): CatchUp => ({
  async caughtUpTo() {
    const rows = await sql.rows<{ value: Cursor }>(
      null,
      `select value from erp_cursor where connection_id = ? and stream = ?`,
      [STORE.connection_id, STORE.stream],
    )
    const until = rows[0]?.value["until"]
    return typeof until === "string" ? until : null
  },

  async saveCaughtUp(until) {
    await sql.rows(
      null,
      `insert into erp_cursor (connection_id, stream, value) values (?, ?, ?::jsonb)
       on conflict (connection_id, stream) do update
       set value = excluded.value, updated_at = ${NOW}`,
      [STORE.connection_id, STORE.stream, json({ until })],
    )
  },

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

  async markEdited(edited) {
    if (edited.length === 0) return 0
    const rows = await sql.rows(
      null,
      `insert into erp_dirty (connection_id, stream, erp_id, generation, due_at, reason)
       select connection_id, stream, erp_id, nextval('erp_seq'), ${NOW}, 'edited_unseen'
       from (
         select distinct l.connection_id,
           case l.entity when 'category' then 'categories' else 'products' end as stream,
           coalesce(l.parent_erp_id, l.erp_id) as erp_id
         from jsonb_to_recordset(?::jsonb) as g(entity text, id text, at timestamptz)
         join erp_link l on l.medusa_id = g.id and l.entity = g.entity
         where l.state in ('linked', 'gone') and l.updated_at < g.at
         order by 1, 2, 3) as found
       ${ON_MARKED}
       returning 1`,
      [json(edited)],
    )
    return rows.length
  },
})
