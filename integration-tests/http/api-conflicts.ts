import { ApiClient } from "./api-client"
import { eventNamesOf } from "./api-notices"
import { editProduct } from "./sync-merchant"
import { journalOf, linkOf, productOf } from "./sync-readings"
import { makeProduct } from "./sync-shop"
import { OpenStage, runWell, settle, Stage } from "./sync-stage"

export const conflictTests = (open: OpenStage): void => {
  /** Two people edited one title. */
  const frozen = async () => {
    const stage: Stage = await open({ options: { conflicts: "manual" } })
    const id = makeProduct(stage, { name: "Agreed" })
    await runWell(stage, "full")
    const names = eventNamesOf(stage, "erp.conflict.opened")
    stage.world.write("product.template", id, { name: "In the ERP" })
    await editProduct(stage, id, { title: "In the store" })
    await settle(stage)
    const link = await linkOf(stage, "product", id)
    const ids = [{ link_id: link.id, field: "title" }]
    return { stage, id, ids, names, admin: await ApiClient.administrator(stage) }
  }

  it("freezes the field, tells of it once, and shows it", async () => {
    const { stage, id, admin, names } = await frozen()
    expect((await productOf(stage, id)).title).toBe("In the store")
    expect((await admin.get("/differences?kind=conflict")).body).toMatchObject({
      differences: [{ erp: "In the ERP", medusa: "In the store", reason: "both_changed" }],
      count: 1,
    })
    await runWell(stage, "full")
    expect(await names()).toEqual(["erp.conflict.opened"])
  })

  it("gives the ERP's value to the store where a person says so, and keeps the other", async () => {
    const { stage, id, ids, admin } = await frozen()
    const body = { ids: [...ids, { link_id: "elnk_none", field: "title" }], side: "erp" }
    expect(await admin.post("/conflicts/resolve", body)).toEqual({
      status: 200,
      body: { resolved: ids, skipped: 1 },
    })
    await settle(stage)
    expect((await productOf(stage, id)).title).toBe("In the ERP")
    expect((await admin.get("/differences")).body).toMatchObject({ count: 0 })
    expect((await journalOf(stage, "product", id, "title")).at(-1)).toMatchObject({
      kind: "superseded",
      from: "In the store",
      rule: "resolved",
    })
    expect((await linkOf(stage, "product", id)).resolutions).toEqual({})
    expect(await admin.post("/conflicts/undo", { ids })).toMatchObject({
      body: { undone: [], skipped: 1 },
    })
  })

  it("lets a person change their mind while no look has applied it", async () => {
    const { stage, id, ids, admin } = await frozen()
    await admin.post("/conflicts/resolve", { ids, side: "erp", undo_seconds: 60 })
    expect((await admin.get("/differences")).body).toMatchObject({
      differences: [{ resolution: "erp" }],
    })
    expect(await admin.post("/conflicts/undo", { ids })).toEqual({
      status: 200,
      body: { undone: ids, skipped: 0 },
    })
    await settle(stage)
    expect((await productOf(stage, id)).title).toBe("In the store")
    expect((await admin.get("/differences")).body).toMatchObject({
      differences: [{ resolution: null }],
    })
  })
}
