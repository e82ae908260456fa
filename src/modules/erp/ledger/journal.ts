import { Ledger, OutgoingEvent } from "../../../engine/ports"
import { INTERVAL_MS, json, newId, NOW, Sql, Tx } from "./sql"

type Journal = Pick<Ledger<Tx>, "journal" | "queueEvents" | "pendingEvents" | "confirmEvents">

/** What was done, and the events that tell the store of it. */
export const journal = (sql: Sql): Journal => ({
  async journal(tx, connection, entries) {
    if (entries.length === 0) return
    await sql.rows(
      tx,
      `insert into erp_journal (
         id, connection_id, run_id, entity, erp_id, medusa_id, field, side, kind, from_value,
         to_value, rule)
       select ${newId("ejrn")}, ?, run_id, entity, erp_id, medusa_id, field, side, kind, "from",
         "to", rule
       from jsonb_to_recordset(?::jsonb) as g(
         run_id text, entity text, erp_id text, medusa_id text, field text, side text, kind text,
         "from" jsonb, "to" jsonb, rule text)`,
      [connection, json(entries)],
    )
  },

  async queueEvents(tx, groupId, events) {
    if (events.length === 0) return []
    const rows = await sql.rows<{ id: string }>(
      tx,
      `insert into erp_event (id, group_id, name, data)
       select ${newId("eevt")}, ?, event ->> 'name', event -> 'data'
       from jsonb_array_elements(?::jsonb) with ordinality as g(event, position) order by position
       returning id`,
      [groupId, json(events)],
    )
    return rows.map(({ id }) => id).sort()
  },

  /** Each event is handed out once in that time, so that two instances do not both send it. */
  async pendingEvents(olderThanMs, limit) {
    const rows = await sql.rows<{ id: string; group_id: string } & OutgoingEvent>(
      null,
      `with due as (
         select id from erp_event
         where coalesce(tried_at, created_at) <= ${NOW} - ${INTERVAL_MS}
         order by id limit ? for update skip locked
       ), tried as (
         update erp_event e set tried_at = ${NOW} from due where e.id = due.id
         returning e.id, e.group_id, e.name, e.data
       )
       select * from tried order by id`,
      [olderThanMs, limit],
    )
    return rows.map(({ id, group_id, name, data }) => ({ id, group_id, event: { name, data } }))
  },

  async confirmEvents(ids) {
    if (ids.length === 0) return
    await sql.rows(null, `delete from erp_event where id = any(?::text[])`, [ids])
  },
})
