import {
  childrenOf,
  countOf,
  findLink,
  levelsOf,
  parkedOf,
  productOf,
  variantOf,
} from "./sync-readings"
import { tick } from "../../src/runtime"
import { eventsOf, given } from "./catalog-fixtures"
import { expectedCatalog, ExpectedProduct } from "./sync-listing"
import { OpenStage, runWell, Stage } from "./sync-stage"

export const arrivalTests = (open: OpenStage): void => {
  it.each([17, 19] as const)(
    "brings everything that Odoo %i sells into the store as it is",
    async (version) => {
      const stage = await open({ erp: { version, products: 120, seed: version } })
      const run = await runWell(stage, "full")
      const expected = expectedCatalog(stage.world)
      const parked = await parkedOf(stage)
      expect(parked.map(({ field, reason }) => `${field} ${reason}`).sort()).toEqual([
        "title invalid",
        expect.stringMatching(/^variants\.\d+\.sku duplicate_sku$/),
      ])
      const lost = new Set(
        parked.filter(({ entity }) => entity === "product").map(({ erp_id }) => erp_id),
      )
      const arriving = expected.filter(({ id }) => !lost.has(String(id)))
      expect(arriving.length).toBeGreaterThan(100)
      for (const product of arriving) {
        expect(await held(stage, product)).toEqual(product)
      }
      expect(await countOf(stage, "product")).toBe(arriving.length)
      const categories = await countOf(stage, "product_category")
      expect(categories).toBe(stage.world.count("product.category"))
      expect(run.counters).toMatchObject({ created: arriving.length + categories, gone: 0 })
    },
  )

  it("writes nothing, tells nobody and asks little when nothing changed", async () => {
    const stage = await open({ erp: { products: 60 } })
    await runWell(stage, "full")
    await runWell(stage, "delta")
    const events = await eventsOf(stage, async () => {
      const full = await runWell(stage, "full")
      expect(full.counters).toMatchObject({ writes: 0, events: 0, created: 0, updated: 0 })
      expect(full.counters.requests).toBeLessThan(12)
      const delta = await runWell(stage, "delta")
      expect(delta.counters).toMatchObject({ writes: 0, events: 0 })
      expect(delta.counters.requests).toBeLessThan(16)
    })
    // The plugin's own words about its runs say nothing of the store.
    expect(events.filter(({ name }) => !name.startsWith("erp."))).toEqual([])
  })

  it("begins by the clock in an empty store, and queues nothing that is not due", async () => {
    const stage = await open({ erp: { products: 20, variants: 1 } })
    await tick(stage.runtime)
    await stage.runtime.drain.untilIdle()
    expect(await countOf(stage, "product")).toBe(20)
    const runs = async () => (await stage.sync.runs({ limit: 50, offset: 0 })).count
    await runWell(stage, "delta")
    const before = await runs()
    await tick(stage.runtime)
    await tick(stage.runtime)
    await stage.runtime.drain.untilIdle()
    expect(await runs()).toBe(before)
  })
}

/** What the store holds of a product, in the words of the listing. */
const held = async (stage: Stage, { id }: ExpectedProduct): Promise<ExpectedProduct | null> => {
  if (!(await findLink(stage, "product", id))) {
    return null
  }
  const product = await productOf(stage, id)
  const categories = await stage.catalog.readCategories(product.category_ids)
  const links = await childrenOf(stage, id)
  const variants = links.filter((link) => link.entity === "variant" && link.state === "linked")
  return {
    id,
    title: product.title,
    description: product.description,
    status: product.status,
    category: [...categories.values()][0]?.name ?? null,
    variants: await Promise.all(
      variants
        .map((link) => Number(link.erp_id))
        .sort((a, b) => a - b)
        .map(async (variant) => {
          const read = await variantOf(stage, variant)
          const levels = read.manage_inventory ? await levelsOf(stage, variant) : null
          return {
            id: variant,
            sku: read.sku,
            barcode: read.barcode,
            price: Number(read.prices.find(({ currency }) => currency === "usd")?.amount),
            weight: read.weight === null ? null : Number(read.weight),
            stock: levels && {
              WH: given(levels["Main warehouse"]).stocked,
              WH2: given(levels["Outlet"]).stocked,
            },
          }
        }),
    ),
  }
}
