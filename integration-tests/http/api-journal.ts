import { JournalView } from "../../src/runtime"
import { ApiClient } from "./api-client"
import { given } from "./catalog-fixtures"
import { editProduct } from "./sync-merchant"
import { expectQuiet, openPushing, template } from "./sync-push"
import { journalOf, productOf, variantOf } from "./sync-readings"
import { makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, eventually, OpenStage, runWell, settle } from "./sync-stage"

export const journalTests = (open: OpenStage): void => {
  const entriesOf = async (admin: ApiClient, query: string): Promise<JournalView[]> =>
    (await admin.get(`/journal?${query}`)).body.entries as JournalView[]

  it("puts back what the ERP's edit replaced, and the ERP does not take it away again", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "First" })
    await runWell(stage, "full")
    stage.world.write("product.template", id, { name: "Second" })
    await runWell(stage)
    const admin = await ApiClient.administrator(stage)
    const query = `connection_id=${CONNECTION}&entity=product&erp_id=${id}&field=title&side=medusa`
    const entry = given((await entriesOf(admin, query))[0])
    expect(entry).toMatchObject({ from: "First", to: "Second", kind: "write", rule: "erp_changed" })
    expect(await admin.post(`/journal/${entry.id}/restore`)).toMatchObject({
      status: 200,
      body: { restored: true, field: "title", value: "First", replaced: "Second" },
    })
    await settle(stage)
    await runWell(stage, "full")
    expect((await productOf(stage, id)).title).toBe("First")
    expect((await journalOf(stage, "product", id, "title")).at(-1)).toMatchObject({
      kind: "restore",
      from: "Second",
      to: "First",
    })
    expect((await admin.get("/differences")).body).toMatchObject({
      differences: [{ kind: "pending", reason: "push_off", erp: "Second", medusa: "First" }],
    })
    expect(await admin.post(`/journal/${entry.id}/restore`)).toMatchObject({
      body: { restored: false, reason: "same" },
    })
    expect(await entriesOf(admin, "since=2999-01-01T00:00:00Z")).toEqual([])
  })

  it("puts back a characteristic that lost", async () => {
    const stage = await open({
      options: {
        attributes: [
          { entity: "product", erp: "description_purchase", target: "metadata:care", type: "text" },
        ],
        owners: { "attribute:description_purchase": "both" },
      },
    })
    const id = makeProduct(stage, { description_purchase: "Wash cold" })
    await runWell(stage, "full")
    stage.world.write("product.template", id, { description_purchase: "Wash hot" })
    await runWell(stage)
    const admin = await ApiClient.administrator(stage)
    const query = `entity=product&erp_id=${id}&field=attribute:description_purchase&side=medusa`
    const entry = given((await entriesOf(admin, query))[0])
    expect(entry).toMatchObject({ from: "Wash cold", to: "Wash hot" })
    expect((await admin.post(`/journal/${entry.id}/restore`)).body).toMatchObject({
      restored: true,
      value: "Wash cold",
      replaced: "Wash hot",
    })
    await settle(stage)
    await runWell(stage, "full")
    expect((await productOf(stage, id)).attributes).toMatchObject({ "metadata:care": "Wash cold" })
  })

  it("puts back in the ERP what the store's edit replaced there", async () => {
    const stage = await openPushing(open, { conflicts: "medusa" })
    const id = makeProduct(stage, { name: "Agreed" })
    await runWell(stage, "full")
    stage.world.write("product.template", id, { name: "The ERP's" })
    await editProduct(stage, id, { title: "The store's" })
    await eventually(async () => {
      await settle(stage)
      expect(template(stage, id)["name"]).toBe("The store's")
    })
    const admin = await ApiClient.administrator(stage)
    const query = `entity=product&erp_id=${id}&field=title&side=erp`
    const entry = given((await entriesOf(admin, query))[0])
    expect(entry).toMatchObject({
      kind: "superseded",
      from: "The ERP's",
      to: "The store's",
      rule: "conflict_medusa_wins",
    })
    expect(await admin.post(`/journal/${entry.id}/restore`)).toMatchObject({
      body: {
        restored: true,
        value: "The ERP's",
        replaced: "The store's",
        message: expect.stringContaining("goes to the ERP"),
      },
    })
    await settle(stage)
    expect(template(stage, id)["name"]).toBe("The ERP's")
    expect((await productOf(stage, id)).title).toBe("The ERP's")
    expect((await entriesOf(admin, query))[0]).toMatchObject({
      kind: "write",
      from: "The store's",
      to: "The ERP's",
    })
    await expectQuiet(stage)
  })

  it("says why it does not put back what would be undone, or what has no value", async () => {
    const stage = await open()
    const id = makeProduct(stage, { list_price: 10 })
    await runWell(stage, "full")
    stage.world.write("product.template", id, { list_price: 20 })
    await runWell(stage)
    const admin = await ApiClient.administrator(stage)
    const entry = given((await entriesOf(admin, "field=price:usd"))[0])
    expect(await admin.post(`/journal/${entry.id}/restore`)).toMatchObject({
      status: 200,
      body: { restored: false, reason: "erp_owns" },
    })
    const linked = given((await entriesOf(admin, "field=*&kind=create"))[0])
    expect(await admin.post(`/journal/${linked.id}/restore`)).toMatchObject({
      body: { restored: false, reason: "not_restorable" },
    })
  })

  it("puts back a price once the record's price belongs to the store", async () => {
    const stage = await open({ options: { owners: { price: "both" } } })
    const id = makeProduct(stage, { list_price: 10 })
    await runWell(stage, "full")
    stage.world.write("product.template", id, { list_price: 20 })
    await runWell(stage)
    const admin = await ApiClient.administrator(stage)
    const entry = given((await entriesOf(admin, "field=price:usd"))[0])
    expect(await admin.post(`/journal/${entry.id}/restore`)).toMatchObject({
      body: { restored: true, value: "10", replaced: "20" },
    })
    await settle(stage)
    const { prices } = await variantOf(stage, onlyVariant(stage, id))
    expect(prices).toMatchObject([{ currency: "usd", amount: "10" }])
  })

  it("does not put back a value of a record that was deleted or parted", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "First" })
    await runWell(stage, "full")
    stage.world.write("product.template", id, { name: "Second" })
    await runWell(stage)
    await editProduct(stage, id, { description: "Text" })
    const admin = await ApiClient.administrator(stage)
    const entry = given((await entriesOf(admin, "field=title"))[0])
    const [link] = await stage.runtime.ledger.findLinks([stage.options.id], [String(id)], 1)
    await admin.post(`/links/${given(link).id}/unlink`)
    expect(await admin.post(`/journal/${entry.id}/restore`)).toMatchObject({
      body: { restored: false, reason: "not_linked" },
    })
  })
}
