import { given } from "./catalog-fixtures"
import { expectedCatalog } from "./sync-listing"
import { editProduct, editVariant } from "./sync-merchant"
import { openPushing, product, template } from "./sync-push"
import { countOf, parkedOf, productOf, variantOf } from "./sync-readings"
import { makeProduct, onlyVariant } from "./sync-shop"
import { eventually, OpenStage, runWell, settle } from "./sync-stage"

const OVER_XML = { settings: { protocol: "xmlrpc" } }

export const xmlRpcTests = (open: OpenStage): void => {
  it("brings a catalog into the store over XML-RPC, and follows it", async () => {
    const stage = await open({
      erp: { version: 18, products: 250, variants: 1, odd: false },
      options: OVER_XML,
    })
    await runWell(stage, "full")
    const expected = expectedCatalog(stage.world)
    expect(await countOf(stage, "product")).toBe(expected.length)
    for (const { id, title, description, variants } of expected.slice(-10)) {
      expect(await productOf(stage, id)).toMatchObject({ title, description })
      for (const { id: variant, sku, price } of variants) {
        const read = await variantOf(stage, variant)
        const amount = read.prices.find(({ currency }) => currency === "usd")?.amount
        expect({ sku: read.sku, price: Number(amount) }).toEqual({ sku, price })
      }
    }
    expect((await runWell(stage, "full")).counters).toMatchObject({ writes: 0, events: 0 })
    const { id } = given(expected[0])
    stage.world.write("product.template", id, { name: "<Été> & \u{1F4A1}" })
    await runWell(stage, "delta")
    expect(await productOf(stage, id)).toMatchObject({ title: "<Été> & \u{1F4A1}" })
    expect(stage.erp.requests.count("common.authenticate")).toBeGreaterThan(0)
  })

  it("carries edits into the ERP over XML-RPC, and parks the text that XML has no place for", async () => {
    const stage = await openPushing(open, { ...OVER_XML, owners: { sku: "both" } })
    const id = makeProduct(stage, { name: "Lamp", list_price: 20 })
    await runWell(stage, "full")
    const variant = onlyVariant(stage, id)
    await editProduct(stage, id, { title: "Pasted\u000blamp", description: "Bright <& ]]> warm" })
    await editVariant(stage, variant, { sku: "L-1" })
    await eventually(async () => {
      await settle(stage)
      expect(template(stage, id)).toMatchObject({
        name: "Lamp",
        description_sale: "Bright <& ]]> warm",
      })
      expect(product(stage, variant)).toMatchObject({ default_code: "L-1" })
      expect(await parkedOf(stage)).toMatchObject([
        { field: "title", message: expect.stringMatching(/holds control characters/) },
      ])
    })
  })
}
