import { given } from "./catalog-fixtures"
import { categoryOf, countOf, findLink, parkedOf, productOf } from "./sync-readings"
import { addLine, makeAttribute, makeProduct, variantsOf } from "./sync-shop"
import { OpenStage, runWell, settle } from "./sync-stage"

const NAMES: [string, string][] = [
  ["of 1,000 characters", "Very long ".repeat(100).trim()],
  ["in emoji", "\u{1F6CB}\uFE0F \u{1F469}\u200D\u{1F469}\u200D\u{1F467} lamp"],
  ["from right to left", "\u0645\u0635\u0628\u0627\u062d \u202e1-2\u202c"],
  ["of Han characters outside the basic plane", "\u{20BB7}\u{91CE}\u5BB6"],
  ["with quotes and angle brackets", `<b>"Lamp"</b> 'x' \\ $1 {{y}}`],
]

/** What is unusual, yet legal in the ERP: it arrives as it is, or says what keeps it from it. */
export const oddInputTests = (open: OpenStage): void => {
  it.each(NAMES)("takes in a name %s, and then rests", async (_what, name) => {
    const stage = await open()
    const id = makeProduct(stage, { name, description_sale: name })
    const category = stage.world.create("product.category", { name })
    await runWell(stage, "full")
    expect(await productOf(stage, id)).toMatchObject({ title: name, description: name })
    expect(await categoryOf(stage, category)).toMatchObject({ name })
    const again = await runWell(stage, "full")
    await settle(stage)
    expect(again.counters).toMatchObject({ created: 0, updated: 0, writes: 0, parked: 0 })
  })

  it("takes in a product without variants, and its first one later", async () => {
    const stage = await open()
    const colour = makeAttribute(stage, "Colour", ["Red", "Blue"], { create_variant: "dynamic" })
    const id = makeProduct(stage)
    addLine(stage, id, colour)
    expect(variantsOf(stage, id).filter((variant) => isActive(stage, variant))).toEqual([])
    const other = makeProduct(stage)
    await runWell(stage, "full")
    expect(await productOf(stage, other)).toMatchObject({ status: "published" })
    expect(await productOf(stage, id)).toMatchObject({ variants: [] })
    expect(await countOf(stage, "product_variant")).toBe(1)
    const again = await runWell(stage, "full")
    await settle(stage)
    expect(again.counters).toMatchObject({ writes: 0, parked: 0 })
  })

  it("tells options of one name apart", async () => {
    const stage = await open()
    const id = makeProduct(stage)
    addLine(stage, id, makeAttribute(stage, "Size", ["S", "M"]))
    addLine(stage, id, makeAttribute(stage, "Size", ["Wide", "Slim"]))
    const other = makeProduct(stage)
    await runWell(stage, "full")
    const product = await productOf(stage, id)
    expect(product.options.map(({ title }) => title).toSorted()).toEqual(["Size", "Size (2)"])
    expect(product.variants).toHaveLength(4)
    expect(await productOf(stage, other)).toMatchObject({ status: "published" })
    expect(await parkedOf(stage)).toEqual([])
    const again = await runWell(stage, "full")
    expect(again.counters).toMatchObject({ updated: 0, writes: 0 })
  })

  it("does not follow categories that stand in each other, until somebody unties them", async () => {
    const stage = await open()
    const [first, second, third] = ["First", "Second", "Third"].map((name) =>
      stage.world.create("product.category", { name }),
    )
    stage.world.write("product.category", given(second), { parent_id: given(first) })
    await runWell(stage, "full")
    stage.world.write("product.category", given(first), { name: "First, renamed" })
    stage.world.write("product.category", given(third), { parent_id: given(second) })
    stage.world.rawUpdate("product.category", given(first), { parent_id: given(second) })
    const product = makeProduct(stage, { categ_id: given(first) })
    await runWell(stage, "full")
    await settle(stage)
    const root = await categoryOf(stage, given(first))
    expect(root).toMatchObject({ name: "First, renamed", parent_id: null, is_active: true })
    const child = await categoryOf(stage, given(second))
    expect(child).toMatchObject({ parent_id: root.id })
    expect(await categoryOf(stage, given(third))).toMatchObject({ parent_id: child.id })
    expect(await productOf(stage, product)).toMatchObject({ category_ids: [root.id] })
    expect(await parkedOf(stage)).toEqual([
      expect.objectContaining({
        entity: "category",
        erp_id: String(first),
        field: "parent",
        value: String(second),
        remedy: expect.stringMatching(/.{20}/),
      }),
    ])
    stage.world.rawUpdate("product.category", given(first), { parent_id: false })
    await runWell(stage, "full")
    await settle(stage)
    expect(await parkedOf(stage)).toEqual([])
  })

  it("does not create categories that stand in each other twice", async () => {
    const stage = await open()
    const [first, second] = ["First", "Second"].map((name) =>
      stage.world.create("product.category", { name }),
    )
    stage.world.rawUpdate("product.category", given(first), { parent_id: given(second) })
    stage.world.rawUpdate("product.category", given(second), { parent_id: given(first) })
    const other = makeProduct(stage)
    await runWell(stage, "full")
    await runWell(stage, "full")
    await settle(stage)
    expect(await findLink(stage, "category", given(first))).not.toBeNull()
    expect(await findLink(stage, "category", given(second))).not.toBeNull()
    expect(await productOf(stage, other)).toMatchObject({ status: "published" })
    const names = (await stage.knex("product_category").select("name")).map(({ name }) => name)
    expect(names.filter((name) => name === "First")).toHaveLength(1)
    expect(names.filter((name) => name === "Second")).toHaveLength(1)
  })
}

const isActive = ({ world }: Parameters<typeof variantsOf>[0], variant: number): boolean =>
  world.row("product.product", variant)?.["active"] !== false
