import { countOf, productOf } from "./sync-readings"
import { makeProduct } from "./sync-shop"
import { OpenStage, runWell } from "./sync-stage"

const SECOND = 1_000_000

export const windowTests = (open: OpenStage): void => {
  it("sees both of two edits of one second, with a sync in between", async () => {
    const stage = await open()
    const id = makeProduct(stage)
    await runWell(stage, "full")
    const second = Math.floor((Date.now() * 1000) / SECOND) * SECOND
    stage.world.clock = () => second + 100_000
    stage.world.write("product.template", id, { name: "First" })
    await runWell(stage)
    expect(await productOf(stage, id)).toMatchObject({ title: "First" })
    stage.world.clock = () => second + 900_000
    stage.world.write("product.template", id, { name: "Second" })
    await runWell(stage)
    expect(await productOf(stage, id)).toMatchObject({ title: "Second" })
  })

  it("sees a transaction that commits after newer ones were read", async () => {
    const stage = await open()
    const slow = makeProduct(stage)
    const quick = makeProduct(stage)
    await runWell(stage, "full")
    const now = Date.now() * 1000
    stage.world.clock = () => now - 300 * SECOND
    const late = stage.world.begin()
    late.write("product.template", slow, { name: "Committed late" })
    stage.world.clock = () => now
    stage.world.write("product.template", quick, { name: "Committed early" })
    await runWell(stage)
    expect(await productOf(stage, quick)).toMatchObject({ title: "Committed early" })
    late.commit()
    await runWell(stage)
    expect(await productOf(stage, slow)).toMatchObject({ title: "Committed late" })
  })

  it("takes in 2,000 records of one stamp, page by page, and then rests", async () => {
    const stage = await open({ options: { settings: { page_size: 300 } } })
    await runWell(stage, "full")
    stage.world.transaction((edits) => {
      for (let number = 1; number <= 2000; number += 1) {
        edits.create("product.template", { name: `Bolt ${number}`, default_code: `BOLT-${number}` })
      }
    })
    const run = await runWell(stage, "delta", ["products"])
    expect(run.counters).toMatchObject({ created: 2000, parked: 0 })
    expect(await countOf(stage, "product")).toBe(2000)
    const again = await runWell(stage, "delta", ["products"])
    expect(again.counters).toMatchObject({ created: 0, updated: 0, writes: 0 })
  })
}
