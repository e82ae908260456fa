import type { OdooSimulator, World } from ".."
import { json2 } from "./clients"
import { emptyShop, type TestClock } from "./shop"

describe("a transaction that stays open", () => {
  let simulator: OdooSimulator
  let world: World
  let clock: TestClock
  let early: number
  let other: number

  beforeEach(async () => {
    ;({ simulator, world, clock } = await emptyShop(19))
    early = world.create("product.template", { name: "Early" })
    other = world.create("product.template", { name: "Other" })
    clock.tick(60)
  })
  afterEach(() => simulator.close())

  const stamp = (id: number) =>
    world.read("product.template", id, ["write_date"])[0]?.["write_date"]
  const since = (moment: string) => world.search("product.template", [["write_date", ">=", moment]])

  it("commits with the stamp of its beginning, behind a cursor that has moved on", () => {
    const slow = world.begin()
    slow.write("product.template", early, { name: "Late" })
    clock.tick(4)
    world.write("product.template", other, { name: "Meanwhile" })
    const cursor = String(stamp(other))
    expect(since(cursor)).toEqual([other])

    slow.commit()
    expect(world.read("product.template", early, ["name"])[0]?.["name"]).toBe("Late")
    // The newest stamp seen is past the late one: this cursor never finds it.
    expect(since(cursor)).toEqual([other])
    expect(since("2026-01-01 10:01:00")).toEqual([early, other])
  })

  it("shows nothing before the commit, except to itself", () => {
    const slow = world.begin()
    slow.write("product.template", early, { name: "Late" })
    const created = slow.create("product.template", { name: "New" })
    expect(world.row("product.template", created)).toBeUndefined()
    expect(world.read("product.template", early, ["name"])[0]?.["name"]).toBe("Early")
    expect(slow.call("product.template", "read", { ids: [early], fields: ["name"] })).toEqual([
      { id: early, name: "Late" },
    ])
    slow.rollback()
    expect(world.row("product.template", created)).toBeUndefined()
  })

  it("brings a lower id to light after a higher one, and leaves a gap when rolled back", () => {
    const slow = world.begin()
    const lower = slow.create("product.template", { name: "Lower" })
    const higher = world.create("product.template", { name: "Higher" })
    expect(lower).toBeLessThan(higher)
    const visible = () => world.search("product.template", [["id", ">", other]])
    expect(visible()).toEqual([higher])
    slow.commit()
    expect(visible()).toEqual([lower, higher])

    const failed = world.begin()
    const lost = failed.create("product.template", { name: "Lost" })
    failed.rollback()
    expect(world.create("product.template", { name: "Next" })).toBeGreaterThan(lost)
  })

  it("locks what it wrote: another write fails at once in the world", () => {
    const slow = world.begin()
    slow.write("product.template", early, { name: "Late" })
    expect(() => world.write("product.template", early, { name: "Mine" })).toThrow(
      "could not serialize access due to concurrent update",
    )
    world.write("product.template", other, { name: "Free" })
    slow.commit()
    world.write("product.template", early, { name: "Mine" })
  })

  it("makes a write over HTTP wait and then succeed, when it ends in time", async () => {
    const slow = world.begin()
    slow.write("product.template", early, { name: "Late" })
    const waiting = json2(simulator, "product.template.write", {
      ids: [early],
      vals: { name: "Mine" },
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    clock.tick(5)
    slow.commit()
    expect((await waiting).body).toBe(true)
    expect(stamp(early)).toBe("2026-01-01 10:01:05")
  })

  it("answers SerializationFailure when it takes too long; nothing is committed then", async () => {
    simulator.faults.lockWaitMilliseconds = 30
    const slow = world.begin()
    slow.write("product.template", early, { name: "Late" })
    const answer = await json2(simulator, "product.template.write", {
      ids: [other, early],
      vals: { name: "Mine" },
    })
    expect(answer.status).toBe(500)
    expect(answer.body).toMatchObject({ name: "psycopg2.errors.SerializationFailure" })
    slow.rollback()
    expect(world.read("product.template", other, ["name"])[0]?.["name"]).toBe("Other")
  })

  it("is one stamp for everything in world.transaction, and rolls back as a whole", () => {
    world.transaction((edits) => {
      edits.write("product.template", early, { name: "A" })
      clock.tick(3)
      edits.write("product.template", other, { name: "B" })
    })
    expect(stamp(early)).toBe(stamp(other))
    expect(() =>
      world.transaction((edits) => {
        edits.write("product.template", early, { name: "C" })
        edits.write("product.template", 999_999, { name: "D" })
      }),
    ).toThrow("Record does not exist or has been deleted.")
    expect(world.read("product.template", early, ["name"])[0]?.["name"]).toBe("A")
  })
})
