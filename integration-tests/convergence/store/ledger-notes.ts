import { FreedValue, Ledger, ParkedRecord } from "../../../src/engine/ports"
import { Stream } from "../../../src/sync/canonical"
import { ErpId } from "../../../src/sync/ids"
import { refusalName } from "../../../src/sync/refusals"
import { mark } from "./ledger-dirty"
import { Transaction, View } from "./memory-database"
import { Session } from "./session"

type Notes = Pick<
  Ledger<Transaction>,
  | "park"
  | "unpark"
  | "wakeWaiting"
  | "wakeDuplicates"
  | "wakeRefusedMoves"
  | "retryParked"
  | "journal"
  | "queueEvents"
  | "pendingEvents"
  | "confirmEvents"
  | "knownDemand"
>

/** Parked records, the journal, the outbox, and what the ERP is known to count. */
export const ledgerNotes = (session: Session): Notes => ({
  park: (tx, _connection, records) =>
    session.query("park", tx, (view) => {
      for (const record of records) {
        const id = parkedId(record)
        view.put("parked", id, {
          ...record,
          id,
          key: record.key ?? keyOf(view, record),
          looked_at: session.clock.micros,
        })
      }
    }),

  unpark: (tx, _connection, stream, keys) =>
    session.query("unpark", tx, (view) => {
      for (const row of view.all("parked").filter((entry) => entry.stream === stream)) {
        const healed = keys.some(
          (key) =>
            key.entity === row.entity &&
            key.erp_id === row.erp_id &&
            !key.except.includes(row.field),
        )
        if (healed) {
          view.remove("parked", row.id)
        }
      }
    }),

  wakeWaiting: (tx, _connection, arrived) =>
    session.query("wakeWaiting", tx, (view) => {
      for (const row of view.all("parked")) {
        const waits = row.waits_for
        if (waits && arrived.some((a) => a.entity === waits.entity && a.erp_id === waits.erp_id)) {
          mark(session, view, dirtyKey(row, "dependency_arrived"))
        }
      }
    }),

  wakeDuplicates: (tx, _connection, freed) =>
    session.query("wakeDuplicates", tx, (view) => {
      for (const row of view.all("parked")) {
        const waits = ({ field, value }: FreedValue): boolean =>
          row.value === value && [`duplicate_${field}`, "ambiguous_match"].includes(row.reason)
        if (freed.some(waits)) {
          mark(session, view, dirtyKey(row, "value_freed"))
        }
      }
    }),

  wakeRefusedMoves: (tx, connection) =>
    session.query("wakeRefusedMoves", tx, (view) => {
      const refused = view
        .all("links")
        .filter(
          (row) =>
            row.connection_id === connection &&
            row.entity === "category" &&
            (row.state === "linked" || row.state === "gone") &&
            row.kept[refusalName("parent")] !== undefined,
        )
      for (const row of refused) {
        const { id, erp_id } = row
        const kept = Object.fromEntries(
          Object.entries(row.kept).filter(([name]) => name !== refusalName("parent")),
        )
        view.put("links", id, { ...row, kept, seq: session.db.nextSeq() })
        mark(session, view, { stream: "categories", erp_id, reason: "tree_changed" })
      }
    }),

  retryParked: (_connection, olderThanMs) =>
    session.query("retryParked", null, (view) => {
      const now = session.clock.micros
      const due = view.all("parked").filter((row) => row.looked_at <= now - olderThanMs * 1000)
      for (const row of due) {
        view.put("parked", row.id, { ...row, looked_at: now })
        mark(session, view, dirtyKey(row, "parked"))
      }
      return new Set(due.map((row) => `${row.stream}/${row.key}`)).size
    }),

  journal: (tx, _connection, entries) =>
    session.query("journal", tx, (view) => {
      for (const entry of entries) {
        const id = `ejrn_${String(session.db.nextSeq()).padStart(8, "0")}`
        view.put("journal", id, { ...entry, id, at: session.clock.micros })
      }
    }),

  queueEvents: (tx, groupId, events) =>
    session.query("queueEvents", tx, (view) =>
      events.map((event) => {
        const id = `eevt_${String(session.db.nextSeq()).padStart(8, "0")}`
        view.put("events", id, { id, group_id: groupId, event, tried_at: session.clock.micros })
        return id
      }),
    ),

  pendingEvents: (olderThanMs, limit) =>
    session.query("pendingEvents", null, (view) => {
      const due = view
        .all("events")
        .filter((row) => row.tried_at <= session.clock.micros - olderThanMs * 1000)
        .slice(0, limit)
      due.forEach((row) => view.put("events", row.id, { ...row, tried_at: session.clock.micros }))
      return due.map(({ id, group_id, event }) => ({ id, group_id, event }))
    }),

  confirmEvents: (ids) =>
    session.query("confirmEvents", null, (view) => ids.forEach((id) => view.remove("events", id))),

  knownDemand: (tx, _connection, pairs) =>
    session.query("knownDemand", tx, (view) =>
      view
        .all("demand")
        .filter((row) =>
          pairs.some(
            (pair) =>
              pair.inventory_item_id === row.inventory_item_id &&
              pair.location_id === row.location_id,
          ),
        ),
    ),
})

const parkedId = (record: ParkedRecord): string =>
  `${record.stream}/${record.entity}/${record.erp_id}/${record.field}`

const dirtyKey = (row: { stream: Stream; key: ErpId }, reason: string) => ({
  stream: row.stream,
  erp_id: row.key,
  reason,
})

/** Without a key of its own a child is looked at through its product. */
const keyOf = (view: View, record: ParkedRecord): ErpId => {
  const link = view
    .all("links")
    .find((row) => row.entity === record.entity && row.erp_id === record.erp_id)
  return (record.stream === "products" ? link?.parent_erp_id : null) ?? record.erp_id
}
