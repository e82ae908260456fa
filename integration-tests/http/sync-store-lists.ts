import {
  createCustomerGroupsWorkflow,
  createPriceListPricesWorkflow,
  createPriceListsWorkflow,
  deletePriceListsWorkflow,
} from "@medusajs/medusa/core-flows"
import { Modules } from "@medusajs/framework/utils"
import { ConnectionOptions, PriceListOption } from "../../src/modules/erp/options"
import { given, rows } from "./catalog-fixtures"
import { journalOf, variantOf } from "./sync-readings"
import { makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, OpenStage, runWell, settle, Stage } from "./sync-stage"

const LIST = "product.pricelist"
const RULE = "product.pricelist.item"

type Prices = NonNullable<ConnectionOptions["prices"]>

/** The ERP's list `Trade` as a price list of the store. */
export const tradeList = (list: Partial<PriceListOption> = { title: "Trade" }): Prices => [
  {
    erp: "pricelist:Trade",
    currency: "usd",
    rounding: "half-up",
    price_list: { type: "override", customer_groups: [], ...list },
  },
]

/** The ERP's list with its rules for one product: a fixed price, and others from quantities on. */
export const makeTrade = (stage: Stage, product: number, prices: Record<number, number>) => {
  const { world } = stage
  const [list = world.create(LIST, { name: "Trade", currency_id: 1 })] = world.search(LIST, [
    ["name", "=", "Trade"],
  ])
  const rules = Object.entries(prices).map(([from, price]) =>
    world.create(RULE, {
      pricelist_id: list,
      applied_on: "1_product",
      product_tmpl_id: product,
      compute_price: "fixed",
      fixed_price: price,
      min_quantity: Number(from),
    }),
  )
  return { list, rules }
}

export const tiersOf = async (stage: Stage, variant: number): Promise<string[]> =>
  ((await variantOf(stage, variant)).list_prices ?? []).map(
    ({ currency, tiers }) => `${currency} ${tiers}`,
  )

const lists = (stage: Stage) =>
  rows<{ id: string; title: string; type: string; status: string; rules_count: number }>(
    stage,
    "select id, title, type, status, rules_count from price_list where deleted_at is null order by title",
  )

const priceRows = (stage: Stage) =>
  rows<{ amount: string; min: string | null; max: string | null; twin: string }>(
    stage,
    `select amount::text, min_quantity::text as min, max_quantity::text as max,
            raw_amount->>'value' as twin
     from price where price_list_id is not null and deleted_at is null order by min_quantity nulls first`,
  )

/** Price lists of the ERP as price lists of the store. */
export const storeListTests = (open: OpenStage): void => {
  it("makes the list with its first prices, keeps its tiers, and is quiet then", async () => {
    const stage = await open({ options: { prices: tradeList() } })
    const id = makeProduct(stage, { list_price: 20 })
    const { rules } = makeTrade(stage, id, { 0: 15.5, 10: 12, 50: 10.25 })
    await runWell(stage, "full")
    const variant = onlyVariant(stage, id)
    expect(await tiersOf(stage, variant)).toEqual(["usd 15.5; 10: 12; 50: 10.25"])
    expect((await variantOf(stage, variant)).prices).toMatchObject([{ amount: "20" }])
    expect(await lists(stage)).toMatchObject([
      { title: "Trade", type: "override", status: "active", rules_count: 0 },
    ])
    expect(await priceRows(stage)).toEqual([
      { amount: "15.5", min: null, max: "9", twin: "15.5" },
      { amount: "12", min: "10", max: "49", twin: "12" },
      { amount: "10.25", min: "50", max: null, twin: "10.25" },
    ])
    const pricing = stage.container.resolve(Modules.PRICING)
    const price_set_id = given((await variantOf(stage, variant)).price_set_id)
    const priceFor = async (quantity: number): Promise<number> => {
      const [price] = await pricing.calculatePrices(
        { id: [price_set_id] },
        { context: { currency_code: "usd", quantity } },
      )
      return Number(price?.calculated_amount)
    }
    expect([await priceFor(1), await priceFor(49), await priceFor(50)]).toEqual([15.5, 12, 10.25])

    stage.world.write(RULE, given(rules[1]), { fixed_price: 11 })
    stage.world.unlink(RULE, given(rules[2]))
    await runWell(stage, "delta", ["prices"])
    expect(await tiersOf(stage, variant)).toEqual(["usd 15.5; 10: 11"])
    await settle(stage)
    for (const kind of ["delta", "full"] as const) {
      const quiet = await runWell(stage, kind)
      expect(quiet.counters).toMatchObject({ writes: 0, events: 0 })
    }
  })

  it("takes the list of that title, and leaves alone what else is in it", async () => {
    const stage = await open({ options: { prices: tradeList() } })
    const id = makeProduct(stage, { list_price: 20 })
    const other = makeProduct(stage, { list_price: 30 })
    await runWell(stage, "full")
    const [own, alien] = [onlyVariant(stage, id), onlyVariant(stage, other)]
    const { result } = await createPriceListsWorkflow(stage.container).run({
      input: {
        price_lists_data: [
          {
            title: "Trade",
            description: "by hand",
            status: "active",
            prices: [
              {
                variant_id: (await variantOf(stage, own)).id,
                currency_code: "eur",
                amount: 3,
              },
              {
                variant_id: (await variantOf(stage, alien)).id,
                currency_code: "eur",
                amount: 4,
              },
            ],
          },
        ],
      },
    })
    await stage.runtime.connections.close()
    makeTrade(stage, id, { 0: 15 })
    await runWell(stage, "delta", ["prices"])
    expect(await lists(stage)).toMatchObject([{ id: given(result[0]).id, rules_count: 0 }])
    expect((await tiersOf(stage, own)).sort()).toEqual(["eur 3", "usd 15"])
    expect(await tiersOf(stage, alien)).toContain("eur 4")
  })

  it("restores an edit of the list in the admin, and journals it", async () => {
    const stage = await open({ options: { prices: tradeList() } })
    const id = makeProduct(stage, { list_price: 20 })
    makeTrade(stage, id, { 0: 15, 10: 12 })
    await runWell(stage, "full")
    const variant = onlyVariant(stage, id)
    const [list] = await lists(stage)
    await rows(
      stage,
      'update price set amount = 1, raw_amount = \'{"value":"1"}\' where price_list_id is not null and min_quantity = 10',
    )
    await createPriceListPricesWorkflow(stage.container).run({
      input: {
        data: [
          {
            id: given(list).id,
            prices: [
              {
                variant_id: (await variantOf(stage, variant)).id,
                currency_code: "usd",
                amount: 5,
                min_quantity: 100,
              },
            ],
          },
        ],
      },
    })
    expect(await tiersOf(stage, variant)).toEqual(["usd 15; 10: 1; 100: 5"])
    await stage.runtime.ledger.markEdited(
      [
        {
          entity: "variant",
          id: (await variantOf(stage, variant)).id,
          at: new Date().toISOString(),
        },
      ],
      0,
    )
    await settle(stage)
    expect(await tiersOf(stage, variant)).toEqual(["usd 15; 10: 12"])
    const field = `price_list:${given(list).id}:usd`
    expect((await journalOf(stage, "variant", variant, field)).at(-1)).toMatchObject({
      kind: "superseded",
      from: "15; 10: 1; 100: 5",
      to: "15; 10: 12",
      rule: "enforce",
    })
  })

  it("is for the customer groups of the options, and says when one is missing", async () => {
    const prices = tradeList({ title: "Trade", customer_groups: ["Trade customers"] })
    const stage = await open({ options: { prices } })
    const id = makeProduct(stage, { list_price: 20 })
    makeTrade(stage, id, { 0: 15 })
    await runWell(stage, "full")
    expect(await lists(stage)).toEqual([])
    const problems = await stage.runtime.connections.problems(stage.options.id)
    expect(problems).toMatchObject([{ code: "unknown_customer_group" }])

    await createCustomerGroupsWorkflow(stage.container).run({
      input: { customersData: [{ name: "Trade customers" }] },
    })
    await stage.runtime.connections.close()
    await runWell(stage, "full")
    expect(await lists(stage)).toMatchObject([{ title: "Trade", rules_count: 1 }])
    expect(await tiersOf(stage, onlyVariant(stage, id))).toEqual(["usd 15"])
  })

  it("makes no list again that was deleted, and says so", async () => {
    const stage = await open({ options: { prices: tradeList() } })
    const id = makeProduct(stage, { list_price: 20 })
    const { rules } = makeTrade(stage, id, { 0: 15 })
    await runWell(stage, "full")
    const [list] = await lists(stage)
    await deletePriceListsWorkflow(stage.container).run({ input: { ids: [given(list).id] } })
    await stage.runtime.connections.close()
    stage.world.write(RULE, given(rules[0]), { fixed_price: 14 })
    const run = await runWell(stage, "full")
    expect(run.counters).toMatchObject({ writes: 0 })
    expect(await lists(stage)).toEqual([])
    expect(await stage.sync.connection(CONNECTION)).toBeDefined()
    expect(await stage.runtime.connections.problems(stage.options.id)).toMatchObject([
      { code: "price_list_deleted" },
    ])
  })

  it("leaves the tiers alone while a price of the list cannot be told", async () => {
    const stage = await open({ options: { prices: tradeList() } })
    const id = makeProduct(stage, { list_price: 20 })
    const { rules } = makeTrade(stage, id, { 0: 15, 10: 12 })
    await runWell(stage, "full")
    // No rule can round to a negative amount.
    stage.world.write(RULE, given(rules[0]), { price_round: -1, compute_price: "formula" })
    stage.world.write(RULE, given(rules[1]), { fixed_price: 11 })
    await runWell(stage, "full")
    const variant = onlyVariant(stage, id)
    expect(await tiersOf(stage, variant)).toEqual(["usd 15; 10: 12"])
    stage.world.write(RULE, given(rules[0]), { price_round: 0, compute_price: "fixed" })
    await runWell(stage, "full")
    expect(await tiersOf(stage, variant)).toEqual(["usd 15; 10: 11"])
  })
}
