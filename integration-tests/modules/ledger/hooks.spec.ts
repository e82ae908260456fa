import { ParkedRecord } from "../../../src/engine/ports"
import { connectionId, erpId, medusaId } from "../../../src/sync/ids"
import { CONNECTION, LedgerDatabase, openLedgerDatabase } from "./database"

let database: LedgerDatabase
const ledger = () => database.ledger

beforeAll(async () => {
  database = await openLedgerDatabase("ledger_hooks")
})
beforeEach(() => database.reset())
afterAll(() => database.close())

describe("the ERP's calls", () => {
  it("have a token of which only the hash is kept, and counters that add up", async () => {
    expect(await ledger().hook(CONNECTION)).toEqual({
      connection_id: CONNECTION,
      token_hash: null,
      token_at: null,
      counters: {},
    })
    await ledger().setHookToken(CONNECTION, "ab")
    await Promise.all([
      ledger().countHooks(CONNECTION, { accepted: 2 }),
      ledger().countHooks(CONNECTION, { accepted: 3, unauthorized: 1 }),
    ])
    await ledger().countHooks(CONNECTION, {})
    expect(await ledger().hooks()).toEqual([
      {
        connection_id: CONNECTION,
        token_hash: "ab",
        token_at: expect.stringMatching(/Z$/),
        counters: { accepted: 5, unauthorized: 1 },
      },
    ])
    expect(await ledger().hook(connectionId("other"))).toBeNull()
  })
})

describe("approval of write-back", () => {
  const configure = (push: boolean) =>
    ledger().syncConnections([{ id: CONNECTION, erp: "odoo", problem: null, push }])
  const approved = async () => (await ledger().connection(CONNECTION))?.push_approved_at

  it("comes by itself while nothing is linked, and ends when it is turned off", async () => {
    expect(await approved()).toBeNull()
    await configure(true)
    const at = await approved()
    expect(at).toMatch(/Z$/)
    await configure(true)
    expect(await approved()).toBe(at)
    await configure(false)
    expect(await approved()).toBeNull()
  })

  it("waits for a person where records are linked, and outlives the next boot", async () => {
    await database.pg.raw(
      `insert into erp_link (id, connection_id, entity, erp_id, medusa_id, state, fingerprint, seq, stock_seq)
       values ('elnk_1', ?, 'product', '1', 'prod_1', 'linked', 'f', 1, 1)`,
      [CONNECTION],
    )
    await configure(true)
    expect(await approved()).toBeNull()
    await ledger().saveConnection(CONNECTION, { push_approved_at: await ledger().now() })
    const at = await approved()
    expect(at).toMatch(/Z$/)
    await configure(true)
    expect(await approved()).toBe(at)
  })
})

describe("what is parked and set aside", () => {
  const record = (more: Partial<ParkedRecord> = {}): ParkedRecord => ({
    stream: "products",
    entity: "product",
    erp_id: erpId(1),
    field: "sku",
    reason: "duplicate_sku",
    message: "Two variants have the SKU A.",
    value: "A",
    remedy: "Change one of them.",
    version: "1",
    ...more,
  })
  const park = (...records: ParkedRecord[]) =>
    ledger().transaction((tx) => ledger().park(tx, CONNECTION, records))
  const list = (ignored?: boolean) => ledger().listParked({ ignored, limit: 9, offset: 0 })

  it("is neither listed nor counted, unless it alone is asked for", async () => {
    await park(record(), record({ field: "barcode", reason: "invalid" }))
    const [row] = (await ledger().listParked({ reason: "invalid", limit: 1, offset: 0 })).parked
    expect(await ledger().ignoreParked([row?.id ?? "", "eprk_none"])).toBe(1)
    expect(await ledger().ignoreParked([row?.id ?? ""])).toBe(0)
    expect(await list()).toMatchObject({
      parked: [{ field: "sku", ignored_at: null }],
      count: 1,
      reasons: [{ reason: "duplicate_sku", count: 1 }],
    })
    expect(await list(true)).toMatchObject({
      parked: [{ field: "barcode", ignored_at: expect.stringMatching(/Z$/) }],
      count: 1,
      reasons: [{ reason: "invalid", count: 1 }],
    })
    const { streams } = await ledger().health()
    expect(streams).toEqual([expect.objectContaining({ stream: "products", parked: 1 })])
  })

  it.each<[string, Partial<ParkedRecord>, number]>([
    ["stays aside while nothing changed", { message: "The same in other words." }, 0],
    ["comes back with a new version", { version: "2" }, 1],
    ["comes back with another value", { value: "B" }, 1],
    ["comes back for another reason", { reason: "invalid" }, 1],
  ])("%s", async (_name, change, count) => {
    await park(record())
    const { parked } = await list()
    await ledger().ignoreParked(parked.map(({ id }) => id))
    await park(record(change))
    expect((await list()).count).toBe(count)
  })

  it("comes back when a person has it tried again", async () => {
    await park(record())
    const { parked } = await list()
    const ids = parked.map(({ id }) => id)
    await ledger().ignoreParked(ids)
    expect(await ledger().retryParkedRows(ids)).toBe(1)
    expect((await list()).count).toBe(1)
  })
})

describe("the journal", () => {
  const entry = (field: string, erp: number) => ({
    run_id: null,
    entity: "product" as const,
    erp_id: erpId(erp),
    medusa_id: null,
    field,
    side: field === "sku" ? ("erp" as const) : ("medusa" as const),
    kind: "superseded" as const,
    from: "A",
    to: "B",
    rule: "erp_changed",
  })

  beforeEach(async () => {
    await ledger().transaction((tx) =>
      ledger().journal(tx, CONNECTION, [entry("title", 1), entry("sku", 1), entry("title", 2)]),
    )
    await database.pg.raw(
      `update erp_journal set created_at = now() - interval '10 days' where field = 'title'`,
    )
  })

  it("is found by field, side and time, and entry by entry", async () => {
    const find = async (filter: object) =>
      (await ledger().listJournal({ ...filter, limit: 9, offset: 0 })).entries.map(
        ({ field, erp_id }) => `${field} ${erp_id}`,
      )
    expect(await find({ field: "title" })).toEqual(["title 2", "title 1"])
    expect(await find({ side: "erp" })).toEqual(["sku 1"])
    const day = new Date(Date.now() - 86_400_000).toISOString()
    expect(await find({ since: day })).toEqual(["sku 1"])
    const { entries } = await ledger().listJournal({ limit: 1, offset: 0 })
    expect(await ledger().journalEntry(entries[0]?.id ?? "")).toEqual(entries[0])
    expect(await ledger().journalEntry("ejrn_none")).toBeNull()
  })

  it("keeps what belongs to an open conflict, however old", async () => {
    const [link] = await ledger().transaction((tx) =>
      ledger().insertLinks(tx, CONNECTION, [
        {
          entity: "product",
          erp_id: erpId(1),
          parent_erp_id: null,
          medusa_id: medusaId("p"),
          state: "linked",
          fingerprint: "f",
          match_key: null,
          base_erp: {},
          base_medusa: {},
        },
      ]),
    )
    const link_id = link?.id ?? ""
    await ledger().transaction((tx) =>
      ledger().saveDifferences(
        tx,
        CONNECTION,
        [{ link_id, fields: ["title"] }],
        [
          {
            link_id,
            field: "title",
            kind: "conflict",
            reason: "both_changed",
            message: null,
            erp: "A",
            medusa: "B",
          },
        ],
      ),
    )
    const day = 86_400_000
    const pruned = await ledger().prune({ journal_ms: day, runs_ms: day }, 100)
    expect(pruned.journal).toBe(1)
    const { entries } = await ledger().listJournal({ limit: 9, offset: 0 })
    expect(entries.map(({ field, erp_id }) => `${field} ${erp_id}`)).toEqual(["sku 1", "title 1"])
  })
})
