import { JOURNAL } from "../../convergence/real/snapshot-sql"
import { StepLine } from "../../convergence/real/step-line"
import { JournalEntry } from "../../../src/engine/ports"
import { Tx } from "../../../src/modules/erp/ledger"
import { erpId, medusaId } from "../../../src/sync/ids"
import { CONNECTION, LedgerDatabase, openLedgerDatabase } from "./database"

let database: LedgerDatabase
let line: StepLine

beforeAll(async () => {
  database = await openLedgerDatabase("ledger_journal_order")
  line = await StepLine.open(database.url)
})
beforeEach(() => database.reset())
afterAll(async () => {
  await line.close()
  await database.close()
})

const entry = (field: string): JournalEntry => ({
  run_id: null,
  entity: "product",
  erp_id: erpId("19"),
  medusa_id: medusaId("prod_1"),
  field,
  side: "erp",
  kind: "write",
  from: "as it was",
  to: "as it is",
  rule: "medusa_changed",
})

/** An entry in a transaction that stays open until it is let go. */
const journalSlowly = async (field: string): Promise<() => Promise<void>> => {
  let letGo = (): void => undefined
  const released = new Promise<void>((resolve) => (letGo = resolve))
  let written = (): void => undefined
  const isWritten = new Promise<void>((resolve) => (written = resolve))
  const ended = database.ledger.transaction(async (tx: Tx) => {
    await database.ledger.journal(tx, CONNECTION, [entry(field)])
    written()
    await released
  })
  await isWritten
  return () => {
    letGo()
    return ended
  }
}

const news = (known: string[]): Promise<{ id: string; field: string }[]> =>
  line.ask("journal", JOURNAL, [known])

it("shows the simulation an entry that was written before another and committed after it", async () => {
  const end = await journalSlowly("description")
  await database.ledger.transaction((tx) =>
    database.ledger.journal(tx, CONNECTION, [entry("title")]),
  )
  const first = await news([])
  await end()
  const second = await news(first.map(({ id }) => id))

  expect(first).toMatchObject([{ field: "title" }])
  expect(second).toMatchObject([{ field: "description" }])
  expect(await news([...first, ...second].map(({ id }) => id))).toEqual([])
})
