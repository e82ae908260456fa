import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import { createCatalog } from "../../src/catalog"
import { CreateProduct } from "../../src/engine/ports"
import { MedusaId } from "../../src/sync/ids"
import { seeds } from "./catalog-checkout"
import {
  change,
  create,
  createOne,
  given,
  nativeStore,
  ORIGIN,
  productOf,
  rows,
  TestStore,
  variantOf,
  whileLocked,
  write,
} from "./catalog-fixtures"

/** The same plans through guarded SQL and through Medusa's services, with equal results. */
export const nativeTests = (store: () => TestStore): void => {
  const native = () => nativeStore(store())

  it("writes the same values, outcomes and events", async () => {
    const bySql = await scenario(store(), "sql")
    const byServices = await scenario(native(), "native")
    expect(byServices.outcomes).toEqual(bySql.outcomes)
    expect(byServices.events).toEqual(bySql.events)
    expect(byServices.read).toEqual(bySql.read)
    expect(byServices.prices).toEqual(bySql.prices)
  })

  it("moves a variant to another product whole by SQL, and says that services cannot", async () => {
    const { product: from, variant } = await createOne(store(), { sizes: ["S"] })
    const { product: to } = await createOne(store(), { sizes: ["S"] })
    const readOne = async () =>
      given((await store().catalog.readVariants([variant.id])).get(variant.id))
    const before = await readOne()
    const move = (product: MedusaId, target: MedusaId) =>
      change("variant", variant.id, "product_id", product, target)
    expect((await write(native(), move(from.id, to.id))).outcomes).toMatchObject([
      { outcome: "refused", error: { kind: "data", code: "move_unsupported" } },
    ])
    const missing = store().catalog.newId("product")
    expect((await write(store(), move(from.id, missing))).outcomes).toMatchObject([
      { outcome: "refused", error: { kind: "data", code: "missing_product" } },
    ])
    expect((await write(store(), move(to.id, from.id))).outcomes).toEqual([
      { outcome: "moved", present: from.id },
    ])
    const lock = "select 1 from product where id = $1 for update"
    const busy = await whileLocked(store(), lock, [to.id], () =>
      write(store(), move(from.id, to.id)),
    )
    expect(busy.outcomes).toEqual([{ outcome: "locked" }])
    expect(await readOne()).toEqual(before)

    const { outcomes, events } = await write(store(), move(from.id, to.id))
    expect(outcomes).toEqual([{ outcome: "written" }])
    expect(workflowNames(events).sort()).toEqual([
      "product-variant.updated",
      "product.updated",
      "product.updated",
    ])
    expect(await readOne()).toEqual({ ...before, product_id: to.id, option_value_ids: [] })
  })

  it("writes the same tiers into a price list, and nothing else of it", async () => {
    const results = []
    for (const priced of [store(), native()]) {
      const list = await makeList(priced)
      const { variant } = await createOne(priced)
      const other = await createOne(priced)
      const field = `price_list:${list.id}:usd`
      const set = async (id: string, from: string | null, to: string | null) => {
        const { outcomes, writes } = await write(priced, change("variant", id, field, from, to))
        return [outcomes[0]?.outcome, writes]
      }
      const steps = [
        await set(other.variant.id, null, "3"),
        await set(variant.id, null, "9.99; 10: 8; 50: 7.5"),
        await set(variant.id, "9.99", "1"),
        await set(variant.id, "9.99; 10: 8; 50: 7.5", "9.99; 20: 8.125"),
        await set(other.variant.id, "3", "3.00"),
      ]
      const found = await rows(
        priced,
        `select currency_code, amount::text, min_quantity::text as min, max_quantity::text as max,
                raw_amount->>'value' as twin, raw_min_quantity->>'value' as min_twin,
                raw_max_quantity->>'value' as max_twin, rules_count
           from price where price_list_id = ? and deleted_at is null order by amount`,
        [list.id],
      )
      const base = given((await priced.catalog.readVariants([variant.id])).get(variant.id)).prices
      results.push({
        outcomes: steps.map(([outcome]) => outcome),
        found,
        base: base.map(({ amount }) => amount),
        gone: [await set(variant.id, "9.99; 20: 8.125", null), await countRows(priced, list.id)],
      })
    }
    expect(results[0]).toMatchObject({
      outcomes: ["written", "written", "moved", "written", "written"],
      base: ["10"],
      gone: [["written", 2], 1],
    })
    expect(results[0]?.found).toEqual([
      tierRow("3", null, null),
      tierRow("8.125", "20", null),
      tierRow("9.99", null, "19"),
    ])
    expect(results[1]).toEqual(results[0])
  })

  it("says that a price list is gone, and leaves base prices alone", async () => {
    for (const priced of [store(), native()]) {
      const { variant } = await createOne(priced)
      const { outcomes } = await write(
        priced,
        change("variant", variant.id, "price_list:plist_none:usd", null, "3"),
        change("variant", variant.id, "price:eur", "10", "11"),
      )
      expect(outcomes).toMatchObject([
        { outcome: "refused", error: { code: "missing_price_list" } },
        { outcome: "written" },
      ])
    }
  })

  it("sets and creates the same levels, without waiting for itself", async () => {
    const { location, shop } = await seeds(store())
    const results = []
    for (const { catalog, knex } of [store(), native()]) {
      const product = productOf(store())
      await create(store(), product)
      const variant = given(product.variants[0])
      const read = given((await catalog.readVariants([variant.id])).get(variant.id))
      const inventory_item_id = given(read.inventory_items[0]).id
      const pairs = [location, shop].map((location_id) => ({ inventory_item_id, location_id }))
      const set = (to: string) =>
        knex.transaction(async (tx) => {
          const levels = await catalog.lockLevels(tx, pairs)
          const { events, writes } = await catalog.writeLevels(
            tx,
            levels.map((level) => ({ level, to })),
          )
          return { writes, events: workflowNames(events) }
        })
      results.push([await set("3"), await set("4.5"), await set("4.5")])
    }
    expect(results[1]).toEqual(results[0])
    const levels = await rows(
      store(),
      `select distinct stocked_quantity, raw_stocked_quantity, reserved_quantity from inventory_level`,
    )
    expect(levels).toEqual([
      {
        stocked_quantity: "4.5",
        raw_stocked_quantity: { value: "4.5", precision: 20 },
        reserved_quantity: "0",
      },
    ])
  })

  it("takes over when a table is not the one that was tested, and says so once", async () => {
    const product = productOf(store())
    await create(store(), product)
    await rows(store(), "alter table price add column surprise text")
    const warnings: string[] = []
    const logger = store().container.resolve(ContainerRegistrationKeys.LOGGER)
    const spy = jest.spyOn(logger, "warn").mockImplementation((message: string) => {
      warnings.push(message)
    })
    const careful: TestStore = {
      ...store(),
      catalog: createCatalog({ container: store().container, logger }),
    }
    // The guarded writer would say that the row is locked.
    const lock = "select id from product_category for update"
    const first = await whileLocked(store(), lock, [], () =>
      write(careful, change("product", product.id, "title", product.title, "A")),
    )
    const second = await write(careful, change("product", product.id, "title", "A", "B"))
    spy.mockRestore()
    expect([first.outcomes, second.outcomes]).toEqual([
      [{ outcome: "written" }],
      [{ outcome: "written" }],
    ])
    expect(first.events).toEqual([{ name: "product.updated", data: { id: product.id } }])
    expect(warnings.filter((message) => message.includes("surprise"))).toHaveLength(1)
  })
}

const makeList = async ({ container }: TestStore) => {
  const [list] = await container
    .resolve(Modules.PRICING)
    .createPriceLists([{ title: "Trade", description: "", status: "active" }])
  return given(list)
}

const countRows = async (store: TestStore, list: string): Promise<number> => {
  const [row] = await rows<{ count: string }>(
    store,
    "select count(*) from price where price_list_id = ? and deleted_at is null",
    [list],
  )
  return Number(row?.count)
}

const tierRow = (amount: string, min: string | null, max: string | null) => ({
  currency_code: "usd",
  ...{ amount, min, max, twin: amount, min_twin: min, max_twin: max, rules_count: 0 },
})

const scenario = async (store: TestStore, name: string) => {
  const { catalog } = store
  const category = catalog.newId("category")
  const other = catalog.newId("category")
  await catalog.createCategories(
    [category, other].map((id) => ({
      id,
      erp_id: productOf(store).erp_id,
      name: `Category ${name}`,
      is_active: true,
      parent_id: null,
    })),
    ORIGIN,
  )
  const product = productOf(store, {
    attributes: {
      material: "Oak",
      length: "1.25",
      "metadata:care": "Wash cold",
      "metadata:mine": "m",
    },
    title: `Chair ${name}`,
    category_ids: [other],
    tags: [`Old ${name}`, `Kept ${name}`],
    variants: [
      variantOf(catalog, {
        sku: `${name}-1`,
        barcode: `${name}-1`,
        prices: [
          { currency: "eur", amount: "10" },
          { currency: "usd", amount: "11" },
        ],
      }),
    ],
  })
  const bare: CreateProduct = productOf(store, {
    title: `Bare ${name}`,
    tags: [`New ${name}`],
    variants: [variantOf(catalog, { sku: `${name}-2` })],
  })
  await create(store, product, bare)
  const [variant, second] = [given(product.variants[0]), given(bare.variants[0])]
  await rows(store, "delete from product_variant_price_set where variant_id = ?", [second.id])
  const { outcomes, events } = await write(
    store,
    change("product", product.id, "title", product.title, "Table"),
    change("product", product.id, "description", "moved", "x"),
    change("product", product.id, "status", "published", "draft"),
    change("product", product.id, "material", "Oak", "Beech"),
    change("product", product.id, "length", "1.25", null),
    change("product", product.id, "metadata:care", "Wash cold", null),
    change("product", product.id, "metadata:seen", null, true),
    change("product", product.id, "metadata:mine", "moved", "x"),
    change("variant", variant.id, "metadata:care", null, "Iron"),
    change("product", product.id, `category:${category}`, null, true),
    change("product", product.id, `category:${other}`, true, null),
    change("product", bare.id, "category:pcat_missing", null, true),
    change("product", product.id, `tag:Old ${name}`, true, null),
    change("product", product.id, `tag:New ${name}`, null, true),
    change("product", product.id, `tag:Kept ${name}`, null, true),
    change("product", catalog.newId("product"), "title", "a", "b"),
    change("variant", variant.id, "title", variant.title, "One"),
    change("variant", variant.id, "sku", variant.sku, `${name}-new`),
    change("variant", variant.id, "weight", null, "1.5"),
    change("variant", variant.id, "allow_backorder", false, true),
    change("variant", variant.id, "price:eur", "10", "12.345"),
    change("variant", variant.id, "price:gbp", null, "3"),
    change("variant", variant.id, "price:usd", "11", null),
    change("variant", second.id, "price:eur", null, "4"),
    change("variant", second.id, "barcode", null, `${name}-1`),
    change("category", category, "name", `Category ${name}`, "Renamed"),
    change("category", other, "is_active", true, false),
  )
  const read = [...(await catalog.readProducts([product.id, bare.id])).values()]
  const plain = (text: string): string =>
    [product.id, bare.id, variant.id, second.id, category, other, name].reduce(
      (result, id, index) => result.replaceAll(id, `#${index}`),
      text,
    )
  return {
    outcomes: outcomes.map((outcome) =>
      outcome.outcome === "refused" ? outcome.error.code : outcome,
    ),
    events: workflowNames(events),
    read: read.map(({ title, description, status, category_ids, tags, attributes, variants }) => ({
      attributes,
      title: plain(title),
      description,
      status,
      categories: category_ids.map(plain),
      tags: tags?.map(plain),
      variants: variants.map((entry) => ({
        attributes: entry.attributes,
        title: entry.title,
        sku: plain(entry.sku ?? ""),
        barcode: plain(entry.barcode ?? ""),
        weight: entry.weight,
        allow_backorder: entry.allow_backorder,
        item: plain(entry.inventory_items[0]?.sku ?? ""),
        prices: entry.prices.map(({ currency, amount }) => `${currency} ${amount}`).sort(),
      })),
    })),
    prices: await rows(
      store,
      `select currency_code, amount, raw_amount, rules_count, price_list_id, min_quantity, title
         from price join product_variant_price_set l on l.price_set_id = price.price_set_id
        where l.variant_id = any(?) order by currency_code, amount`,
      [[variant.id, second.id]],
    ),
  }
}

const workflowNames = (events: readonly { name: string }[]): string[] =>
  events
    .map((event) => event.name)
    .filter((name) => name.split(".").length === 2 && !name.startsWith("Link"))
    .sort()
