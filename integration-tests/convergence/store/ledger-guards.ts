import { GuardedChange, JournalEntry, Ledger } from "../../../src/engine/ports"
import { movesMuch } from "../../../src/sync/guards"
import { FieldValue } from "../../../src/sync/values"
import { Clock } from "../clock"
import { MemoryDatabase, Transaction, View } from "./memory-database"
import { Session } from "./session"

type Guards = Pick<
  Ledger<Transaction>,
  "countGone" | "countMovedPrices" | "countAbsentStock" | "approvedChanges"
>

const DAY_US = 24 * 60 * 60 * 1_000_000

/** What a day's destructive changes come to, and what a person let pass. */
export const ledgerGuards = (session: Session): Guards => {
  const count = (counts: (entry: JournalEntry) => boolean) =>
    session.query("countGuarded", null, (view) => {
      const since = session.clock.micros - DAY_US
      const counted = view
        .all("journal")
        .filter(
          (entry) => entry.at > since && counts(entry) && !isApproved(view, entry, 0, entry.at),
        )
      return new Set(counted.map(({ entity, erp_id, field }) => `${entity}/${erp_id}/${field}`))
        .size
    })
  return {
    countGone: (_connection, entity, side = "medusa") =>
      count(
        (entry) =>
          entry.entity === entity &&
          entry.side === side &&
          (side === "medusa"
            ? entry.kind === "gone" && !["approved", "deleted_in_medusa"].includes(entry.rule)
            : entry.kind === "write" && entry.field === "active" && entry.to === false),
      ),

    countMovedPrices: (_connection, side) =>
      count(
        ({ entity, field, kind, side: written, from, to }) =>
          entity === "variant" &&
          field.startsWith("price:") &&
          (kind === "write" || kind === "superseded") &&
          written === side &&
          movesMuch(from, to),
      ),

    countAbsentStock: () =>
      count(
        ({ entity, field, kind, rule }) =>
          entity === "variant" &&
          field.startsWith("stock:") &&
          kind === "write" &&
          rule === "absent_in_erp",
      ),

    approvedChanges: (_connection, changes) =>
      session.query("approvedChanges", null, (view) =>
        changes.filter((change) =>
          isApproved(view, change, session.clock.micros - DAY_US, session.clock.micros),
        ),
      ),
  }
}

const isApproved = (view: View, change: GuardedChange, since: number, until: number): boolean =>
  view
    .all("journal")
    .some(
      (entry) =>
        entry.kind === "approve" &&
        entry.at > since &&
        entry.at <= until &&
        entry.entity === change.entity &&
        entry.erp_id === change.erp_id &&
        entry.field === change.field &&
        entry.from === change.from &&
        entry.to === change.to,
    )

/** A person lets all that the guard holds back now pass. */
export const approveHeld = (db: MemoryDatabase, clock: Clock): void =>
  db.run(null, "person", (view) => {
    for (const row of view.all("parked").filter(({ reason }) => reason === "mass_change")) {
      const [, from = null, to = null, place] =
        /^(.*) → (.*) in the (ERP|store)$/.exec(row.value ?? "") ?? []
      const id = `ejrn_${String(db.nextSeq()).padStart(8, "0")}`
      view.put("journal", id, {
        id,
        at: clock.micros,
        run_id: null,
        entity: row.entity,
        erp_id: row.erp_id,
        medusa_id: null,
        field: row.field === "status" ? "*" : row.field,
        side: place === "ERP" ? "erp" : "medusa",
        kind: "approve",
        from: heldValue(from),
        to: heldValue(to),
        rule: "approved",
      })
    }
  })

/** A flag was shown as text. */
const heldValue = (text: string | null): FieldValue =>
  text === "true" || text === "false" ? text === "true" : text
