import { ConnectionRow, Ledger } from "../../../engine/ports"
import { ConnectionId } from "../../../sync/ids"
import { Binding, iso, json, NOW, Sql, Tx } from "./sql"

/** A connection as the options have it now. */
export interface ConfiguredConnection {
  id: string
  erp: string
  /** Why it cannot work as configured: it is paused with this reason until the options are right. */
  problem: ConnectionRow["reason"]
  /** Whether edits of the store go to the ERP. @defaultValue false */
  push?: boolean
}

type Connections = Pick<Ledger<Tx>, "connection" | "connections" | "saveConnection"> & {
  /**
   * Brings the rows in line with the options: new connections appear; one that is gone from the options
   * is kept, paused as `removed_from_options`; one that returns, or whose options are mended, is active.
   * Where write-back is on and nothing is linked yet, nothing can be pending: it is approved. Where it is
   * off, its approval ends.
   */
  syncConnections(configured: ConfiguredConnection[]): Promise<void>
  /** Until when the last approval of changes beyond the guard counts; null when there never was one. */
  approvedUntil(id: ConnectionId): Promise<string | null>
}

export const REMOVED_FROM_OPTIONS = "removed_from_options"
export const MISSING_CREDENTIALS = "missing_credentials"

/** The connections' rows. */
export const connections = (sql: Sql): Connections => ({
  async connection(id) {
    const rows = await sql.rows<ConnectionRow>(null, `${SELECT} where id = ?`, [id])
    return rows[0] ?? null
  },

  connections: () => sql.rows<ConnectionRow>(null, `${SELECT} order by created_at, id`),

  async saveConnection(id, patch) {
    const sets: string[] = []
    const bindings: Binding[] = []
    for (const column of [
      "erp",
      "state",
      "checked_at",
      "approved_at",
      "push_approved_at",
      "rules_fingerprint",
    ] as const) {
      const value = patch[column]
      if (value === undefined) continue
      sets.push(`${column} = ?`)
      bindings.push(value)
    }
    for (const column of ["reason", "identity", "check"] as const) {
      const value = patch[column]
      if (value === undefined) continue
      sets.push(`"${column}" = ?::jsonb`)
      bindings.push(value === null ? null : json(value))
    }
    if (sets.length === 0) return
    await sql.rows(
      null,
      `update erp_connection set ${sets.join(", ")}, updated_at = ${NOW} where id = ?`,
      [...bindings, id],
    )
  },

  async approvedUntil(id) {
    const rows = await sql.rows<{ until: string | null }>(
      null,
      `select ${iso("changes_approved_until")} as until from erp_connection where id = ?`,
      [id],
    )
    return rows[0]?.until ?? null
  },

  async syncConnections(configured) {
    const ids = configured.map(({ id }) => id)
    await sql.transaction(async (tx) => {
      await sql.rows(tx, UPSERT, [json(configured)])
      await sql.rows(
        tx,
        `update erp_connection set state = 'paused', reason = ?::jsonb, updated_at = ${NOW}
         where not (id = any(?::text[])) and reason ->> 'code' is distinct from ?`,
        [json(REMOVED), ids, REMOVED_FROM_OPTIONS],
      )
    })
  },
})

const REMOVED = {
  code: REMOVED_FROM_OPTIONS,
  message: "The options of the plugin no longer name this connection.",
  remedy: "Put it back into the options to go on where it stopped. Its links are kept.",
}

/** Only a pause that came from the options ends with them; a person's or the engine's stays. */
const UPSERT = `
  insert into erp_connection as c (id, erp, state, reason, push_approved_at)
  select g.id, g.erp, case when g.problem is null then 'active' else 'paused' end, g.problem,
    case when g.push then coalesce(o.push_approved_at, case when not exists (
      select 1 from erp_link l where l.connection_id = g.id) then ${NOW} end) end
  from jsonb_to_recordset(?::jsonb) as g(id text, erp text, problem jsonb, push boolean)
  left join erp_connection o on o.id = g.id
  order by g.id
  on conflict (id) do update set
    erp = excluded.erp,
    state = case
      when excluded.state = 'paused' then 'paused'
      when c.reason ->> 'code' in ('${REMOVED_FROM_OPTIONS}', '${MISSING_CREDENTIALS}') then 'active'
      else c.state end,
    reason = case
      when excluded.state = 'paused' then excluded.reason
      when c.reason ->> 'code' in ('${REMOVED_FROM_OPTIONS}', '${MISSING_CREDENTIALS}') then null
      else c.reason end,
    push_approved_at = excluded.push_approved_at,
    updated_at = ${NOW}`

const SELECT = `
  select id, erp, state, reason, identity, "check", ${iso("checked_at")} as checked_at,
    ${iso("approved_at")} as approved_at, ${iso("push_approved_at")} as push_approved_at,
    rules_fingerprint, ${iso("coalesce(linked_at, created_at)")} as created_at
  from erp_connection`
