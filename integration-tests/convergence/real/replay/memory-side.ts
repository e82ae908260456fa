import { Clock } from "../../clock"
import { Faults } from "../../faults"
import { Random } from "../../random"
import { Process, Scheduler } from "../../scheduler"
import { memoryCatalog } from "../../store/memory-catalog"
import { MemoryDatabase, Transaction } from "../../store/memory-database"
import { memoryLedger } from "../../store/memory-ledger"
import { Session } from "../../store/session"
import { CONNECTION, Side } from "./side"

/** Without a choice: each call happens when it is made. */
class AtOnce extends Scheduler {
  override call<T>(_process: Process, _label: string, work: () => T): Promise<T> {
    return new Promise((resolve) => {
      resolve(work())
    })
  }
}

/** The store in memory, as the simulation has it. */
export const memoryStore = (clock: Clock) => {
  const random = new Random(1)
  const db = new MemoryDatabase()
  const session = new Session(
    db,
    clock,
    { name: "script", alive: true },
    new AtOnce(random, clock),
    new Faults(random, 0),
    new Map(),
  )
  db.run(null, "set up", (view) =>
    view.put("connections", CONNECTION, {
      id: CONNECTION,
      erp: "double",
      state: "active",
      reason: null,
      identity: null,
      check: null,
      checked_at: null,
      approved_at: null,
      rules_fingerprint: null,
      push_approved_at: clock.iso(),
      created_at: clock.iso(),
    }),
  )
  return { db, ledger: memoryLedger(session), catalog: memoryCatalog(session) }
}

export const memorySide = (clock: Clock): Side<Transaction> => {
  const { ledger, catalog } = memoryStore(clock)
  return new Side("memory", ledger, catalog)
}
