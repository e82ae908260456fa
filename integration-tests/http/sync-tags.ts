import { updateProductsWorkflow, createProductTagsWorkflow } from "@medusajs/medusa/core-flows"
import { Owner } from "../../src/sync/values"
import { given, rows } from "./catalog-fixtures"
import { expectQuiet, openOf, openPushing } from "./sync-push"
import { journalOf, productOf } from "./sync-readings"
import { makeProduct } from "./sync-shop"
import { eventually, OpenStage, runWell, settle, Stage } from "./sync-stage"

const makeTag = ({ world }: Stage, name: string): number => world.create("product.tag", { name })

const tagsOf = async (stage: Stage, id: number): Promise<string[]> =>
  (await productOf(stage, id)).tags ?? []

/** Names of the tags that the ERP's product has. */
const erpTags = ({ world }: Stage, id: number): string[] => {
  const ids = given(world.row("product.template", id))["product_tag_ids"] as number[]
  return ids.map((tag) => String(world.row("product.tag", tag)?.["name"])).toSorted()
}

/** Saves the set as a whole, as the admin's form does. */
const saveTags = async (stage: Stage, id: number, values: string[]): Promise<void> => {
  const known = await rows<{ id: string; value: string }>(
    stage,
    "select id, value from product_tag where deleted_at is null",
  )
  const missing = values.filter((value) => !known.some((tag) => tag.value === value))
  const { result } = await createProductTagsWorkflow(stage.container).run({
    input: { product_tags: missing.map((value) => ({ value })) },
  })
  const { id: product } = await productOf(stage, id)
  const tag_ids = [...known, ...result]
    .filter(({ value }) => values.includes(value))
    .map((tag) => tag.id)
  await updateProductsWorkflow(stage.container).run({
    input: { selector: { id: product }, update: { tag_ids } },
  })
}

const owned = (tag: Owner) => ({ owners: { tag } })

/** Tags of products, where the options map them. */
export const tagTests = (open: OpenStage): void => {
  it("arrive with a product, follow the ERP's, and leave the merchant's alone", async () => {
    const stage = await open({ options: owned("erp") })
    const summer = makeTag(stage, "Summer")
    const sale = makeTag(stage, "Sale")
    const id = makeProduct(stage, { product_tag_ids: [[6, 0, [summer, sale]]] })
    await runWell(stage, "full")
    expect(await tagsOf(stage, id)).toEqual(["Sale", "Summer"])
    await saveTags(stage, id, ["Sale", "Summer", "Mine"])
    stage.world.write("product.template", id, { product_tag_ids: [[3, sale]] })
    await runWell(stage)
    await settle(stage)
    expect(await tagsOf(stage, id)).toEqual(["Mine", "Summer"])
    stage.world.write("product.tag", summer, { name: "Summer 2026" })
    await runWell(stage)
    await settle(stage)
    expect(await tagsOf(stage, id)).toEqual(["Mine", "Summer 2026"])
    const quiet = await runWell(stage, "full")
    expect(quiet.counters).toMatchObject({ writes: 0, events: 0 })
  })

  it("come back where the ERP owns them, with the edit in the journal", async () => {
    const stage = await open({ options: owned("erp") })
    const id = makeProduct(stage, { product_tag_ids: [[6, 0, [makeTag(stage, "Summer")]]] })
    await runWell(stage, "full")
    await saveTags(stage, id, ["Mine"])
    await eventually(async () => {
      await settle(stage)
      expect(await tagsOf(stage, id)).toEqual(["Mine", "Summer"])
    })
    expect(await journalOf(stage, "product", id, "tag:Summer")).toMatchObject([{ rule: "enforce" }])
  })

  it("are not touched where nobody says whose they are", async () => {
    const stage = await open()
    const id = makeProduct(stage, { product_tag_ids: [[6, 0, [makeTag(stage, "Summer")]]] })
    await runWell(stage, "full")
    expect(await tagsOf(stage, id)).toEqual([])
  })

  it("of both sides merge one by one, and go to the ERP as single links", async () => {
    const stage = await openPushing(open, owned("both"))
    const summer = makeTag(stage, "Summer")
    const sale = makeTag(stage, "Sale")
    const id = makeProduct(stage, { product_tag_ids: [[6, 0, [summer]]] })
    await runWell(stage, "full")
    await saveTags(stage, id, ["Sale", "Quite new"])
    stage.world.write("product.template", id, { product_tag_ids: [[4, makeTag(stage, "Outlet")]] })
    await eventually(async () => {
      await runWell(stage)
      await settle(stage)
      expect(erpTags(stage, id)).toEqual(["Outlet", "Quite new", "Sale"])
    })
    expect(await tagsOf(stage, id)).toEqual(["Outlet", "Quite new", "Sale"])
    expect(stage.world.search("product.tag", [["name", "=", "Sale"]])).toEqual([sale])
    expect(await openOf(stage)).toEqual([])
    await expectQuiet(stage)
  })

  it("stand as pending while write-back is off", async () => {
    const stage = await open({ options: owned("both") })
    const id = makeProduct(stage)
    await runWell(stage, "full")
    await saveTags(stage, id, ["Mine"])
    await eventually(async () => {
      await settle(stage)
      expect(await openOf(stage)).toEqual([
        { field: "tag:Mine", kind: "pending", reason: "push_off" },
      ])
    })
    await saveTags(stage, id, [])
    await eventually(async () => {
      await settle(stage)
      expect(await openOf(stage)).toEqual([])
    })
  })
}
