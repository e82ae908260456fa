import { setTimeout as sleep } from "node:timers/promises"
import { ClaimedKey, NewLink } from "../../../src/engine/ports"
import { connectionId, erpId, medusaId } from "../../../src/sync/ids"
import { CONNECTION, LedgerDatabase, openLedgerDatabase } from "./database"

let database: LedgerDatabase
const ledger = () => database.ledger

beforeAll(async () => {
  database = await openLedgerDatabase("ledger_dirty")
})
beforeEach(() => database.reset())
afterAll(() => database.close())

const key = (id: number | string, more: { delay_ms?: number; reason?: string } = {}) => ({
  stream: "stock" as const,
  erp_id: erpId(id),
  reason: "hook",
  ...more,
})

const claim = (owner: string, limit = 100, ms = 60_000) =>
  ledger().claimDirty(CONNECTION, ["stock"], limit, { owner, ms })

const finish = (claims: ClaimedKey[], owner: string) =>
  ledger().transaction((tx) => ledger().finishDirty(tx, CONNECTION, claims, owner))

const depth = async () => (await ledger().dirtyDepth(CONNECTION)).stock

describe("marking", () => {
  it("keeps one row per key, with the earlier due time and a new generation", async () => {
    await ledger().markDirty(CONNECTION, [
      key(1, { delay_ms: 60_000 }),
      key(1, { delay_ms: 90_000 }),
    ])
    expect(await claim("a")).toEqual([])
    await ledger().markDirty(CONNECTION, [key(1, { reason: "edit" })])
    await ledger().markDirty(CONNECTION, [key(1, { delay_ms: 60_000, reason: "later" })])
    expect(await depth()).toBe(1)
    expect(await claim("a")).toEqual([
      {
        stream: "stock",
        erp_id: "1",
        generation: expect.any(Number),
        claims: 1,
        losses: 0,
        reason: "later",
      },
    ])
  })

  it("marks with the transaction it is given", async () => {
    await expect(
      ledger().transaction(async (tx) => {
        await ledger().markDirty(CONNECTION, [key(1)], tx)
        throw new Error("crash")
      }),
    ).rejects.toThrow("crash")
    expect(await depth()).toBe(0)
  })

  it("survives marks of the same keys at once, in opposite orders", async () => {
    const keys = Array.from({ length: 500 }, (_, index) => key(index))
    await Promise.all(
      Array.from({ length: 6 }, (_, turn) =>
        ledger().markDirty(CONNECTION, turn % 2 ? keys : [...keys].reverse()),
      ),
    )
    expect(await depth()).toBe(500)
  })
})

describe("claiming", () => {
  it("gives the oldest first, of the streams asked for, up to the limit", async () => {
    await ledger().markDirty(CONNECTION, [key("late")])
    await ledger().markDirty(CONNECTION, [{ ...key("p"), stream: "products" }])
    await ledger().markDirty(CONNECTION, [key("early", { delay_ms: -1000 })])
    const claimed = await ledger().claimDirty(CONNECTION, ["stock", "prices"], 1, {
      owner: "a",
      ms: 60_000,
    })
    expect(claimed.map(({ erp_id }) => erp_id)).toEqual(["early"])
    expect(
      await ledger().claimDirty(connectionId("other"), ["stock"], 9, { owner: "a", ms: 1 }),
    ).toEqual([])
  })

  it("gives 5,000 keys to two owners once each", async () => {
    await ledger().markDirty(
      CONNECTION,
      Array.from({ length: 5000 }, (_, index) => key(index)),
    )
    const work = async (owner: string) => {
      const seen: string[] = []
      for (;;) {
        const claimed = await claim(owner, 50)
        if (claimed.length === 0) return seen
        seen.push(...claimed.map(({ erp_id }) => erp_id))
        await finish(claimed, owner)
      }
    }
    const [a, b] = await Promise.all([work("a"), work("b")])
    expect(a.length + b.length).toBe(5000)
    expect(new Set([...a, ...b]).size).toBe(5000)
    expect(Math.min(a.length, b.length)).toBeGreaterThan(0)
    expect(await depth()).toBe(0)
  })

  it("gives a key to another owner once the lease ended, and counts the attempts", async () => {
    await ledger().markDirty(CONNECTION, [key(1)])
    const dead = await claim("dead", 1, 50)
    expect(await claim("a")).toEqual([])
    await sleep(80)
    const taken = await claim("a")
    expect(taken).toMatchObject([{ erp_id: "1", claims: 2 }])
    await finish(dead, "dead")
    expect(await depth()).toBe(1)
    await finish(taken, "a")
    expect(await depth()).toBe(0)
  })

  it("keeps a key that is renewed", async () => {
    await ledger().markDirty(CONNECTION, [key(1)])
    await claim("a", 1, 100)
    expect(await ledger().renewDirty(CONNECTION, "a", 60_000)).toBe(1)
    expect(await ledger().renewDirty(CONNECTION, "b", 60_000)).toBe(0)
    await sleep(120)
    expect(await claim("b")).toEqual([])
  })
})

describe("finishing and releasing", () => {
  it("keeps a key that was marked while it was claimed, and starts its attempts anew", async () => {
    await ledger().markDirty(CONNECTION, [key(1), key(2)])
    const claimed = await claim("a")
    await ledger().markDirty(CONNECTION, [key(1, { reason: "edit" })])
    expect(await claim("b")).toEqual([])
    await finish(claimed, "a")
    expect(await claim("b")).toMatchObject([{ erp_id: "1", claims: 1, reason: "edit" }])
  })

  it("does not take a mark made after the end for the one that was claimed", async () => {
    await ledger().markDirty(CONNECTION, [key(1)])
    const claimed = await claim("a")
    await finish(claimed, "a")
    await ledger().markDirty(CONNECTION, [key(1)])
    await finish(claimed, "a")
    expect(await depth()).toBe(1)
  })

  it("waits for a mark under way and keeps the key", async () => {
    await ledger().markDirty(CONNECTION, [key(1)])
    const claimed = await claim("a")
    let finished: Promise<void> | undefined
    await ledger().transaction(async (tx) => {
      await ledger().markDirty(CONNECTION, [key(1)], tx)
      finished = finish(claimed, "a")
      await sleep(100)
    })
    await finished
    expect(await claim("b")).toMatchObject([{ erp_id: "1", claims: 1 }])
  })

  it("gives claims back after a delay, sooner when they were marked meanwhile", async () => {
    await ledger().markDirty(CONNECTION, [key(1), key(2)])
    const claimed = await claim("a")
    await ledger().markDirty(CONNECTION, [key(2)])
    await ledger().releaseDirty(CONNECTION, claimed, "b", 0)
    expect(await claim("b")).toEqual([])
    await ledger().releaseDirty(CONNECTION, claimed, "a", 60_000)
    expect((await claim("b")).map(({ erp_id }) => erp_id)).toEqual(["2"])
  })
})

describe("marking by Medusa's ids", () => {
  const link = (entity: NewLink["entity"], id: number, parent: number | null): NewLink => ({
    entity,
    erp_id: erpId(id),
    parent_erp_id: parent === null ? null : erpId(parent),
    medusa_id: medusaId(`${entity}_${id}`),
    state: "linked",
    fingerprint: "f",
    match_key: null,
    base_erp: {},
    base_medusa: {},
  })

  const marked = async (stream: "products" | "prices" | "stock" | "categories") =>
    (await ledger().claimDirty(CONNECTION, [stream], 99, { owner: "a", ms: 1 }))
      .map(({ erp_id }) => erp_id)
      .sort()

  beforeEach(async () => {
    await ledger().syncConnections([
      { id: CONNECTION, erp: "odoo", problem: null },
      { id: "second", erp: "odoo", problem: null },
    ])
    for (const connection of [CONNECTION, connectionId("second")]) {
      await ledger().transaction((tx) =>
        ledger().insertLinks(tx, connection, [
          link("product", 1, null),
          link("variant", 11, 1),
          link("variant", 12, 1),
          { ...link("variant", 13, 1), state: "tombstone" },
          link("category", 5, null),
        ]),
      )
    }
  })

  it.each([
    ["product", "products", ["product_1"], ["1"]],
    ["variant", "products", ["variant_11", "variant_12"], ["1"]],
    ["variant", "stock", ["variant_11", "variant_99"], ["11"]],
    ["variant", "stock", ["variant_13"], []],
    ["product", "prices", ["product_1"], ["11", "12"]],
    ["category", "categories", ["category_5"], ["5"]],
    ["product", "products", ["variant_11"], []],
  ] as const)("marks a %s for %s: %j as %j", async (entity, stream, ids, expected) => {
    await ledger().markDirtyByMedusa(CONNECTION, entity, [...ids], stream, "edit")
    expect(await marked(stream)).toEqual(expected)
  })

  it("marks in every connection when none is named", async () => {
    await ledger().markDirtyByMedusa(null, "product", ["product_1"], "products", "edit")
    expect(await depthOf("second")).toBe(1)
    expect(await depthOf(CONNECTION)).toBe(1)
  })

  const depthOf = async (connection: string) =>
    (await ledger().dirtyDepth(connectionId(connection))).products
})
