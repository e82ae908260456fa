import { setTimeout as sleep } from "node:timers/promises"
import { JournalEntry, NewLink, ParkedRecord } from "../../../src/engine/ports"
import { connectionId, erpId, medusaId } from "../../../src/sync/ids"
import { CONNECTION, LedgerDatabase, openLedgerDatabase } from "./database"

let database: LedgerDatabase
const ledger = () => database.ledger

beforeAll(async () => {
  database = await openLedgerDatabase("ledger_findings")
})
beforeEach(() => database.reset())
afterAll(() => database.close())

const record = (more: Partial<ParkedRecord> = {}): ParkedRecord => ({
  stream: "products",
  entity: "product",
  erp_id: erpId(1),
  field: "sku",
  reason: "duplicate_sku",
  message: "Two variants have the SKU A.",
  value: "A",
  remedy: "Change one of them.",
  version: null,
  ...more,
})

const link = (more: Partial<NewLink>): NewLink => ({
  entity: "product",
  erp_id: erpId(1),
  parent_erp_id: null,
  medusa_id: medusaId("prod_1"),
  state: "linked",
  fingerprint: "f",
  match_key: null,
  base_erp: {},
  base_medusa: {},
  ...more,
})

const park = (...records: ParkedRecord[]) =>
  ledger().transaction((tx) => ledger().park(tx, CONNECTION, records))

const parked = async () => (await ledger().listParked({ limit: 50, offset: 0 })).parked

const dirtyKeys = async () =>
  (
    await ledger().claimDirty(CONNECTION, ["categories", "products", "prices", "stock"], 99, {
      owner: "a",
      ms: 1,
    })
  )
    .map(({ stream, erp_id }) => `${stream}:${erp_id}`)
    .sort()

describe("parking", () => {
  it("keeps one row per field, with the latest finding and the first time", async () => {
    await park(record(), record({ message: "again" }))
    const [before] = await parked()
    await park(record({ reason: "invalid", value: "cut \ud83d" }))
    const [after] = await parked()
    expect(after).toMatchObject({
      id: before?.id,
      first_at: before?.first_at,
      reason: "invalid",
      value: "cut \ufffd",
      medusa_id: null,
    })
    expect((after?.last_at ?? "") > (before?.last_at ?? "")).toBe(true)
  })

  it("unparks a record's fields in one stream, except those still wrong", async () => {
    await park(
      record({ field: "sku" }),
      record({ field: "barcode" }),
      record({ field: "*", stream: "stock" }),
      record({ field: "sku", erp_id: erpId(2) }),
    )
    await ledger().transaction((tx) =>
      ledger().unpark(tx, CONNECTION, "products", [
        { entity: "product", erp_id: erpId(1), except: ["barcode"] },
      ]),
    )
    expect((await parked()).map((row) => [row.stream, row.erp_id, row.field]).sort()).toEqual([
      ["products", "1", "barcode"],
      ["products", "2", "sku"],
      ["stock", "1", "*"],
    ])
  })

  it("wakes what waited for a record, under the product's key", async () => {
    await ledger().transaction((tx) =>
      ledger().insertLinks(tx, CONNECTION, [
        link({}),
        link({
          entity: "variant",
          erp_id: erpId(11),
          parent_erp_id: erpId(1),
          medusa_id: medusaId("variant_11"),
        }),
      ]),
    )
    const waits_for = { entity: "category" as const, erp_id: erpId(5) }
    await park(
      record({ reason: "missing_dependency", waits_for }),
      record({ entity: "variant", erp_id: erpId(11), waits_for }),
      record({ entity: "variant", erp_id: erpId(11), stream: "prices", waits_for }),
      record({ erp_id: erpId(2), waits_for: { entity: "category", erp_id: erpId(6) } }),
    )
    await ledger().transaction((tx) =>
      ledger().wakeWaiting(tx, CONNECTION, [waits_for, { entity: "product", erp_id: erpId(5) }]),
    )
    expect(await dirtyKeys()).toEqual(["prices:11", "products:1"])
    expect(await parked()).toHaveLength(4)
  })

  it("marks what was not looked at for a while, and what a person names", async () => {
    await park(record(), record({ field: "barcode" }), record({ erp_id: erpId(2) }))
    expect(await ledger().retryParked(CONNECTION, 60_000)).toBe(0)
    await sleep(30)
    expect(await ledger().retryParked(CONNECTION, 20)).toBe(2)
    expect(await ledger().retryParked(CONNECTION, 60_000)).toBe(0)
    expect(await dirtyKeys()).toEqual(["products:1", "products:2"])
    const [newest] = await parked()
    expect(await ledger().retryParkedRows([newest?.id ?? "", "eprk_none"])).toBe(1)
  })

  it("lists pages with counts of reasons", async () => {
    await park(
      record(),
      record({ field: "barcode" }),
      record({ field: "*", reason: "kit", stream: "stock" }),
    )
    const page = await ledger().listParked({
      connection_id: CONNECTION,
      reason: "duplicate_sku",
      limit: 1,
      offset: 1,
    })
    expect(page.parked).toHaveLength(1)
    expect(page.count).toBe(2)
    expect(page.reasons).toEqual([
      { reason: "duplicate_sku", count: 2 },
      { reason: "kit", count: 1 },
    ])
  })
})

describe("the product's page", () => {
  it("shows a product with its variants and what is parked of them, for each connection", async () => {
    const variant = link({
      entity: "variant",
      erp_id: erpId(11),
      parent_erp_id: erpId(1),
      medusa_id: medusaId("variant_11"),
    })
    await ledger().transaction((tx) => ledger().insertLinks(tx, CONNECTION, [link({}), variant]))
    await park(
      record({ stream: "stock", entity: "variant", erp_id: erpId(11), reason: "kit" }),
      record({ entity: "variant", erp_id: erpId(12), key: erpId(1), reason: "invalid" }),
      record({ erp_id: erpId(2) }),
    )
    const records = await ledger().linkedRecords("product", "prod_1")
    expect(records).toEqual([
      {
        connection_id: "odoo-main",
        erp: "odoo",
        entity: "product",
        erp_id: "1",
        medusa_id: "prod_1",
        state: "linked",
        agreed_at: null,
        parked: [
          expect.objectContaining({ erp_id: "12", reason: "invalid" }),
          expect.objectContaining({ erp_id: "11", reason: "kit", medusa_id: "variant_11" }),
        ],
        variants: [
          {
            entity: "variant",
            erp_id: "11",
            medusa_id: "variant_11",
            state: "linked",
            agreed_at: null,
          },
        ],
      },
    ])
    const [own] = await ledger().linkedRecords("variant", "variant_11")
    expect(own).toMatchObject({ entity: "variant", variants: [], parked: [{ reason: "kit" }] })
    expect(await ledger().linkedRecords("product", "prod_none")).toEqual([])
  })
})

describe("the journal", () => {
  const entry = (more: Partial<JournalEntry> = {}): JournalEntry => ({
    run_id: "erun_1",
    entity: "product",
    erp_id: erpId(1),
    medusa_id: medusaId("prod_1"),
    field: "title",
    side: "medusa",
    kind: "write",
    from: null,
    to: "Chair",
    rule: "erp_changed",
    ...more,
  })
  const write = (...entries: JournalEntry[]) =>
    ledger().transaction((tx) => ledger().journal(tx, CONNECTION, entries))

  it("keeps values of every kind and finds entries by record", async () => {
    await write(
      entry(),
      entry({ from: true, to: null, field: "active" }),
      entry({ erp_id: erpId(2) }),
    )
    const { entries, count } = await ledger().listJournal({ erp_id: "1", limit: 10, offset: 0 })
    expect(count).toBe(2)
    expect(entries.map(({ field, from, to }) => ({ field, from, to }))).toEqual([
      { field: "active", from: true, to: null },
      { field: "title", from: null, to: "Chair" },
    ])
  })

  it("counts what the ERP took away in a day, once a record", async () => {
    const gone = { kind: "gone", field: "*", rule: "gone_in_erp" } as const
    await write(
      entry(gone),
      entry(gone),
      entry({ ...gone, erp_id: erpId(2) }),
      entry({ ...gone, erp_id: erpId(3), rule: "approved" }),
      entry({ ...gone, erp_id: erpId(4), rule: "deleted_in_medusa" }),
      entry({ ...gone, erp_id: erpId(5), entity: "category" }),
    )
    await database.pg.raw(
      `update erp_journal set created_at = now() - interval '25 hours' where erp_id = '2'`,
    )
    expect(await ledger().countGone(CONNECTION, "product")).toBe(1)
    expect(await ledger().countGone(connectionId("other"), "product")).toBe(0)
  })
})

describe("events", () => {
  const events = (...names: string[]) => names.map((name) => ({ name, data: { id: name } }))
  const queue = (...names: string[]) =>
    ledger().transaction((tx) => ledger().queueEvents(tx, "erp-sync:run", events(...names)))

  it("hands out what was not confirmed, in order, once in the given time", async () => {
    const ids = await queue("a", "b", "c")
    expect(await ledger().pendingEvents(60_000, 10)).toEqual([])
    await ledger().confirmEvents([ids[1] ?? ""])
    await sleep(600)
    const [one, other] = await Promise.all([
      ledger().pendingEvents(500, 10),
      ledger().pendingEvents(500, 10),
    ])
    expect([...one, ...other]).toEqual([
      { id: ids[0], group_id: "erp-sync:run", event: { name: "a", data: { id: "a" } } },
      { id: ids[2], group_id: "erp-sync:run", event: { name: "c", data: { id: "c" } } },
    ])
    await sleep(600)
    expect(await ledger().pendingEvents(500, 1)).toHaveLength(1)
  })

  it("queues a thousand in their order", async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `event.${index}`)
    await queue(...names)
    const pending = await ledger().pendingEvents(0, 2000)
    expect(pending.map(({ event }) => event.name)).toEqual(names)
  })
})
