import { JournalEntry, NewLink, ParkedRecord } from "../../../src/engine/ports"
import { heldText } from "../../../src/sync/guards"
import { connectionId, erpId, medusaId } from "../../../src/sync/ids"
import { FieldValue, Side } from "../../../src/sync/values"
import { CONNECTION, LedgerDatabase, openLedgerDatabase } from "./database"

let database: LedgerDatabase
const ledger = () => database.ledger

beforeAll(async () => {
  database = await openLedgerDatabase("ledger_guards")
})
beforeEach(() => database.reset())
afterAll(() => database.close())

const entry = (id: number, more: Partial<JournalEntry> = {}): JournalEntry => ({
  run_id: null,
  entity: "variant",
  erp_id: erpId(id),
  medusa_id: null,
  field: "price:eur",
  side: "medusa",
  kind: "write",
  from: "20",
  to: "5",
  rule: "erp_changed",
  ...more,
})

const write = (...entries: JournalEntry[]) =>
  ledger().transaction((tx) => ledger().journal(tx, CONNECTION, entries))

const held = (
  id: number,
  change: { field: string; side?: Side; from: FieldValue; to: FieldValue },
  more: Partial<ParkedRecord> = {},
): ParkedRecord => ({
  stream: "prices",
  entity: "variant",
  erp_id: erpId(id),
  field: change.field,
  reason: "mass_change",
  message: "Too much at once.",
  value: heldText({ side: "medusa", ...change }),
  remedy: "Approve it.",
  version: null,
  ...more,
})

const park = (...records: ParkedRecord[]) =>
  ledger().transaction((tx) => ledger().park(tx, CONNECTION, records))

const price = { field: "price:eur", from: "20", to: "5" }

describe("what a day's destructive changes come to", () => {
  it("counts prices that moved by more than half, each row once, by side", async () => {
    await write(
      entry(1),
      entry(1, { from: "5", to: "20", kind: "superseded" }),
      entry(2),
      entry(3, { to: "12" }),
      entry(4, { from: null }),
      entry(5, { to: null }),
      entry(6, { field: "sku", from: "a", to: "b" }),
      entry(7, { side: "erp", to: "50" }),
      entry(8, { kind: "drift" }),
    )
    await database.pg.raw(
      `update erp_journal set created_at = now() - interval '25 hours' where erp_id = '2'`,
    )
    expect(await ledger().countMovedPrices(CONNECTION, "medusa")).toBe(1)
    expect(await ledger().countMovedPrices(CONNECTION, "erp")).toBe(1)
    expect(await ledger().countMovedPrices(connectionId("other"), "erp")).toBe(0)
  })

  it("counts tiers of price lists by the price of one piece", async () => {
    const tiers = { field: "price_list:plist_1:eur", from: "20; 10: 18" }
    await write(
      entry(1, { ...tiers, to: "5; 10: 4" }),
      entry(2, { ...tiers, to: "19; 10: 1" }),
      entry(3, { ...tiers, from: "10: 18", to: "10: 1" }),
      entry(4, { ...tiers, to: null }),
    )
    expect(await ledger().countMovedPrices(CONNECTION, "medusa")).toBe(1)
  })

  it("counts levels that fell to 0 because the ERP named them no more", async () => {
    const level = { field: "stock:sloc_1", from: "4", to: "0" }
    await write(
      entry(1, { ...level, rule: "absent_in_erp" }),
      entry(1, { ...level, field: "stock:sloc_2", rule: "absent_in_erp" }),
      entry(2, level),
    )
    expect(await ledger().countAbsentStock(CONNECTION)).toBe(2)
  })

  it("counts what was archived in the ERP apart from what it took away", async () => {
    const archived = { entity: "product", field: "active", from: true, to: false } as const
    await write(
      entry(1, { ...archived, side: "erp", rule: "medusa_changed" }),
      entry(2, { ...archived, side: "erp", from: false, to: true, rule: "medusa_changed" }),
      entry(3, { entity: "product", field: "*", kind: "gone", from: "linked", to: "gone" }),
      entry(4, { entity: "product", field: "*", kind: "gone", from: "linked", to: "gone" }),
    )
    expect(await ledger().countGone(CONNECTION, "product", "erp")).toBe(1)
    expect(await ledger().countGone(CONNECTION, "product")).toBe(2)
  })
})

describe("approval of changes beyond the guard", () => {
  it("covers a change exactly as it stood, and takes it out of the window", async () => {
    await park(held(1, price))
    expect(await ledger().approvedChanges(CONNECTION, [entry(1)])).toEqual([])
    await ledger().approveMassChange(CONNECTION)
    const changes = [entry(1), entry(1, { to: "4" }), entry(1, { from: "19" }), entry(2)]
    expect(await ledger().approvedChanges(CONNECTION, changes)).toEqual([changes[0]])
    expect(await ledger().approvedChanges(connectionId("other"), changes)).toEqual([])
    await write(...changes)
    expect(await ledger().countMovedPrices(CONNECTION, "medusa")).toBe(2)
  })

  it("counts for a day, and not for what was written before", async () => {
    await write(entry(1))
    await park(held(1, price))
    await ledger().approveMassChange(CONNECTION)
    expect(await ledger().countMovedPrices(CONNECTION, "medusa")).toBe(1)
    await database.pg.raw(
      `update erp_journal set created_at = now() - interval '25 hours' where kind = 'approve'`,
    )
    expect(await ledger().approvedChanges(CONNECTION, [entry(1)])).toEqual([])
  })

  it("approves one kind or one side, and answers which records waited", async () => {
    const gone = { field: "status", from: "linked", to: "gone" }
    await park(
      held(1, price),
      held(2, { ...price, side: "erp" }),
      held(3, gone, { stream: "products", entity: "product" }),
      held(4, { field: "stock:sloc_1", from: "4", to: "0" }, { stream: "stock" }),
      held(5, { field: "active", side: "erp", from: true, to: false }, { entity: "product" }),
      held(6, price, { reason: "invalid" }),
    )
    const { parked } = await ledger().listParked({ limit: 50, offset: 0 })
    const waited = (ids: string[]): string[] =>
      parked
        .filter(({ id }) => ids.includes(id))
        .map(({ erp_id }) => erp_id)
        .sort()
    const approve = async (...filter: Parameters<ReturnType<typeof ledger>["approveMassChange"]>) =>
      waited((await ledger().approveMassChange(...filter)).parked)
    expect(await approve(CONNECTION, { kind: "prices", side: "erp" })).toEqual(["2"])
    expect(await approve(CONNECTION, { kind: "absent_stock" })).toEqual(["4"])
    expect(await approve(CONNECTION, { kind: "gone" })).toEqual(["3", "5"])
    expect(await approve(CONNECTION)).toEqual(["1", "2", "3", "4", "5"])
    const product = { entity: "product" } as const
    const changes = [
      entry(3, { ...product, field: "*", from: "linked", to: "gone" }),
      entry(5, { ...product, field: "active", from: true, to: false }),
    ]
    expect(await ledger().approvedChanges(CONNECTION, changes)).toEqual(changes)
  })
})

describe("a value that is free again", () => {
  it("wakes what parked because another record held it", async () => {
    const duplicate = (id: number, reason: string, value: string): ParkedRecord =>
      held(id, price, { stream: "products", entity: "product", reason, value })
    await park(
      duplicate(1, "duplicate_sku", "A"),
      duplicate(2, "ambiguous_match", "A"),
      duplicate(3, "duplicate_sku", "B"),
      duplicate(4, "duplicate_barcode", "A"),
    )
    await ledger().transaction((tx) =>
      ledger().wakeDuplicates(tx, CONNECTION, [{ field: "sku", value: "A" }]),
    )
    const claimed = await ledger().claimDirty(CONNECTION, ["products"], 9, { owner: "a", ms: 1 })
    expect(claimed.map(({ erp_id }) => erp_id).sort()).toEqual(["1", "2"])
  })
})

describe("a tree of categories that has changed", () => {
  it("has the moves asked for again that the ERP refused, and forgets nothing else", async () => {
    const category = (id: number, kept: NewLink["kept"]): NewLink => ({
      entity: "category",
      erp_id: erpId(id),
      parent_erp_id: null,
      medusa_id: medusaId(`pcat_${id}`),
      state: "linked",
      fingerprint: "rules",
      match_key: null,
      base_erp: {},
      base_medusa: {},
      kept,
    })
    await ledger().transaction((tx) =>
      ledger().insertLinks(tx, CONNECTION, [
        category(1, { "refused:parent": "no circle", "refused:name": "no name" }),
        category(2, { "refused:name": "no name" }),
      ]),
    )
    await ledger().transaction((tx) => ledger().wakeRefusedMoves(tx, CONNECTION))
    const links = await ledger().linksByErp(CONNECTION, "category", [erpId(1), erpId(2)])
    expect(links.map(({ kept }) => kept)).toEqual([
      { "refused:name": "no name" },
      { "refused:name": "no name" },
    ])
    const claimed = await ledger().claimDirty(CONNECTION, ["categories"], 9, { owner: "a", ms: 1 })
    expect(claimed.map(({ erp_id }) => erp_id)).toEqual(["1"])
  })
})
