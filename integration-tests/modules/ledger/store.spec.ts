import { setTimeout as sleep } from "node:timers/promises"
import { erpId, medusaId } from "../../../src/sync/ids"
import { CONNECTION, LedgerDatabase, openLedgerDatabase } from "./database"

let database: LedgerDatabase
const ledger = () => database.ledger

beforeAll(async () => {
  database = await openLedgerDatabase("ledger_store")
})
beforeEach(() => database.reset())
afterAll(() => database.close())

describe("connections", () => {
  const configure = (...ids: string[]) =>
    ledger().syncConnections(ids.map((id) => ({ id, erp: "odoo", problem: null })))
  const missing = { code: "missing_credentials", message: "Missing: url.", remedy: "Set it." }

  it("keeps one that the options no longer name, paused, until it returns", async () => {
    await ledger().saveConnection(CONNECTION, { approved_at: "2026-11-24T10:00:00.000000Z" })
    await configure("other")
    expect(await ledger().connection(CONNECTION)).toMatchObject({
      state: "paused",
      reason: { code: "removed_from_options" },
    })
    await configure("other", CONNECTION)
    expect(await ledger().connection(CONNECTION)).toMatchObject({
      state: "active",
      reason: null,
      approved_at: "2026-11-24T10:00:00.000000Z",
    })
    expect((await ledger().connections()).map(({ id }) => id).sort()).toEqual([
      "odoo-main",
      "other",
    ])
  })

  it("pauses one without credentials, and goes on once it has them", async () => {
    await ledger().syncConnections([{ id: CONNECTION, erp: "odoo", problem: missing }])
    expect(await ledger().connection(CONNECTION)).toMatchObject({
      state: "paused",
      reason: missing,
    })
    await configure(CONNECTION)
    expect(await ledger().connection(CONNECTION)).toMatchObject({ state: "active", reason: null })
  })

  it("leaves a pause that did not come from the options", async () => {
    const reason = { code: "unauthorised", message: "Refused.", remedy: "Renew the key." }
    await ledger().saveConnection(CONNECTION, { state: "paused", reason })
    await configure(CONNECTION)
    expect(await ledger().connection(CONNECTION)).toMatchObject({ state: "paused", reason })
  })

  it("configures the same connections from several instances at once", async () => {
    await Promise.all([configure("a", "b"), configure("b", "a"), configure("a", "b")])
    expect((await ledger().connections()).filter(({ state }) => state === "active")).toHaveLength(2)
  })

  it("saves what changed and nothing else", async () => {
    await ledger().saveConnection(CONNECTION, {
      identity: { version: "19.0" },
      check: { ok: true },
      checked_at: await ledger().now(),
    })
    await ledger().saveConnection(CONNECTION, { check: null })
    await ledger().saveConnection(CONNECTION, {})
    expect(await ledger().connection(CONNECTION)).toMatchObject({
      erp: "odoo",
      identity: { version: "19.0" },
      check: null,
      checked_at: expect.any(String),
    })
  })

  it("approves destructive changes for a while", async () => {
    expect(await ledger().approvedUntil(CONNECTION)).toBeNull()
    const { until } = await ledger().approveMassChange(CONNECTION)
    expect(await ledger().approvedUntil(CONNECTION)).toBe(until)
    expect(Date.parse(until) - Date.parse(await ledger().now())).toBeGreaterThan(3_500_000)
  })
})

describe("cursors, clock and sequence", () => {
  it("keeps a cursor per stream", async () => {
    const cursor = { at: "2026-11-24 10:00:00", last: 7, nested: { open: null } }
    await ledger().transaction((tx) => ledger().saveCursor(tx, CONNECTION, "products", { at: 1 }))
    await ledger().transaction((tx) => ledger().saveCursor(tx, CONNECTION, "products", cursor))
    expect(await ledger().cursor(CONNECTION, "products")).toEqual(cursor)
    expect(await ledger().cursor(CONNECTION, "stock")).toBeNull()
  })

  it("tells the database's time in one width and numbers that rise", async () => {
    const [first, second] = [await ledger().now(), await ledger().now()]
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    expect(second > first).toBe(true)
    const low = await ledger().nextSeq()
    expect(await ledger().nextSeq()).toBeGreaterThan(low)
  })
})

describe("acknowledged demand", () => {
  const demand = {
    line_item_id: "ordli_1",
    inventory_item_id: medusaId("iitem_1"),
    location_id: medusaId("sloc_1"),
    kind: "reserved" as const,
    quantity: "2" as string | null,
  }
  const known = () =>
    ledger().knownDemand(null, CONNECTION, [
      { inventory_item_id: medusaId("iitem_1"), location_id: medusaId("sloc_1") },
      { inventory_item_id: medusaId("iitem_1"), location_id: medusaId("sloc_1") },
    ])

  it("counts from the first time it was said, anew when the quantity is another", async () => {
    expect(await ledger().acknowledge(CONNECTION, [demand, demand])).toBe(1)
    const first = await known()
    expect(first).toEqual([{ ...demand, known_at: expect.any(String) }])
    expect(await ledger().acknowledge(CONNECTION, [demand])).toBe(0)
    expect(await known()).toEqual(first)
    expect(await ledger().acknowledge(CONNECTION, [{ ...demand, quantity: null }])).toBe(1)
    const [changed] = await known()
    expect(changed?.quantity).toBeNull()
    expect((changed?.known_at ?? "") > (first[0]?.known_at ?? "")).toBe(true)
  })

  it("keeps reserved and issued apart, and other pairs out", async () => {
    await ledger().acknowledge(CONNECTION, [
      demand,
      { ...demand, kind: "issued" },
      { ...demand, location_id: medusaId("sloc_2") },
    ])
    expect((await known()).map(({ kind }) => kind)).toEqual(["issued", "reserved"])
  })
})

describe("health and upkeep", () => {
  it("counts per stream and shows instances and the last runs", async () => {
    await ledger().beat({ id: "i1", mode: "shared", host: "h", clock_ms: Date.now() })
    await ledger().beat({
      id: "i1",
      mode: "shared",
      host: "h",
      event: "tick",
      clock_ms: Date.now(),
    })
    await ledger().markDirty(CONNECTION, [
      { stream: "stock", erp_id: erpId(1), reason: "x", delay_ms: -5000 },
      { stream: "stock", erp_id: erpId(2), reason: "x", delay_ms: 60_000 },
    ])
    const run = { kind: "delta", lane: "background", streams: ["prices" as const] } as const
    await ledger().enqueueRun(CONNECTION, {
      ...run,
      streams: [...run.streams],
      state: "queued",
      approved: true,
    })
    const claimed = await ledger().claimRun(CONNECTION, "background", { owner: "i1", ms: 60_000 })
    await ledger().saveRun(null, claimed?.id ?? "", "i1", 1, { state: "completed" })
    await ledger().transaction((tx) =>
      ledger().queueEvents(tx, "g", [{ name: "product.updated", data: { id: "p" } }]),
    )
    const health = await ledger().health()
    expect(health).toMatchObject({
      pending_events: 1,
      runs: [{ id: claimed?.id, state: "completed" }],
      instances: [
        {
          id: "i1",
          mode: "shared",
          started_at: expect.any(String),
          last_tick_at: expect.any(String),
          last_claim_at: expect.any(String),
        },
      ],
      streams: [
        { stream: "prices", dirty: 0, parked: 0, succeeded_at: expect.any(String) },
        { stream: "stock", dirty: 2, parked: 0, succeeded_at: null },
      ],
    })
    expect(health.streams[1]?.waits_seconds).toBeGreaterThanOrEqual(5)
    expect(await ledger().secondsSinceTick()).toBeLessThan(5)
    await ledger().removeInstance("i1")
    expect(await ledger().secondsSinceTick()).toBeNull()
  })

  it("notes with the instance when it claimed something, and not when there was nothing", async () => {
    const noted = async () => (await ledger().health()).instances[0]?.last_claim_at
    const lease = { owner: "i1", ms: 60_000 }
    await ledger().beat({
      id: "i1",
      mode: "shared",
      host: "h",
      event: "tick",
      clock_ms: Date.now(),
    })
    expect(await ledger().claimDirty(CONNECTION, ["stock"], 9, lease)).toEqual([])
    expect(await ledger().claimRun(CONNECTION, "background", lease)).toBeNull()
    expect(await noted()).toBeNull()
    await ledger().markDirty(CONNECTION, [{ stream: "stock", erp_id: erpId(1), reason: "x" }])
    const before = await ledger().now()
    expect(await ledger().claimDirty(CONNECTION, ["stock"], 9, lease)).toHaveLength(1)
    const first = await noted()
    expect((first ?? "") >= before).toBe(true)
    await ledger().enqueueRun(CONNECTION, {
      kind: "delta",
      lane: "background",
      streams: ["prices"],
      state: "queued",
      approved: true,
    })
    // An owner that is no instance claims as well, and leaves no note.
    await ledger().markDirty(CONNECTION, [{ stream: "stock", erp_id: erpId(2), reason: "x" }])
    expect(await ledger().claimDirty(CONNECTION, ["stock"], 9, { owner: "s", ms: 1 })).toHaveLength(
      1,
    )
    expect(await noted()).toBe(first)
    expect(await ledger().claimRun(CONNECTION, "background", lease)).toMatchObject({
      kind: "delta",
    })
    expect(((await noted()) ?? "") > (first ?? "")).toBe(true)
    await ledger().beat({ id: "i1", mode: "shared", host: "h", clock_ms: Date.now() })
    expect(await noted()).not.toBeNull()
  })

  it("deletes what is older than the retention, in batches", async () => {
    await ledger().transaction((tx) =>
      ledger().journal(
        tx,
        CONNECTION,
        Array.from({ length: 5 }, (_, index) => ({
          run_id: null,
          entity: "product" as const,
          erp_id: erpId(index),
          medusa_id: null,
          field: "title",
          side: "medusa" as const,
          kind: "write" as const,
          from: null,
          to: null,
          rule: "erp_changed",
        })),
      ),
    )
    await ledger().transaction((tx) => ledger().markSwept(tx, "erun_dead", "product", [erpId(1)]))
    await sleep(20)
    const retention = { journal_ms: 10, runs_ms: 10 }
    expect(await ledger().prune({ journal_ms: 60_000, runs_ms: 10 }, 3)).toEqual({
      journal: 0,
      runs: 0,
      marks: 1,
    })
    expect((await ledger().prune(retention, 3)).journal).toBe(3)
    expect((await ledger().prune(retention, 3)).journal).toBe(2)
  })
})
