import { readFileSync } from "node:fs"
import { join } from "node:path"
import { connectionId, erpId } from "../../../src/sync/ids"
import { LedgerDatabase, openLedgerDatabase } from "./database"

const OLD = readFileSync(join(__dirname, "old-database.sql"), "utf8")
const CONNECTION = connectionId("odoo-main")

let database: LedgerDatabase
const ledger = () => database.ledger

beforeAll(async () => {
  database = await openLedgerDatabase("ledger_migrating", OLD)
})
afterAll(() => database.close())

describe("a database of the first version", () => {
  it("keeps its links with bases, intents and what was replaced", async () => {
    const [product, gone] = await ledger().linksByErp(CONNECTION, "product", [erpId(41), erpId(42)])
    expect(product).toMatchObject({
      id: "elnk_00000000000001",
      state: "linked",
      base_erp: { title: "Lamp", description: null },
      base_medusa: { title: "Lamp", description: null },
      content_hash: { products: "h1" },
      replaced: { title: { value: "Old lamp" } },
      owners: {},
      resolutions: {},
      seq: 1,
    })
    expect(gone?.state).toBe("tombstone")
    const [variant] = await ledger().linksByParent(CONNECTION, [erpId(41)])
    expect(variant).toMatchObject({ match_key: "7:8", intents: { sku: { target_value: "L" } } })
  })

  it("keeps cursors, the dirty set, parked records, runs, the journal and approvals", async () => {
    expect(await ledger().cursor(CONNECTION, "products")).toEqual({
      hi: "2026-11-20 09:00:00",
      last: 41,
    })
    expect(await ledger().dirtyDepth(CONNECTION)).toMatchObject({ products: 1 })
    expect((await ledger().listParked({ limit: 9, offset: 0 })).parked).toMatchObject([
      { erp_id: "43", ignored_at: null },
    ])
    expect(await ledger().run("erun_00000000000001")).toMatchObject({
      state: "completed",
      stream_started_at: null,
    })
    expect((await ledger().listJournal({ limit: 9, offset: 0 })).entries).toMatchObject([
      { from: "Old lamp", to: "Lamp" },
    ])
    expect(await ledger().connection(CONNECTION)).toMatchObject({
      state: "active",
      approved_at: "2026-11-01T10:00:00.000000Z",
      created_at: "2026-11-01T10:01:00.000000Z",
      push_approved_at: null,
    })
  })

  it("goes on: an intent of before is found, and write-back waits for approval", async () => {
    expect(await ledger().markOpenIntents(CONNECTION)).toBe(1)
    await ledger().syncConnections([{ id: CONNECTION, erp: "odoo", problem: null, push: true }])
    expect(await ledger().connection(CONNECTION)).toMatchObject({ push_approved_at: null })
    expect(await ledger().nextSeq()).toBeGreaterThan(100)
  })

  it("has no table left that nothing writes to", async () => {
    const { rows } = await database.pg.raw<{ rows: { name: string | null }[] }>(
      `select to_regclass('erp_conflict')::text as name`,
    )
    expect(rows).toEqual([{ name: null }])
  })
})
