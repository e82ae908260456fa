import { given, rows } from "./catalog-fixtures"
import { findLink, parkedOf, variantOf } from "./sync-readings"
import { makeProduct, onlyVariant } from "./sync-shop"
import { OpenStage, runWell, settle, Stage } from "./sync-stage"

const LIST = "product.pricelist"
const RULE = "product.pricelist.item"
const HOUR = 60 * 60

const priceOf = async (stage: Stage, variant: number, currency: string): Promise<number | null> => {
  const { prices } = await variantOf(stage, variant)
  const held = prices.find((price) => price.currency === currency)
  return held ? Number(held.amount) : null
}

const stampIn = (seconds: number): string =>
  new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19).replace("T", " ")

const looksDue = (stage: Stage) =>
  rows<{ erp_id: string; hours: string }>(
    stage,
    `select erp_id, round(extract(epoch from due_at - now()) / 3600)::text as hours
     from erp_dirty where reason = 'price_ends' order by erp_id`,
  )

/** Price lists of the ERP as base prices of a currency. */
export const pricelistTests = (open: OpenStage): void => {
  it("brings the price of a list, follows its rules, and looks again when one ends", async () => {
    const stage = await open({
      options: {
        prices: [
          { erp: "list", currency: "usd", rounding: "half-up" },
          { erp: "pricelist:Europe", currency: "eur", rounding: "half-up" },
        ],
      },
    })
    const { world } = stage
    const [euro] = world.search("res.currency", [["name", "=", "EUR"]])
    const list = world.create(LIST, { name: "Europe", currency_id: given(euro) })
    const id = makeProduct(stage, { list_price: 20 })
    const rule = world.create(RULE, {
      pricelist_id: list,
      applied_on: "1_product",
      product_tmpl_id: id,
      compute_price: "fixed",
      fixed_price: 15.5,
      date_end: stampIn(3 * HOUR),
    })
    world.create(RULE, {
      pricelist_id: list,
      applied_on: "1_product",
      product_tmpl_id: id,
      compute_price: "fixed",
      fixed_price: 12,
      min_quantity: 10,
    })
    await runWell(stage, "full")
    const variant = onlyVariant(stage, id)
    expect(await priceOf(stage, variant, "usd")).toBe(20)
    expect(await priceOf(stage, variant, "eur")).toBe(15.5)
    expect(await looksDue(stage)).toEqual([{ erp_id: String(variant), hours: "3" }])

    world.write(RULE, rule, { fixed_price: 17.25, date_end: false })
    await runWell(stage, "delta", ["prices"])
    expect(await priceOf(stage, variant, "eur")).toBe(17.25)
    await settle(stage)
    expect(await looksDue(stage)).toEqual([])
    const quiet = await runWell(stage, "full")
    expect(quiet.counters).toMatchObject({ writes: 0, events: 0 })
    expect(await parkedOf(stage)).toEqual([])
    expect(await findLink(stage, "variant", variant)).toBeDefined()
  })
}
