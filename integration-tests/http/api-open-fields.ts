import { ApiClient } from "./api-client"
import { editProduct } from "./sync-merchant"
import { expectQuiet, openPushing, template } from "./sync-push"
import { journalOf, linkOf, parkedOf } from "./sync-readings"
import { makeProduct } from "./sync-shop"
import { CONNECTION, eventually, OpenStage, runWell, settle, Stage } from "./sync-stage"

const time = expect.stringMatching(/Z$/)

export const openFieldTests = (open: OpenStage): void => {
  /** A product whose title belongs to the store and differs in the ERP. */
  const drifting = async (): Promise<{ stage: Stage; admin: ApiClient; id: number }> => {
    const stage = await open({ options: { owners: { title: "medusa" } } })
    const id = makeProduct(stage, { name: "Agreed", default_code: "DRIFT" })
    await runWell(stage, "full")
    stage.world.write("product.template", id, { name: '=cmd|"x"' })
    await runWell(stage)
    await settle(stage)
    return { stage, admin: await ApiClient.administrator(stage), id }
  }

  it("lists both values with the reason, filtered and counted", async () => {
    const { stage, admin, id } = await drifting()
    const link = await linkOf(stage, "product", id)
    const difference = {
      connection_id: CONNECTION,
      link_id: link.id,
      entity: "product",
      erp_id: String(id),
      medusa_id: link.medusa_id,
      title: "Agreed",
      sku: null,
      field: "title",
      kind: "drift",
      reason: "owner_medusa",
      message: null,
      erp: '=cmd|"x"',
      medusa: "Agreed",
      resolution: null,
      since: time,
      updated_at: time,
    }
    const counts = [{ kind: "drift", reason: "owner_medusa", count: 1 }]
    expect(await admin.get("/differences?kind=drift&field=title&q=agreed&limit=5")).toEqual({
      status: 200,
      body: { differences: [difference], count: 1, limit: 5, offset: 0, counts },
    })
    expect(await admin.get("/differences?kind=conflict")).toEqual({
      status: 200,
      body: { differences: [], count: 0, limit: 20, offset: 0, counts },
    })
    expect(await stage.sync.connection(CONNECTION)).toMatchObject({
      differences: { drift: 1, pending: 0, conflict: 0 },
    })
    // Equal again: nothing stands open any more.
    stage.world.write("product.template", id, { name: "Agreed" })
    await runWell(stage)
    await settle(stage)
    expect((await admin.get("/differences")).body).toMatchObject({ count: 0, counts: [] })
  })

  it("gives them all as a file, without a formula for a spreadsheet", async () => {
    const { admin } = await drifting()
    const csv = await admin.text("/differences/export?format=csv&kind=drift")
    expect(csv.type).toBe("text/csv; charset=utf-8")
    const [head, row, ...rest] = csv.text.split("\r\n")
    expect(head).toMatch(/^connection_id,entity,erp_id,.*,erp,medusa,resolution,since,updated_at$/)
    expect(row).toContain(`,title,drift,owner_medusa,,"'=cmd|""x""",Agreed,,`)
    expect(rest).toEqual([""])
    const json = await admin.text("/differences/export?format=json")
    expect(JSON.parse(json.text)).toMatchObject([{ field: "title", erp: '=cmd|"x"' }])
    const none = await admin.text("/differences/export?format=json&kind=conflict")
    expect(JSON.parse(none.text)).toEqual([])
  })

  it("holds edits of the store as pending while write-back is off", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "Agreed" })
    await runWell(stage, "full")
    await editProduct(stage, id, { title: "Edited" })
    await settle(stage)
    const admin = await ApiClient.administrator(stage)
    expect((await admin.get("/differences?kind=pending")).body).toMatchObject({
      differences: [{ field: "title", erp: "Agreed", medusa: "Edited", reason: "push_off" }],
      counts: [{ kind: "pending", reason: "push_off", count: 1 }],
    })
  })

  it("sets parked records aside until what is wrong changes", async () => {
    const stage = await open()
    makeProduct(stage, { name: "   " })
    await runWell(stage, "full")
    const admin = await ApiClient.administrator(stage)
    const ids = (await parkedOf(stage)).map((row) => row.id)
    expect(await admin.post("/parked/ignore", { ids })).toEqual({
      status: 200,
      body: { ignored: 1 },
    })
    expect((await admin.get("/parked")).body).toMatchObject({ parked: [], count: 0, reasons: [] })
    expect((await admin.get("/parked?ignored=true")).body).toMatchObject({
      parked: [{ id: ids[0], ignored_at: time }],
      count: 1,
    })
    await admin.post("/parked/retry", { ids })
    await settle(stage)
    expect((await admin.get("/parked")).body).toMatchObject({ count: 1 })
  })

  it.each(["a parked record", "a pending difference"] as const)(
    "sends again what the ERP refused, where a person retries %s",
    async (what) => {
      const stage = await openPushing(open)
      const id = makeProduct(stage, { name: "Agreed" })
      await runWell(stage, "full")
      const allow = stage.erp.faults.add({
        kind: "error",
        name: "odoo.exceptions.UserError",
        message: "Not today.",
        match: "product.template.web_save",
        times: 1000,
      })
      await editProduct(stage, id, { title: "Edited" })
      await eventually(async () => {
        await settle(stage)
        expect(await parkedOf(stage)).toMatchObject([{ reason: "refused_by_erp", field: "title" }])
      })
      const admin = await ApiClient.administrator(stage)
      const retry = async (): Promise<void> => {
        const link_id = (await linkOf(stage, "product", id)).id
        const ids = (await parkedOf(stage)).map((row) => row.id)
        const answer =
          what === "a parked record"
            ? await admin.post("/parked/retry", { ids })
            : await admin.post("/differences/retry", { ids: [{ link_id, field: "title" }] })
        expect(answer).toEqual({ status: 200, body: { retried: 1 } })
        await settle(stage)
      }
      const sent = async () => (await journalOf(stage, "product", id, "title")).length
      expect(await sent()).toBe(1)
      await retry()
      // Asked once more, and refused once more.
      expect(await sent()).toBe(2)
      allow()
      await runWell(stage, "full")
      await settle(stage)
      expect(template(stage, id)["name"]).toBe("Agreed")
      await retry()
      expect(template(stage, id)["name"]).toBe("Edited")
      expect((await linkOf(stage, "product", id)).kept).not.toHaveProperty("refused:title")
      expect(await parkedOf(stage)).toEqual([])
      await expectQuiet(stage)
    },
  )
}
