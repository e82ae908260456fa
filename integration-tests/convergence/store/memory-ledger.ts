import { Ledger } from "../../../src/engine/ports"
import { Transaction } from "./memory-database"
import { ledgerDifferences } from "./ledger-differences"
import { ledgerDirty } from "./ledger-dirty"
import { ledgerGuards } from "./ledger-guards"
import { ledgerElements } from "./ledger-elements"
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
  ...ledgerElements(session),
  ...ledgerDirty(session),
  ...ledgerDifferences(session),
  ...ledgerRuns(session),
  ...ledgerNotes(session),
  ...ledgerGuards(session),
})
