import { setTimeout as sleep } from "node:timers/promises"
import { ReadResult } from "../../../src/connectors/contract"
import { Connected, EngineContext } from "../../../src/engine/context"
import { drainDirty } from "../../../src/engine/dirty"
import { Tx } from "../../../src/modules/erp/ledger"
import { rules } from "../../../src/sync/__tests__/fixtures"
import { erpId } from "../../../src/sync/ids"
import { CONNECTION, LedgerDatabase, openLedgerDatabase } from "./database"

let database: LedgerDatabase

beforeAll(async () => {
  database = await openLedgerDatabase("ledger_deadly")
})
beforeEach(() => database.reset())
afterAll(() => database.close())

const NOTHING: ReadResult = { records: [], rejected: [], missing: [] }
const signal = new AbortController().signal

const mark = (ids: string[]) =>
  database.ledger.markDirty(
    CONNECTION,
    ids.map((id) => ({ stream: "stock" as const, erp_id: erpId(id), reason: "hook" })),
  )

interface Process {
  context: EngineContext<Tx>
  beats: { ms: number; work: () => void }[]
}

const startProcess = (owner: string): Process => {
  const beats: Process["beats"] = []
  return {
    beats,
    context: {
      ledger: database.ledger,
      // Of a read that finds nothing, nothing reaches the catalog but an empty question.
      catalog: { readVariants: async () => new Map() } as unknown as EngineContext<Tx>["catalog"],
      owner,
      log: () => undefined,
      emit: async () => undefined,
      monotonic: () => performance.now(),
      every: (ms, work) => {
        beats.push({ ms, work })
        return () => undefined
      },
    },
  }
}

const reading = (read: (ids: string[]) => Promise<ReadResult>): Connected =>
  ({
    id: CONNECTION,
    rules: rules({ stock: [] }),
    guards: {},
    connector: {
      capabilities: { max_read_batch: 100 },
      read: (_: string, ids: string[]) => read(ids),
    },
  }) as unknown as Connected

const endLeases = () =>
  database.pg.raw("update erp_dirty set lease_until = now() where lease_owner is not null")

/** A process that works until nothing is due, or until it meets `deadly` and is no more. */
const live = async (name: string, deadly: string, looked: string[][]): Promise<"died" | "idle"> => {
  const { context } = startProcess(name)
  let die: (end: "died") => void
  const death = new Promise<"died">((resolve) => {
    die = resolve
  })
  const connected = reading((ids) => {
    looked.push(ids)
    if (ids.includes(deadly)) {
      die("died")
      return new Promise(() => undefined)
    }
    return Promise.resolve(NOTHING)
  })
  const work = async (): Promise<"idle"> => {
    while ((await drainDirty(context, connected, "interactive", signal)) > 0);
    return "idle"
  }
  const end = await Promise.race([work(), death])
  await endLeases()
  return end
}

describe("a record that ends every process that looks at it", () => {
  it("takes no other key with it, and is parked after eight lives without another look", async () => {
    await mark(["11", "12", "13", "14", "15"])
    const looked: string[][] = []
    const ends: string[] = []
    for (let life = 1; life <= 9; life += 1) {
      ends.push(await live(`life-${life}`, "13", looked))
    }
    expect(ends).toEqual([...Array.from({ length: 8 }, () => "died"), "idle"])
    const deadly = looked.filter((ids) => ids.includes("13"))
    expect(deadly.map((ids) => ids.length)).toEqual([5, 5, 1, 1, 1, 1, 1, 1])
    // The others were done one by one in the third life, before the deadly one had its turn.
    expect(looked.filter((ids) => !ids.includes("13"))).toEqual([["11"], ["12"], ["14"], ["15"]])
    expect(await database.ledger.dirtyDepth(CONNECTION)).toMatchObject({ stock: 0 })
    const { parked } = await database.ledger.listParked({ limit: 10, offset: 0 })
    expect(parked).toMatchObject([{ erp_id: "13", field: "*", reason: "ends_the_process" }])
  })

  it("does not hold up what is marked meanwhile", async () => {
    await mark(["13"])
    const looked: string[][] = []
    await live("a", "13", looked)
    await live("b", "13", looked)
    await mark(["21", "22"])
    expect(await live("c", "13", looked)).toBe("died")
    expect(looked.slice(2)).toEqual([["21", "22"], ["13"]])
  })

  it("is no suspect once a look at it failed in an orderly way", async () => {
    await mark(["13"])
    const looked: string[][] = []
    await live("a", "13", looked)
    await live("b", "13", looked)
    const claims = await database.ledger.claimDirty(CONNECTION, ["stock"], 9, {
      owner: "c",
      ms: 999,
    })
    expect(claims).toMatchObject([{ claims: 3, losses: 2 }])
    await database.ledger.releaseDirty(CONNECTION, claims, "c", 0)
    expect(
      await database.ledger.claimDirty(CONNECTION, ["stock"], 9, { owner: "d", ms: 999 }),
    ).toMatchObject([{ claims: 4, losses: 0 }])
  })
})

describe("a look", () => {
  it("keeps its leases however long it takes", async () => {
    await mark(["1"])
    const { context, beats } = startProcess("slow")
    const left: number[] = []
    const leaseLeft = async (): Promise<void> => {
      const { rows } = await database.pg.raw<{ rows: { ms: number }[] }>(
        "select extract(epoch from lease_until - now())::float8 * 1000 as ms from erp_dirty",
      )
      left.push(...rows.map(({ ms }) => ms))
    }
    const connected = reading(async () => {
      await database.pg.raw("update erp_dirty set lease_until = now() + interval '5 seconds'")
      await leaseLeft()
      beats.forEach(({ work }) => work())
      await sleep(100)
      await leaseLeft()
      return NOTHING
    })
    await drainDirty(context, connected, "interactive", signal)
    expect(beats.map(({ ms }) => ms)).toEqual([10_000])
    expect(left[0]).toBeLessThan(5_001)
    expect(left[1]).toBeGreaterThan(25_000)
    expect(await database.ledger.dirtyDepth(CONNECTION)).toMatchObject({ stock: 0 })
  })

  it("gives its keys back at once when the process is told to end", async () => {
    await mark(["1"])
    const { context } = startProcess("leaving")
    const stopping = new AbortController()
    const connected = reading(() => {
      stopping.abort()
      return Promise.reject(new Error("aborted"))
    })
    await drainDirty(context, connected, "interactive", stopping.signal)
    expect(
      await database.ledger.claimDirty(CONNECTION, ["stock"], 9, { owner: "b", ms: 999 }),
    ).toMatchObject([{ erp_id: "1", losses: 0 }])
  })
})

describe("the time until something can be claimed", () => {
  const dueIn = () => database.ledger.dueIn(CONNECTION, "interactive", ["stock", "prices"])

  it("is that of the next key, or of the lease that ends first", async () => {
    expect(await dueIn()).toBeNull()
    await database.ledger.markDirty(CONNECTION, [
      { stream: "stock", erp_id: erpId("1"), reason: "hook", delay_ms: 60_000 },
      { stream: "products", erp_id: erpId("1"), reason: "hook" },
    ])
    expect(await dueIn()).toBeGreaterThan(55_000)
    await mark(["2"])
    await database.ledger.claimDirty(CONNECTION, ["stock"], 9, { owner: "a", ms: 20_000 })
    const ms = await dueIn()
    expect(ms).toBeGreaterThan(15_000)
    expect(ms).toBeLessThan(20_001)
  })
})
