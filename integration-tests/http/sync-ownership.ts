import { ApiClient } from "./api-client"
import { rows } from "./catalog-fixtures"
import { editProduct, editVariant } from "./sync-merchant"
import { journalOf, parkedOf, productOf, variantOf } from "./sync-readings"
import { makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, eventually, OpenStage, runWell, settle } from "./sync-stage"

export const ownershipTests = (open: OpenStage): void => {
  it("restores a SKU and a price that the ERP owns, and journals what was set aside", async () => {
    const stage = await open()
    const id = makeProduct(stage, { default_code: "OWNED", list_price: 20 })
    await runWell(stage, "full")
    const variant = onlyVariant(stage, id)
    await editVariant(stage, variant, {
      sku: "MERCHANT",
      prices: [{ currency_code: "usd", amount: 15 }],
    })
    await eventually(async () => {
      const held = await variantOf(stage, variant)
      expect(held.sku).toBe("OWNED")
      expect(held.prices.filter(({ currency }) => currency === "usd")).toMatchObject([
        { amount: "20" },
      ])
      expect(held.inventory_items).toMatchObject([{ sku: "OWNED" }])
    })
    expect((await journalOf(stage, "variant", variant, "sku")).at(-1)).toMatchObject({
      kind: "superseded",
      from: "MERCHANT",
      to: "OWNED",
      rule: "enforce",
    })
    expect((await journalOf(stage, "variant", variant, "price:usd")).at(-1)).toMatchObject({
      from: "15",
      to: "20",
      rule: "enforce",
    })
  })

  it("keeps a price in a currency that the merchant added", async () => {
    const stage = await open()
    const id = makeProduct(stage, { list_price: 20 })
    await runWell(stage, "full")
    const variant = onlyVariant(stage, id)
    await editVariant(stage, variant, {
      prices: [
        { currency_code: "usd", amount: 20 },
        { currency_code: "eur", amount: 18 },
      ],
    })
    stage.world.write("product.template", id, { list_price: 25 })
    await runWell(stage)
    await settle(stage)
    const { prices } = await variantOf(stage, variant)
    expect(prices.map(({ currency, amount }) => `${amount} ${currency}`).sort()).toEqual([
      "18 eur",
      "25 usd",
    ])
  })

  it("waits for a person before a changed mapping writes", async () => {
    const stage = await open()
    const id = makeProduct(stage, { weight: 1.5 })
    await runWell(stage, "full")
    const variant = onlyVariant(stage, id)
    expect((await variantOf(stage, variant)).weight).toBe("1500")
    Object.assign(stage.options, { weight_unit: "kg" })
    await stage.runtime.connections.close()
    await runWell(stage, "full")
    expect((await variantOf(stage, variant)).weight).toBe("1500")
    expect(
      await rows(stage, "select field, kind, reason from erp_difference where field = 'weight'"),
    ).toEqual([{ field: "weight", kind: "drift", reason: "rules_changed" }])
    const admin = await ApiClient.administrator(stage)
    expect(await admin.post(`/connections/${CONNECTION}/approve-rules`)).toMatchObject({
      status: 200,
      body: { connection: { id: CONNECTION } },
    })
    await stage.runtime.drain.untilIdle()
    expect((await variantOf(stage, variant)).weight).toBe("1.5")
    expect(await rows(stage, "select 1 from erp_difference")).toEqual([])
  })

  it("waits for a person before texts of another language take the place of the present ones", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "Lamp" })
    stage.world.write("product.template", id, { name: "Lampe" }, { lang: "de_DE" })
    await runWell(stage, "full")
    expect(await productOf(stage, id)).toMatchObject({ title: "Lamp" })
    await editProduct(stage, id, { description: "The merchant's" })
    await settle(stage)
    // As a former version left them, which noted no language.
    await rows(
      stage,
      "update erp_link set fingerprint = regexp_replace(fingerprint, '(^|;)language=[^;]*', '')",
    )
    stage.options.settings = { ...stage.options.settings, language: "de_DE" }
    await stage.runtime.connections.close()
    await runWell(stage, "full")
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({
      title: "Lamp",
      description: "The merchant's",
    })
    expect(
      await rows(stage, "select field, kind, reason from erp_difference where field = 'title'"),
    ).toEqual([{ field: "title", kind: "drift", reason: "rules_changed" }])
    expect(stage.erp.requests.writes).toEqual({})
    await stage.sync.approveRules(CONNECTION)
    await stage.runtime.drain.untilIdle()
    expect(await productOf(stage, id)).toMatchObject({ title: "Lampe" })
  })

  it("leaves an edited title alone until the ERP edits it too; then the loser is journaled", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "Agreed" })
    await runWell(stage, "full")
    await editProduct(stage, id, { title: "The merchant's" })
    await settle(stage)
    await runWell(stage, "full")
    expect(await productOf(stage, id)).toMatchObject({ title: "The merchant's" })
    stage.world.write("product.template", id, { name: "The ERP's" })
    await runWell(stage)
    expect(await productOf(stage, id)).toMatchObject({ title: "The ERP's" })
    expect((await journalOf(stage, "product", id, "title")).at(-1)).toMatchObject({
      kind: "superseded",
      from: "The merchant's",
      to: "The ERP's",
      rule: "conflict_erp_wins",
    })
  })

  it("writes nothing into a description that is the store's", async () => {
    const stage = await open({ options: { owners: { description: "medusa" } } })
    const id = makeProduct(stage, { description_sale: "From the ERP." })
    await runWell(stage, "full")
    await editProduct(stage, id, { description: "From the store." })
    stage.world.write("product.template", id, {
      description_sale: "Newer in the ERP.",
      name: "New",
    })
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({
      title: "New",
      description: "From the store.",
    })
  })

  it("reports a foreign edit instead of undoing it where the options say so", async () => {
    const stage = await open({ options: { foreign_edits: "report" } })
    const id = makeProduct(stage, { default_code: "OWNED" })
    await runWell(stage, "full")
    const variant = onlyVariant(stage, id)
    await editVariant(stage, variant, { sku: "MERCHANT" })
    await settle(stage)
    await runWell(stage, "full")
    expect(await variantOf(stage, variant)).toMatchObject({ sku: "MERCHANT" })
  })

  it("freezes a field that both sides changed where a person decides, and that field alone", async () => {
    const stage = await open({ options: { conflicts: "manual" } })
    const id = makeProduct(stage, { name: "Agreed", description_sale: "Plain." })
    await runWell(stage, "full")
    await editProduct(stage, id, { title: "The merchant's" })
    stage.world.write("product.template", id, { name: "The ERP's", description_sale: "New." })
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({
      title: "The merchant's",
      description: "New.",
    })
    const conflicts = () =>
      rows(
        stage,
        `select field, reason, erp_value, medusa_value from erp_difference
          where kind = 'conflict'`,
      )
    expect(await conflicts()).toEqual([
      {
        field: "title",
        reason: "both_changed",
        erp_value: "The ERP's",
        medusa_value: "The merchant's",
      },
    ])
    expect(await parkedOf(stage)).toEqual([])
    await editProduct(stage, id, { title: "The ERP's" })
    await settle(stage)
    await runWell(stage)
    expect(await conflicts()).toEqual([])
    stage.world.write("product.template", id, { name: "Agreed again" })
    await runWell(stage)
    expect(await productOf(stage, id)).toMatchObject({ title: "Agreed again" })
  })

  it("takes a form's old value for a stale return, not for an edit", async () => {
    const stage = await open()
    const id = makeProduct(stage, { name: "Old" })
    await runWell(stage, "full")
    stage.world.write("product.template", id, { name: "New" })
    await runWell(stage)
    await editProduct(stage, id, { title: "Old" })
    await eventually(async () => {
      await settle(stage)
      expect(await productOf(stage, id)).toMatchObject({ title: "New" })
    })
    expect((await journalOf(stage, "product", id, "title")).at(-1)).toMatchObject({
      from: "Old",
      to: "New",
      rule: "stale_return",
    })
  })

  it("clears a description with the ERP's, and never a SKU", async () => {
    const stage = await open()
    const id = makeProduct(stage, { default_code: "KEPT", description_sale: "Plain." })
    await runWell(stage, "full")
    stage.world.write("product.template", id, { default_code: false, description_sale: false })
    await runWell(stage)
    const product = await productOf(stage, id)
    expect(product.description ?? "").toBe("")
    expect(product.variants).toMatchObject([{ sku: "KEPT" }])
    expect((await runWell(stage, "full")).counters).toMatchObject({ writes: 0 })
    expect(await parkedOf(stage)).toEqual([])
  })
}
