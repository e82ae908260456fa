import { given } from "./catalog-fixtures"
import { linkOf, productOf } from "./sync-readings"
import { addLine, makeAttribute, makeProduct, variantsOf } from "./sync-shop"
import { CONNECTION, ErpHost, OpenStage, run, runWell, swapErp } from "./sync-stage"

const CATALOG = { products: 30, variants: 1 }

export const identityTests = (open: OpenStage, host: ErpHost): void => {
  it("stops before it believes a restored copy, until a person starts a full sync", async () => {
    const stage = await open({ erp: CATALOG })
    const [first = 0, ...more] = stage.world.ids("product.template").slice(0, 10)
    const before = String(stage.world.row("product.template", first)?.["name"])
    await runWell(stage, "full")
    stage.world.write("product.template", [first, ...more], { name: "Newer than the backup" })
    await runWell(stage)

    const copy = await swapErp(stage, host, CATALOG)
    const stopped = await run(copy, "full")
    expect(stopped).toMatchObject({ state: "failed", error: { code: "restored_copy" } })
    expect(await productOf(copy, first)).toMatchObject({ title: "Newer than the backup" })
    const paused = given(await copy.sync.connection(CONNECTION))
    expect(paused).toMatchObject({ state: "paused", reason: { code: "restored_copy" } })
    expect(paused.reason?.remedy).toContain("full sync")
    await expect(run(copy, "delta")).rejects.toThrow("is paused")

    expect((await runWell(copy, "full")).counters).toMatchObject({ gone: 0 })
    expect(await productOf(copy, first)).toMatchObject({ title: before })
    expect(given(await copy.sync.connection(CONNECTION)).state).toBe("in_sync")
  })

  it("notices a restored copy in a delta already", async () => {
    const stage = await open({ erp: CATALOG })
    const edited = stage.world.ids("product.template").slice(0, 10)
    await runWell(stage, "full")
    stage.world.write("product.template", edited, { name: "Newer than the backup" })
    await runWell(stage)
    const copy = await swapErp(stage, host, CATALOG)
    await run(copy)
    expect(given(await copy.sync.connection(CONNECTION))).toMatchObject({
      state: "paused",
      reason: { code: "restored_copy" },
    })
  })

  it("takes no deletion of the newest record for a restored copy", async () => {
    const stage = await open({ erp: CATALOG })
    await runWell(stage, "full")
    const id = stage.world.create("product.template", { name: "Short-lived" })
    await runWell(stage)
    stage.world.unlink("product.template", id)
    await runWell(stage)
    await runWell(stage, "full")
    expect(await productOf(stage, id)).toMatchObject({ status: "draft" })
    expect(given(await stage.sync.connection(CONNECTION)).state).toBe("in_sync")
  })

  it("takes deleted variants, which made their products' stamps older, for no restored copy", async () => {
    const stage = await open()
    const color = makeAttribute(stage, "Color", ["White", "Black", "Red"])
    const products = Array.from({ length: 5 }, () => {
      const id = makeProduct(stage, { default_code: false })
      addLine(stage, id, color)
      return id
    })
    const later = Date.now() * 1000 + 60_000_000
    stage.world.clock = () => later
    for (const id of products) {
      stage.world.write("product.product", given(variantsOf(stage, id)[2]), { weight: 2 })
    }
    await runWell(stage, "full")
    stage.world.clock = () => later + 60_000_000
    const newest = products.map((id) => given(variantsOf(stage, id)[2]))
    stage.world.unlink("product.product", newest)
    await runWell(stage)
    await runWell(stage, "full")
    expect(given(await stage.sync.connection(CONNECTION)).state).toBe("in_sync")
    for (const variant of newest) {
      expect(await linkOf(stage, "variant", variant)).toMatchObject({ state: "gone" })
    }
  })

  it("pauses when the address leads to another database", async () => {
    const stage = await open({ erp: CATALOG })
    await runWell(stage, "full")
    const other = await swapErp(stage, host, CATALOG)
    other.world.rawUpdate("res.company", 1, { create_date: Date.UTC(2020, 1, 1) * 1000 })
    const view = await other.sync.check(CONNECTION)
    expect(view).toMatchObject({ state: "paused", reason: { code: "other_identity" } })
    await expect(run(other, "full")).rejects.toThrow("another database")
  })
}
