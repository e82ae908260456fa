import { categoryOf, linkOf, parkedOf, productOf } from "./sync-readings"
import { makeProduct } from "./sync-shop"
import { OpenStage, runWell, settle, Stage } from "./sync-stage"

const makeCategory = ({ world }: Stage, name: string, parent?: number): number =>
  world.create("product.category", { name, ...(parent ? { parent_id: parent } : {}) })

export const categoryTests = (open: OpenStage): void => {
  it("follows renamed and moved categories", async () => {
    const stage = await open()
    const lights = makeCategory(stage, "Lights")
    const sale = makeCategory(stage, "Sale")
    const lamps = makeCategory(stage, "Lamps", lights)
    await runWell(stage, "full")
    const parent = async (id: number) => (await linkOf(stage, "category", id)).medusa_id
    expect(await categoryOf(stage, lamps)).toMatchObject({ parent_id: await parent(lights) })
    stage.world.write("product.category", lamps, { name: "Desk lamps", parent_id: sale })
    await runWell(stage)
    await settle(stage)
    expect(await categoryOf(stage, lamps)).toMatchObject({
      name: "Desk lamps",
      parent_id: await parent(sale),
    })
  })

  it("turns a tree upside down without a cycle", async () => {
    const stage = await open()
    const top = makeCategory(stage, "Top")
    const low = makeCategory(stage, "Low", top)
    await runWell(stage, "full")
    stage.world.write("product.category", low, { parent_id: false })
    stage.world.write("product.category", top, { parent_id: low })
    await runWell(stage)
    await settle(stage)
    const { medusa_id } = await linkOf(stage, "category", low)
    expect(await categoryOf(stage, low)).toMatchObject({ parent_id: null })
    expect(await categoryOf(stage, top)).toMatchObject({ parent_id: medusa_id })
    expect(await parkedOf(stage)).toEqual([])
  })

  it("places a category whose parent arrives later", async () => {
    const stage = await open({ options: { settings: { page_size: 1 } } })
    const child = makeCategory(stage, "Child")
    const parent = makeCategory(stage, "Parent")
    stage.world.write("product.category", child, { parent_id: parent })
    await runWell(stage, "full", ["categories"])
    await settle(stage)
    const { medusa_id } = await linkOf(stage, "category", parent)
    expect(await categoryOf(stage, child)).toMatchObject({ parent_id: medusa_id })
    expect(await parkedOf(stage)).toEqual([])
  })

  it("moves a product between the ERP's categories and keeps those of the merchant", async () => {
    const stage = await open()
    const lights = makeCategory(stage, "Lights")
    const sale = makeCategory(stage, "Sale")
    const id = makeProduct(stage, { categ_id: lights })
    await runWell(stage, "full")
    const own = stage.catalog.newId("category")
    await stage.catalog.createCategories(
      [{ id: own, erp_id: linkOfNothing, name: "Picks", is_active: true, parent_id: null }],
      { group_id: "merchant" },
    )
    const { id: product } = await productOf(stage, id)
    await stage.knex("product_category_product").insert({
      product_id: product,
      product_category_id: own,
    })
    stage.world.write("product.template", id, { categ_id: sale })
    await runWell(stage)
    const { medusa_id } = await linkOf(stage, "category", sale)
    expect((await productOf(stage, id)).category_ids.toSorted()).toEqual(
      [medusa_id, own].toSorted(),
    )
  })

  it("switches a deleted category off by a full run", async () => {
    const stage = await open()
    const id = makeCategory(stage, "Short-lived")
    await runWell(stage, "full")
    stage.world.unlink("product.category", id)
    await runWell(stage, "full")
    expect(await categoryOf(stage, id)).toMatchObject({ is_active: false })
  })
}

const linkOfNothing = "merchant" as Parameters<Stage["catalog"]["createCategories"]>[0][0]["erp_id"]
