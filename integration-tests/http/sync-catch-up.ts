import {
  IInventoryService,
  IPricingModuleService,
  IProductModuleService,
} from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { batchLinkProductsToCategoryWorkflow } from "@medusajs/medusa/core-flows"
import { catchUp } from "../../src/runtime/catch-up"
import { rows } from "./catalog-fixtures"
import { openPushing, template } from "./sync-push"
import { levelsOf, linkOf, productOf, variantOf } from "./sync-readings"
import { MAIN } from "./sync-seed"
import { count, makeProduct, onlyVariant } from "./sync-shop"
import { OpenStage, runWell, settle, Stage } from "./sync-stage"

const MINUTE = 60_000

/** Edits that no event tells of: the store's tables are searched for them every five minutes. */
export const catchUpTests = (open: OpenStage): void => {
  const products = ({ container }: Stage): IProductModuleService =>
    container.resolve(Modules.PRODUCT)
  const pricing = ({ container }: Stage): IPricingModuleService =>
    container.resolve(Modules.PRICING)
  const inventory = ({ container }: Stage): IInventoryService =>
    container.resolve(Modules.INVENTORY)

  /** The search as it is due: by a first one everything so far counts as seen. */
  const search = async (stage: Stage, minutes = 6): Promise<number> => {
    const { ledger } = stage.runtime
    const marked = await catchUp(
      stage.runtime,
      new Date(Date.parse(await ledger.now()) + minutes * MINUTE).toISOString(),
    )
    await ledger.saveCaughtUp(await ledger.now())
    return marked
  }

  const begin = async (stage: Stage): Promise<void> => {
    await catchUp(stage.runtime, await stage.runtime.ledger.now())
    await settle(stage)
  }

  it("finds titles, prices and option values that a module wrote", async () => {
    const stage = await openPushing(open, { owners: { price: "both" } })
    const id = makeProduct(stage, { name: "Lamp", list_price: 20 })
    await runWell(stage, "full")
    await begin(stage)
    await products(stage).updateProducts((await productOf(stage, id)).id, { title: "Lantern" })
    const [price] = await rows<{ id: string; price_set_id: string }>(
      stage,
      `select p.id, p.price_set_id from price p
         join product_variant_price_set v on v.price_set_id = p.price_set_id
        where p.currency_code = 'usd' and p.deleted_at is null`,
    )
    await pricing(stage).upsertPriceSets([
      {
        id: price?.price_set_id ?? "",
        prices: [{ id: price?.id ?? "", currency_code: "usd", amount: 31 }],
      },
    ])
    await settle(stage)
    expect(template(stage, id)).toMatchObject({ name: "Lamp", list_price: 20 })
    expect(await search(stage)).toBeGreaterThan(0)
    await settle(stage)
    expect(template(stage, id)).toMatchObject({ name: "Lantern", list_price: 31 })
    expect(await search(stage)).toBe(0)
  })

  it("finds a product that was put into a category on the category's page, and taken out", async () => {
    const stage = await openPushing(open)
    const first = stage.world.create("product.category", { name: "First" })
    const second = stage.world.create("product.category", { name: "Second" })
    const id = makeProduct(stage, { categ_id: first })
    const other = makeProduct(stage, { categ_id: first })
    await runWell(stage, "full")
    await begin(stage)
    const product = await productOf(stage, id)
    const change = async (category: number, how: "add" | "remove"): Promise<void> => {
      const { medusa_id } = await linkOf(stage, "category", category)
      await batchLinkProductsToCategoryWorkflow(stage.container).run({
        input: { id: medusa_id, [how]: [product.id] },
      })
    }
    await change(second, "add")
    await change(first, "remove")
    await settle(stage)
    expect(template(stage, id)["categ_id"]).toBe(first)
    expect(await search(stage)).toBe(1)
    await settle(stage)
    expect(template(stage, id)["categ_id"]).toBe(second)
    expect(template(stage, other)["categ_id"]).toBe(first)
    expect(await search(stage)).toBe(0)
  })

  it("finds a level that a module wrote, and leaves what the sync wrote itself", async () => {
    const stage = await open()
    const variant = onlyVariant(stage, makeProduct(stage))
    count(stage, variant, 5)
    await runWell(stage, "full")
    await begin(stage)
    count(stage, variant, 6)
    await runWell(stage, "delta", ["stock"])
    expect(await search(stage)).toBe(0)
    const [item] = (await variantOf(stage, variant)).inventory_items
    const [level] = await rows<{ location_id: string }>(
      stage,
      "select location_id from inventory_level where deleted_at is null and stocked_quantity = 6",
    )
    await inventory(stage).updateInventoryLevels([
      {
        inventory_item_id: item?.id ?? "",
        location_id: level?.location_id ?? "",
        stocked_quantity: 99,
      },
    ])
    await settle(stage)
    expect(await levelsOf(stage, variant)).toMatchObject({ [MAIN]: { stocked: 99 } })
    expect(await search(stage)).toBe(1)
    await settle(stage)
    expect(await levelsOf(stage, variant)).toMatchObject({ [MAIN]: { stocked: 6 } })
  })

  it("finds what a process with a slow clock wrote, and says that its clock is wrong", async () => {
    const stage = await openPushing(open)
    const id = makeProduct(stage, { name: "Lamp" })
    await runWell(stage, "full")
    await begin(stage)
    const { ledger } = stage.runtime
    const SLOW = 12 * MINUTE
    await ledger.beat({
      id: "slow",
      mode: "server",
      host: "elsewhere",
      clock_ms: Date.parse(await ledger.now()) - SLOW,
    })
    const product = await productOf(stage, id)
    await rows(
      stage,
      `update product set title = 'Lantern', updated_at = now() - interval '12 minutes'
        where id = '${product.id}' returning id`,
    )
    expect(await search(stage)).toBeGreaterThan(0)
    await settle(stage)
    expect(template(stage, id)["name"]).toBe("Lantern")
    expect((await stage.sync.health()).warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/clock of instance slow is 7\d\d seconds behind/),
      ]),
    )
    await ledger.removeInstance("slow")
  })
}
