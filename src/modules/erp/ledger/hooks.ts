import { ConnectionId } from "../../../sync/ids"
import { iso, json, NOW, Sql } from "./sql"

/** What stands about the calls that an ERP makes. */
export interface HookRow {
  connection_id: ConnectionId
  /** SHA-256 of the token, hexadecimal; null: no call is taken. */
  token_hash: string | null
  token_at: string | null
  /** How many calls were accepted, and how many refused, by reason. */
  counters: Record<string, number>
}

export interface Hooks {
  hooks(): Promise<HookRow[]>
  hook(connection: ConnectionId): Promise<HookRow | null>
  /** Replaces the token, by its SHA-256; calls with the former one are refused from now on. */
  setHookToken(connection: ConnectionId, hash: string): Promise<void>
  /** Adds to the counters. */
  countHooks(connection: ConnectionId, counts: Record<string, number>): Promise<void>
}

/** The tokens and counters of the ERPs' calls. */
export const hooks = (sql: Sql): Hooks => ({
  hooks: () => sql.rows<HookRow>(null, `${SELECT} order by id`),

  async hook(connection) {
    const rows = await sql.rows<HookRow>(null, `${SELECT} where id = ?`, [connection])
    return rows[0] ?? null
  },

  async setHookToken(connection, hash) {
    await sql.rows(
      null,
      `update erp_connection
       set hook_token_hash = ?, hook_token_at = ${NOW}, updated_at = ${NOW} where id = ?`,
      [hash, connection],
    )
  },

  async countHooks(connection, counts) {
    await sql.rows(
      null,
      `update erp_connection c set hook_counters = c.hook_counters || (
         select coalesce(jsonb_object_agg(
           key, coalesce((c.hook_counters ->> key)::bigint, 0) + value::bigint), '{}')
         from jsonb_each_text(?::jsonb) as g(key, value))
       where id = ?`,
      [json(counts), connection],
    )
  },
})

const SELECT = `
  select id as connection_id, hook_token_hash as token_hash, ${iso("hook_token_at")} as token_at,
    hook_counters as counters
  from erp_connection`
