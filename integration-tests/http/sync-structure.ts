import { deleteProductVariantsWorkflow } from "@medusajs/medusa/core-flows"
import { given } from "./catalog-fixtures"
import { levelsOf, linkOf, parkedOf, productOf, variantOf } from "./sync-readings"
import {
  addLine,
  Attribute,
  changeLine,
  count,
  makeAttribute,
  makeProduct,
  onlyVariant,
  removeLine,
  variantsOf,
} from "./sync-shop"
import { eventually, OpenStage, runWell, settle, Stage } from "./sync-stage"

export const structureTests = (open: OpenStage): void => {
  const withColors = async (
    use: number,
  ): Promise<{ stage: Stage; id: number; color: Attribute }> => {
    const stage = await open()
    const color = makeAttribute(stage, "Color", ["White", "Black", "Red"])
    const id = makeProduct(stage, { default_code: false })
    addLine(stage, id, color, color.values.slice(0, use))
    variantsOf(stage, id).forEach((variant, at) => {
      stage.world.write("product.product", variant, { default_code: `LAMP-C${at}` })
      count(stage, variant, 5 + at)
    })
    await runWell(stage, "full")
    return { stage, id, color }
  }

  it("adds the variant of a new attribute value", async () => {
    const { stage, id, color } = await withColors(2)
    const before = await namesOf(stage, id)
    expect(Object.keys(before).sort()).toEqual(["Black", "White"])
    changeLine(stage, id, color, color.values)
    await runWell(stage)
    await settle(stage)
    expect(await namesOf(stage, id)).toEqual({ ...before, Red: expect.any(String) })
    expect(await parkedOf(stage)).toEqual([])
  })

  it("takes the variant of a removed value out of sale, and back when the value returns", async () => {
    const { stage, id, color } = await withColors(3)
    const before = await namesOf(stage, id)
    const [white = 0] = variantsOf(stage, id)
    changeLine(stage, id, color, color.values.slice(1))
    await runWell(stage)
    await settle(stage)
    expect(await linkOf(stage, "variant", white)).toMatchObject({ state: "gone" })
    expect(await levelsOf(stage, white)).toMatchObject({ "Main warehouse": { stocked: 0 } })
    changeLine(stage, id, color, color.values)
    await runWell(stage)
    await settle(stage)
    expect(await namesOf(stage, id)).toEqual(before)
    expect(await levelsOf(stage, white)).toMatchObject({ "Main warehouse": { stocked: 5 } })
    expect(await parkedOf(stage)).toEqual([])
  })

  it.each(["before", "after"])(
    "keeps the store's variant when the ERP remakes it under a new id %s a sync saw it gone",
    async (when) => {
      const stage = await open()
      const color = makeAttribute(stage, "Color", ["White", "Black", "Red"])
      const id = makeProduct(stage, { default_code: false })
      addLine(stage, id, color, color.values.slice(0, 2))
      await runWell(stage, "full")
      const [white = 0] = variantsOf(stage, id)
      const before = await namesOf(stage, id)
      const items = await itemsOf(stage, id)
      stage.world.unlink("product.product", white)
      if (when === "after") {
        stage.world.write("product.template", id, { name: "Lamp without white" })
        await runWell(stage)
        expect(await linkOf(stage, "variant", white)).toMatchObject({ state: "gone" })
      }
      changeLine(stage, id, color, color.values)
      const remade = given(
        variantsOf(stage, id).find((variant) => variant !== white && isWhite(stage, variant)),
      )
      count(stage, remade, 9)
      await runWell(stage)
      await settle(stage)
      expect(await namesOf(stage, id)).toEqual({ ...before, Red: expect.any(String) })
      expect(await itemsOf(stage, id)).toEqual(expect.arrayContaining(items))
      expect(await linkOf(stage, "variant", remade)).toMatchObject({
        state: "linked",
        medusa_id: before.White,
      })
      expect(await levelsOf(stage, remade)).toMatchObject({ "Main warehouse": { stocked: 9 } })
      expect(await parkedOf(stage)).toEqual([])
    },
  )

  it("replaces the one variant of a simple product by those of its new attribute", async () => {
    const stage = await open()
    const color = makeAttribute(stage, "Color", ["White", "Black"])
    const id = makeProduct(stage)
    count(stage, onlyVariant(stage, id), 7)
    await runWell(stage, "full")
    addLine(stage, id, color)
    await runWell(stage)
    await settle(stage)
    expect((await productOf(stage, id)).options.map(({ title }) => title)).toEqual(["Color"])
    expect(Object.keys(await namesOf(stage, id)).sort()).toEqual(["Black", "White"])
    expect(await parkedOf(stage)).toEqual([])
  })

  it("keeps variants, items and levels when an attribute with a single value is added", async () => {
    const { stage, id } = await withColors(2)
    const size = makeAttribute(stage, "Size", ["Small", "Large"])
    const before = await namesOf(stage, id)
    const items = await itemsOf(stage, id)
    addLine(stage, id, size, size.values.slice(0, 1))
    await runWell(stage)
    await settle(stage)
    const after = await productOf(stage, id)
    expect(after.options.map(({ title }) => title).sort()).toEqual(["Color", "Size"])
    expect(Object.values(await namesOf(stage, id)).sort()).toEqual(Object.values(before).sort())
    expect(await itemsOf(stage, id)).toEqual(items)
    expect(await levelsOf(stage, given(variantsOf(stage, id)[0]))).toMatchObject({
      "Main warehouse": { stocked: 5 },
    })
    expect(await parkedOf(stage)).toEqual([])
  })

  it("makes the variants of a second attribute, and none of the former block it", async () => {
    const { stage, id } = await withColors(2)
    const size = makeAttribute(stage, "Size", ["Small", "Large"])
    addLine(stage, id, size)
    await runWell(stage)
    await settle(stage)
    const names = Object.keys(await namesOf(stage, id)).map((name) => name.split("/").sort().join())
    expect(names.sort()).toEqual(["Black,Large", "Black,Small", "Large,White", "Small,White"])
    expect(await parkedOf(stage)).toEqual([])
    const again = await runWell(stage, "full")
    expect(again.counters).toMatchObject({ writes: 0, created: 0 })
  })

  it("renames an option and its values with the ERP", async () => {
    const { stage, id, color } = await withColors(2)
    const before = await namesOf(stage, id)
    stage.world.write("product.attribute", color.id, { name: "Colour" })
    stage.world.write("product.attribute.value", given(color.values[0]), { name: "Ivory" })
    await runWell(stage)
    await settle(stage)
    const { options } = await productOf(stage, id)
    expect(options.map(({ title }) => title)).toEqual(["Colour"])
    expect(await namesOf(stage, id)).toEqual({ Black: before.Black, Ivory: before.White })
  })

  it("removes an attribute and keeps the variant that is left", async () => {
    const { stage, id, color } = await withColors(1)
    const [held] = (await productOf(stage, id)).variants
    removeLine(stage, id, color)
    await runWell(stage)
    await settle(stage)
    const live = (await productOf(stage, id)).variants.filter(({ deleted }) => !deleted)
    expect(live.map((variant) => variant.id)).toEqual([given(held).id])
    expect(await parkedOf(stage)).toEqual([])
  })

  it("sets the stock of an archived variant to nothing, and restores it", async () => {
    const { stage, id } = await withColors(2)
    const [white = 0, black = 0] = variantsOf(stage, id)
    stage.world.archive("product.product", white)
    await runWell(stage)
    await settle(stage)
    expect(await levelsOf(stage, white)).toMatchObject({ "Main warehouse": { stocked: 0 } })
    expect(await levelsOf(stage, black)).toMatchObject({ "Main warehouse": { stocked: 6 } })
    expect(await productOf(stage, id)).toMatchObject({ status: "published" })
    stage.world.unarchive("product.product", white)
    await runWell(stage)
    await settle(stage)
    expect(await levelsOf(stage, white)).toMatchObject({ "Main warehouse": { stocked: 5 } })
  })

  it("never brings back a variant that the merchant deleted", async () => {
    const { stage, id } = await withColors(2)
    const before = await namesOf(stage, id)
    const [white = 0, black = 0] = variantsOf(stage, id)
    await deleteProductVariantsWorkflow(stage.container).run({
      input: { ids: [given(before.White)] },
    })
    await eventually(async () => {
      await settle(stage)
      expect(await linkOf(stage, "variant", white)).toMatchObject({ state: "tombstone" })
    })
    stage.world.write("product.product", [white, black], { weight: 3 })
    await runWell(stage)
    await runWell(stage, "full")
    await settle(stage)
    expect(await namesOf(stage, id)).toEqual({ Black: before.Black })
    expect(await variantOf(stage, black)).toMatchObject({ weight: "3000" })
    expect(await parkedOf(stage)).toEqual([])
  })

  it("creates variants that the ERP makes on demand when they are made", async () => {
    const stage = await open()
    const length = makeAttribute(stage, "Length", ["1 m", "2 m"], { create_variant: "dynamic" })
    const id = makeProduct(stage, { default_code: false })
    addLine(stage, id, length)
    await runWell(stage, "full")
    expect((await productOf(stage, id)).variants).toEqual([])
    const [value = 0] = stage.world.search("product.template.attribute.value", [
      ["product_tmpl_id", "=", id],
    ])
    stage.world.create("product.product", {
      product_tmpl_id: id,
      product_template_attribute_value_ids: [[6, 0, [value]]],
      default_code: "ONE-METRE",
    })
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, id)).toMatchObject({ variants: [{ sku: "ONE-METRE" }] })
    expect(await parkedOf(stage)).toEqual([])
  })
}

const isWhite = ({ world }: Stage, variant: number): boolean => {
  const [row] = world.read("product.product", variant, ["display_name"])
  return String(row?.["display_name"]).includes("White")
}

/** Live variants that are not gone, by the name of their option value. */
const namesOf = async (stage: Stage, template: number): Promise<Record<string, string>> => {
  const product = await productOf(stage, template)
  const values = new Map(
    product.options.flatMap((option) => option.values.map(({ id, value }) => [id, value] as const)),
  )
  return Object.fromEntries(
    product.variants
      .filter(({ deleted }) => !deleted)
      .map((variant) => [
        variant.option_value_ids.map((id) => values.get(id)).join("/"),
        variant.id,
      ]),
  )
}

const itemsOf = async (stage: Stage, template: number): Promise<string[]> =>
  (await productOf(stage, template)).variants
    .flatMap((variant) => variant.inventory_items.map(({ id }) => `${variant.id} ${id}`))
    .sort()
