import { Ledger } from "../../../src/engine/ports"
import { Transaction } from "./memory-database"
import { ledgerDirty } from "./ledger-dirty"
import { ledgerLinks } from "./ledger-links"
import { ledgerRuns } from "./ledger-runs"
import { ledgerNotes } from "./ledger-notes"
import { Session } from "./session"

/** The engine's ledger in memory, with the semantics of the SQL one, statement by statement. */
export const memoryLedger = (session: Session): Ledger<Transaction> => ({
  transaction: (work) => session.transaction(work),
  now: () => session.query("now", null, () => session.clock.iso()),
  nextSeq: () => session.query("nextSeq", null, () => session.db.nextSeq()),
  exclusively: (keys, work) => session.holdingFree(keys, work),
  ...ledgerLinks(session),
  ...ledgerDirty(session),
  ...ledgerRuns(session),
  ...ledgerNotes(session),
})
