import { Cursor } from "../../../connectors/contract"
import { Ledger } from "../../../engine/ports"
import { json, NOW, onlyRow, Sql, Tx } from "./sql"

type Cursors = Pick<Ledger<Tx>, "cursor" | "saveCursor" | "now" | "nextSeq">

/** Positions of the streams, the database's clock, and the sequence. */
export const cursors = (sql: Sql): Cursors => ({
  async now() {
    const rows = await sql.rows<{ now: string }>(
      null,
      `select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`,
    )
    return onlyRow(rows).now
  },

  async nextSeq() {
    return Number(
      onlyRow(await sql.rows<{ seq: string }>(null, `select nextval('erp_seq') as seq`)).seq,
    )
  },

  async cursor(connection, stream) {
    const rows = await sql.rows<{ value: Cursor }>(
      null,
      `select value from erp_cursor where connection_id = ? and stream = ?`,
      [connection, stream],
    )
    return rows[0]?.value ?? null
  },

  async saveCursor(tx, connection, stream, cursor) {
    await sql.rows(
      tx,
      `insert into erp_cursor (connection_id, stream, value) values (?, ?, ?::jsonb)
       on conflict (connection_id, stream) do update
       set value = excluded.value, updated_at = ${NOW}`,
      [connection, stream, json(cursor)],
    )
  },
})
