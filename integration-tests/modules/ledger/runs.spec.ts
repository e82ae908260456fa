import { setTimeout as sleep } from "node:timers/promises"
import { Run } from "../../../src/engine/ports"
import { CONNECTION, LedgerDatabase, openLedgerDatabase } from "./database"

let database: LedgerDatabase
const ledger = () => database.ledger

beforeAll(async () => {
  database = await openLedgerDatabase("ledger_runs")
})
beforeEach(() => database.reset())
afterAll(() => database.close())

const enqueue = (more: Partial<Run> = {}) =>
  ledger().enqueueRun(CONNECTION, {
    kind: "delta",
    lane: "background",
    streams: ["categories", "products"],
    state: "queued",
    approved: true,
    ...more,
  })

const claim = (owner: string, ms = 60_000, lane: Run["lane"] = "background") =>
  ledger().claimRun(CONNECTION, lane, { owner, ms })

const save = (
  run: Run | null,
  owner: string,
  patch: Parameters<ReturnType<typeof ledger>["saveRun"]>[4] = {},
  leaseMs = 60_000,
) => ledger().saveRun(null, run?.id ?? "", owner, leaseMs, patch)

describe("queueing", () => {
  it("returns a run as the engine knows it", async () => {
    expect(await enqueue()).toEqual({
      id: expect.stringMatching(/^erun_/),
      connection_id: "odoo-main",
      kind: "delta",
      lane: "background",
      streams: ["categories", "products"],
      stream: null,
      state: "queued",
      cursor: null,
      done: 0,
      total: null,
      counters: expect.objectContaining({ read: 0, requests: 0 }),
      cancel_requested: false,
      approved: true,
      error: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      started_at: null,
      stream_started_at: null,
      finished_at: null,
    })
  })

  it("queues a run once, however many find it due, and again once it runs", async () => {
    const runs = await Promise.all(Array.from({ length: 6 }, () => enqueue()))
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1)
    expect((await enqueue({ streams: ["products"] })).id).not.toBe(runs[0]?.id)
    await claim("a")
    expect((await enqueue()).id).not.toBe(runs[0]?.id)
  })
})

describe("claiming", () => {
  it("lets one of several claimers run a lane, whatever is queued", async () => {
    for (const stream of ["products", "prices", "stock"] as const)
      await enqueue({ streams: [stream] })
    const claims = await Promise.all(Array.from({ length: 8 }, (_, index) => claim(`o${index}`)))
    expect(claims.filter((run) => run !== null)).toHaveLength(1)
    const { count } = await ledger().listRuns({ state: "running", limit: 9, offset: 0 })
    expect(count).toBe(1)
  })

  it("takes the oldest first and keeps lanes apart", async () => {
    const first = await enqueue({ streams: ["products"] })
    await enqueue({ streams: ["stock"] })
    const fast = await enqueue({ streams: ["stock"], lane: "interactive" })
    expect((await claim("a"))?.id).toBe(first.id)
    expect(await claim("b")).toBeNull()
    expect((await claim("b", 60_000, "interactive"))?.id).toBe(fast.id)
  })

  it("takes over a run whose lease ended, before queued ones, at its position", async () => {
    await enqueue()
    const run = await claim("dead", 60)
    await save(run, "dead", { stream: "products", cursor: { page: 3 }, done: 30, total: 90 }, 60)
    await enqueue({ streams: ["stock"] })
    expect(await claim("a")).toBeNull()
    await sleep(100)
    const taken = await Promise.all([claim("a"), claim("b"), claim("c")])
    const alive = taken.filter((one) => one !== null)
    expect(alive).toHaveLength(1)
    expect(alive[0]).toMatchObject({
      id: run?.id,
      stream: "products",
      cursor: { page: 3 },
      done: 30,
      total: 90,
      state: "running",
    })
    expect(alive[0]?.started_at).toBe(run?.started_at)
    expect(await save(run, "dead", { done: 99 })).toEqual({ ours: false, cancel_requested: false })
    expect((await ledger().run(run?.id ?? ""))?.done).toBe(30)
  })

  it("lets another go on at once after a release", async () => {
    await enqueue()
    const run = await claim("a")
    await ledger().releaseRun(run?.id ?? "", "b")
    expect(await claim("b")).toBeNull()
    await ledger().releaseRun(run?.id ?? "", "a")
    expect((await claim("b"))?.id).toBe(run?.id)
  })

  it("does not take what awaits approval until it is approved", async () => {
    const waiting = await enqueue({ kind: "full", state: "awaiting_approval", approved: false })
    expect(await claim("a")).toBeNull()
    expect(await ledger().approveRun(waiting.id)).toMatchObject({ state: "queued", approved: true })
    expect((await claim("a"))?.id).toBe(waiting.id)
  })
})

describe("saving", () => {
  it("renews the lease and ends it with the run", async () => {
    await enqueue()
    const run = await claim("a", 80)
    expect(await save(run, "a")).toEqual({ ours: true, cancel_requested: false })
    await sleep(120)
    const error = { code: "x", kind: "bug", message: "m", remedy: "r" }
    expect((await save(run, "a", { state: "failed", error })).ours).toBe(true)
    expect(await ledger().run(run?.id ?? "")).toMatchObject({
      state: "failed",
      error,
      finished_at: expect.any(String),
    })
    expect((await save(run, "a", { state: "running" })).ours).toBe(false)
  })

  it("saves with the transaction it is given", async () => {
    await enqueue()
    const run = await claim("a")
    await expect(
      ledger().transaction(async (tx) => {
        await ledger().saveRun(tx, run?.id ?? "", "a", 60_000, { done: 7 })
        throw new Error("crash")
      }),
    ).rejects.toThrow("crash")
    expect((await ledger().run(run?.id ?? ""))?.done).toBe(0)
  })

  it("tells a running run that it is to stop, and ends a waiting one", async () => {
    await enqueue()
    const run = await claim("a")
    expect((await ledger().cancelRun(run?.id ?? ""))?.state).toBe("running")
    expect(await save(run, "a")).toEqual({ ours: true, cancel_requested: true })
    const waiting = await enqueue({ streams: ["stock"] })
    expect(await ledger().cancelRun(waiting.id)).toMatchObject({
      state: "cancelled",
      finished_at: expect.any(String),
    })
    expect(await ledger().cancelRun("erun_none")).toBeNull()
  })
})

describe("looking back", () => {
  it("finds the newest run over a stream in the given states", async () => {
    await enqueue()
    const run = await claim("a")
    await save(run, "a", { state: "completed" })
    await enqueue()
    expect((await ledger().lastRun(CONNECTION, "products", ["completed"]))?.id).toBe(run?.id)
    expect((await ledger().lastRun(CONNECTION, "products", ["queued"]))?.id).not.toBe(run?.id)
    expect(await ledger().lastRun(CONNECTION, "stock", ["completed", "queued"])).toBeNull()
  })

  it("lists runs in pages, newest first", async () => {
    const first = await enqueue({ streams: ["products"] })
    const second = await enqueue({ streams: ["stock"] })
    const page = await ledger().listRuns({ connection_id: CONNECTION, limit: 1, offset: 1 })
    expect(page).toEqual({ runs: [first], count: 2 })
    expect((await ledger().listRuns({ state: "queued", limit: 1, offset: 0 })).runs).toEqual([
      second,
    ])
    expect((await ledger().listRuns({ state: "failed", limit: 9, offset: 0 })).count).toBe(0)
  })
})
