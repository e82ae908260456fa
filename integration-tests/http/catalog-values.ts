import { createPriceListsWorkflow } from "@medusajs/medusa/core-flows"
import { PricingTypes } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import { Client } from "pg"
import { MedusaId } from "../../src/sync/ids"
import {
  change,
  create,
  createOne,
  given,
  ORIGIN,
  productOf,
  rows,
  TestStore,
  variantOf,
  whileLocked,
  write,
} from "./catalog-fixtures"

/** Prices of variants; the shipping option has some too. */
const PRICES =
  "(select * from price where price_set_id in (select price_set_id from product_variant_price_set)) p"

const WRITTEN = { outcome: "written" } as const

export const valueTests = (store: () => TestStore): void => {
  it("writes every field that still holds the planned value", async () => {
    const { product, variant } = await createOne(store())
    const { outcomes, writes } = await write(
      store(),
      change("product", product.id, "title", product.title, "Table"),
      change("product", product.id, "description", null, "Oak"),
      change("product", product.id, "status", "published", "draft"),
      change("variant", variant.id, "title", "Default variant", "One"),
      change("variant", variant.id, "sku", variant.sku, "T-1"),
      change("variant", variant.id, "barcode", null, "4000"),
      change("variant", variant.id, "weight", null, "0.45359"),
      change("variant", variant.id, "allow_backorder", false, true),
      change("variant", variant.id, "price:eur", "10", "12.5"),
    )
    expect(outcomes).toEqual(Array(9).fill(WRITTEN))
    // Product, variant, its SKU and barcode, the inventory item, the price.
    expect(writes).toBe(6)
    const read = given((await store().catalog.readProducts([product.id])).get(product.id))
    expect(read).toMatchObject({ title: "Table", description: "Oak", status: "draft" })
    expect(read.variants[0]).toMatchObject({
      title: "One",
      sku: "T-1",
      barcode: "4000",
      weight: "0.45359",
      allow_backorder: true,
      prices: [{ currency: "eur", amount: "12.5" }],
      inventory_items: [{ sku: "T-1" }],
    })
  })

  it("keeps what Medusa keeps beside a value: time of change and exact twin", async () => {
    const { product, variant } = await createOne(store())
    await rows(store(), "update product set updated_at = '2020-01-01'")
    await rows(store(), "update product_variant set updated_at = '2020-01-01'")
    await rows(store(), "update price set updated_at = '2020-01-01'")
    await write(
      store(),
      change("product", product.id, "title", product.title, "Table"),
      change("variant", variant.id, "price:eur", "10", "12345678901234.567"),
    )
    const recent = "updated_at > now() - interval '1 minute' as recent"
    expect(await rows(store(), `select ${recent} from product`)).toEqual([{ recent: true }])
    expect(await rows(store(), `select ${recent} from product_variant`)).toEqual([{ recent: true }])
    expect(await rows(store(), `select amount, raw_amount, ${recent} from ${PRICES}`)).toEqual([
      {
        amount: "12345678901234.567",
        raw_amount: { value: "12345678901234.567", precision: 20 },
        recent: true,
      },
    ])
  })

  it("leaves what moved, and says what the record holds", async () => {
    const { product, variant } = await createOne(store())
    await rows(store(), "update product set title = 'Edited'")
    await rows(store(), "update product_variant set weight = 2, sku = 'EDITED'")
    const { outcomes, events, writes } = await write(
      store(),
      change("product", product.id, "title", product.title, "Table"),
      change("product", product.id, "description", null, "Oak"),
      change("variant", variant.id, "weight", "1", "3"),
      change("variant", variant.id, "sku", variant.sku, "T-1"),
      change("variant", variant.id, "price:eur", "9", "11"),
      change("variant", variant.id, "price:usd", "9", "11"),
      change("product", product.id, "category:pcat_x", true, null),
    )
    expect(outcomes).toEqual([
      { outcome: "moved", present: "Edited" },
      WRITTEN,
      { outcome: "moved", present: "2" },
      { outcome: "moved", present: "EDITED" },
      { outcome: "moved", present: "10" },
      { outcome: "moved", present: null },
      { outcome: "moved", present: null },
    ])
    expect(writes).toBe(1)
    expect(events.map((event) => event.name)).toEqual([
      "product.product.updated",
      "product.updated",
    ])
    expect(await rows(store(), "select title, description from product")).toEqual([
      { title: "Edited", description: "Oak" },
    ])
  })

  it("sees an edit that was committed after the plan was made, but before the write", async () => {
    const { product } = await createOne(store())
    const { catalog, knex, databaseUrl } = store()
    const other = new Client({ connectionString: databaseUrl })
    await other.connect()
    const { outcomes } = await knex.transaction(async (tx) => {
      await tx.raw("select 1")
      await other.query("update product set title = 'Edited'")
      return catalog.writeValues(tx, [
        change("product", product.id, "title", product.title, "Table"),
      ])
    })
    await other.end()
    expect(outcomes).toEqual([{ outcome: "moved", present: "Edited" }])
  })

  it("writes nothing, and tells of nothing, when the record holds the target as planned", async () => {
    const { variant } = await createOne(store())
    const result = await write(store(), change("variant", variant.id, "price:eur", "10.00", "10"))
    expect(result).toEqual({ outcomes: [WRITTEN], events: [], writes: 0 })
  })

  it.each([
    { held: "product", sql: "update product set subtitle = 'x' where id = $1" },
    { held: "variant", sql: "update product_variant set hs_code = 'x' where id = $1" },
  ] as const)("never waits for a $held that another session holds", async ({ held, sql }) => {
    const { product, variant } = await createOne(store())
    const { product: free } = await createOne(store())
    const id = held === "product" ? product.id : variant.id
    const started = Date.now()
    const { outcomes } = await whileLocked(store(), sql, [id], () =>
      write(
        store(),
        change("product", product.id, "title", product.title, "Table"),
        change("variant", variant.id, "weight", null, "1"),
        change("variant", variant.id, "price:eur", "10", "11"),
        change("product", free.id, "title", free.title, "Free"),
      ),
    )
    expect(Date.now() - started).toBeLessThan(900)
    const locked = { outcome: "locked" }
    expect(outcomes).toEqual(
      held === "product" ? [locked, WRITTEN, WRITTEN, WRITTEN] : [WRITTEN, locked, locked, WRITTEN],
    )
  })

  it("leaves prices alone that another session holds, or adds just now", async () => {
    const { variant } = await createOne(store())
    const update = "update price set amount = 99"
    const [first] = await whileLocked(store(), update, [], async () => {
      const { outcomes } = await write(
        store(),
        change("variant", variant.id, "price:eur", "10", "11"),
      )
      return outcomes
    })
    expect(first).toEqual({ outcome: "locked" })
    const insert = `insert into price (id, price_set_id, currency_code, amount, raw_amount, rules_count)
      select 'price_new', price_set_id, 'usd', 5, '{"value":"5"}', 0 from product_variant_price_set`
    const [second] = await whileLocked(store(), insert, [], async () => {
      const { outcomes } = await write(
        store(),
        change("variant", variant.id, "price:usd", null, "11"),
      )
      return outcomes
    })
    expect(second).toEqual({ outcome: "locked" })
    expect(await rows(store(), `select amount from ${PRICES}`)).toEqual([{ amount: "10" }])
  })

  it("says when a record is gone", async () => {
    const { product, variant } = await createOne(store())
    await rows(store(), "update product_variant set deleted_at = now()")
    const { outcomes } = await write(
      store(),
      change("product", store().catalog.newId("product"), "title", "a", "b"),
      change("variant", variant.id, "title", "a", "b"),
      change("variant", variant.id, "price:eur", "10", "11"),
      change("category", store().catalog.newId("category"), "name", "a", "b"),
      change("product", product.id, "title", product.title, "b"),
    )
    expect(outcomes.map((outcome) => outcome.outcome)).toEqual([
      "gone",
      "gone",
      "gone",
      "gone",
      "written",
    ])
  })

  it("touches no other price: currencies, lists, rules and quantities survive", async () => {
    const { variant } = await createOne(store())
    const { container } = store()
    const read = given((await store().catalog.readVariants([variant.id])).get(variant.id))
    const pricing = container.resolve(Modules.PRICING)
    const prices: PricingTypes.CreatePricesDTO[] = [
      { currency_code: "usd", amount: 20, rules: {} },
      { currency_code: "eur", amount: 8, min_quantity: 10, rules: {} },
      { currency_code: "eur", amount: 9, rules: { region_id: "reg_x" } },
    ]
    await pricing.addPrices({ priceSetId: given(read.price_set_id), prices })
    await createPriceListsWorkflow(container).run({
      input: {
        price_lists_data: [
          {
            title: "Sale",
            description: "Sale",
            status: "active",
            prices: [{ amount: 7, currency_code: "eur", variant_id: variant.id }],
          },
        ],
      },
    })
    const others = `select * from ${PRICES} where amount <> 10 order by amount`
    const before = await rows(store(), others)
    expect(before).toHaveLength(4)
    const { outcomes } = await write(
      store(),
      change("variant", variant.id, "price:eur", "10", "10.5"),
      change("variant", variant.id, "price:gbp", null, "3"),
    )
    expect(outcomes).toEqual([WRITTEN, WRITTEN])
    expect(
      await rows(store(), `select * from ${PRICES} where amount not in (10.5, 3) order by amount`),
    ).toEqual(before)
    const after = given((await store().catalog.readVariants([variant.id])).get(variant.id))
    expect(pricesOf(after.prices)).toEqual({ eur: "10.5", gbp: "3", usd: "20" })
  })

  it("gives a variant without a price set one", async () => {
    const { variant } = await createOne(store())
    await rows(store(), "delete from product_variant_price_set")
    const { outcomes, events } = await write(
      store(),
      change("variant", variant.id, "price:eur", null, "3"),
      change("variant", variant.id, "price:usd", null, "4"),
    )
    expect(outcomes).toEqual([WRITTEN, WRITTEN])
    expect(events.map((event) => event.name)).toEqual(
      expect.arrayContaining(["pricing.price-set.created", "LinkProductVariantPriceSet.attached"]),
    )
    const query = store().container.resolve(ContainerRegistrationKeys.QUERY)
    const { data } = await query.graph({
      entity: "variant",
      fields: ["id", "price_set.prices.amount", "price_set.prices.currency_code"],
      filters: { id: variant.id },
    })
    expect(data[0]?.price_set?.prices).toMatchObject([
      { amount: 3, currency_code: "eur" },
      { amount: 4, currency_code: "usd" },
    ])
  })

  it("never deletes the last base price of a currency", async () => {
    const { variant } = await createOne(store())
    const { outcomes } = await write(
      store(),
      change("variant", variant.id, "price:eur", "10", null),
    )
    expect(outcomes).toMatchObject([
      { outcome: "refused", error: { kind: "data", code: "last_base_price", field: "price:eur" } },
    ])
    expect(await rows(store(), `select id from ${PRICES}`)).toHaveLength(1)
  })

  it("takes doubles of a base price for one price", async () => {
    const { variant } = await createOne(store())
    const double = `insert into price (id, price_set_id, currency_code, amount, raw_amount, rules_count)
      select 'price_double' || count(*) over () || amount, price_set_id, 'eur', 8, '{"value":"8","precision":20}', 0 from ${PRICES}`
    await rows(store(), double)
    const read = async () =>
      pricesOf(given((await store().catalog.readVariants([variant.id])).get(variant.id)).prices)
    expect(await read()).toEqual({ eur: "8" })
    await write(store(), change("variant", variant.id, "price:eur", "8", "12"))
    expect(await read()).toEqual({ eur: "12" })
    expect(await rows(store(), `select id from ${PRICES}`)).toHaveLength(1)
    await rows(store(), double)
    const { outcomes } = await write(store(), change("variant", variant.id, "price:eur", "8", null))
    expect(outcomes).toEqual([WRITTEN])
    expect(await read()).toEqual({ eur: "12" })
  })

  it("renames the variant's own inventory item, and no shared one", async () => {
    const { product, variant } = await createOne(store(), { sizes: ["S", "M"] })
    const other = given(product.variants[1])
    const item = await itemOf(store(), variant.id)
    await store()
      .container.resolve(ContainerRegistrationKeys.LINK)
      .create({
        [Modules.PRODUCT]: { variant_id: other.id },
        [Modules.INVENTORY]: { inventory_item_id: item },
      })
    const shared = given((await store().catalog.readVariants([variant.id])).get(variant.id))
    expect(shared.inventory_items).toMatchObject([{ id: item, shared: true }])
    await write(store(), change("variant", variant.id, "sku", variant.sku, "NEW"))
    expect(await rows(store(), "select sku from inventory_item where id = ?", [item])).toEqual([
      { sku: variant.sku },
    ])
    const { variant: single } = await createOne(store())
    const { events } = await write(store(), change("variant", single.id, "sku", single.sku, null))
    expect(
      await rows(store(), "select sku from inventory_item where id = ?", [
        await itemOf(store(), single.id),
      ]),
    ).toEqual([{ sku: null }])
    expect(events.map((event) => event.name)).toContain("inventory-item.updated")
  })

  it("refuses a taken SKU or barcode alone, and writes the others", async () => {
    const [taken, first, second] = await create(
      store(),
      productOf(store()),
      productOf(store()),
      productOf(store()),
    )
    const [a, b, c] = [taken, first, second].map((product) => given(product?.variants[0]))
    await write(store(), change("variant", given(a).id, "barcode", null, "4000"))
    await rows(store(), "insert into inventory_item (id, sku) values ('iitem_orphan', 'ORPHAN')")
    const { outcomes } = await write(
      store(),
      change("variant", given(b).id, "sku", given(b).sku, given(a).sku),
      change("variant", given(b).id, "barcode", null, "4000"),
      change("variant", given(b).id, "weight", null, "1"),
      change("variant", given(c).id, "sku", given(c).sku, "FREE"),
      change("variant", given(a).id, "sku", given(a).sku, "FREE"),
      change("variant", given(a).id, "title", "Default variant", "A"),
    )
    expect(outcomes).toMatchObject([
      {
        outcome: "refused",
        error: {
          kind: "data",
          code: "duplicate_sku",
          record: given(b).id,
          field: "sku",
          value: given(a).sku,
          remedy: expect.stringContaining("ERP"),
        },
      },
      { outcome: "refused", error: { code: "duplicate_barcode", field: "barcode", value: "4000" } },
      WRITTEN,
      WRITTEN,
      { outcome: "refused", error: { code: "duplicate_sku" } },
      WRITTEN,
    ])
    const orphan = await write(
      store(),
      change("variant", given(b).id, "sku", given(b).sku, "ORPHAN"),
    )
    expect(orphan.outcomes).toMatchObject([
      { outcome: "refused", error: { message: expect.stringContaining("iitem_orphan") } },
    ])
  })

  it("lets the SKUs of a batch change hands", async () => {
    const products = await create(
      store(),
      productOf(store()),
      productOf(store()),
      productOf(store()),
    )
    const [a, b, c] = products.map((product) => given(product.variants[0]))
    const { outcomes } = await write(
      store(),
      change("variant", given(a).id, "sku", given(a).sku, given(b).sku),
      change("variant", given(b).id, "sku", given(b).sku, given(a).sku),
      change("variant", given(c).id, "sku", given(c).sku, "Z"),
    )
    expect(outcomes).toEqual([WRITTEN, WRITTEN, WRITTEN])
    const skus = await rows(
      store(),
      `select v.id, v.sku, i.sku as item from product_variant v
         join product_variant_inventory_item l on l.variant_id = v.id
         join inventory_item i on i.id = l.inventory_item_id`,
    )
    expect(skus).toEqual(
      expect.arrayContaining([
        { id: given(a).id, sku: given(b).sku, item: given(b).sku },
        { id: given(b).id, sku: given(a).sku, item: given(a).sku },
        { id: given(c).id, sku: "Z", item: "Z" },
      ]),
    )
  })

  it("gives up a SKU that another session is just taking, and nothing else", async () => {
    const { variant } = await createOne(store())
    const { variant: other } = await createOne(store())
    const insert = "insert into product_variant (id, title, sku) values ('variant_x', 'x', 'RACE')"
    const result = await whileLocked(store(), insert, [], () =>
      write(
        store(),
        change("variant", variant.id, "sku", variant.sku, "RACE"),
        change("variant", other.id, "sku", other.sku, "FREE"),
        change("variant", other.id, "price:eur", "10", "11"),
      ),
    )
    expect(result.outcomes).toEqual([{ outcome: "locked" }, WRITTEN, WRITTEN])
    expect(await rows(store(), "select sku from product_variant order by sku")).toEqual([
      { sku: "FREE" },
      { sku: variant.sku },
    ])
  })

  it("adds and removes one membership, and keeps the merchant's others", async () => {
    const { catalog } = store()
    const [mine, merchants, next] = [1, 2, 3].map(() => catalog.newId("category"))
    const category = (id: MedusaId | undefined, name: string) => ({
      id: given(id),
      erp_id: given(productOf(store())).erp_id,
      name,
      is_active: true,
      parent_id: null,
    })
    await catalog.createCategories(
      [category(mine, "Mine"), category(merchants, "Merchant's"), category(next, "Next")],
      ORIGIN,
    )
    const { product } = await createOne(store(), { category_ids: [given(mine), given(merchants)] })
    const { outcomes, events } = await write(
      store(),
      change("product", product.id, `category:${mine}`, true, null),
      change("product", product.id, `category:${next}`, null, true),
      change("product", product.id, `category:${catalog.newId("category")}`, null, true),
    )
    expect(outcomes).toMatchObject([
      WRITTEN,
      WRITTEN,
      { outcome: "refused", error: { code: "missing_category" } },
    ])
    expect(events).toEqual([
      { name: "product.product.updated", data: { id: product.id } },
      { name: "product.updated", data: { id: product.id } },
    ])
    const read = given((await catalog.readProducts([product.id])).get(product.id))
    expect(new Set(read.category_ids)).toEqual(new Set([merchants, next]))
  })

  it("gives a product tags and takes them away one by one, and makes those that there are not", async () => {
    const { catalog } = store()
    const { product: other } = await createOne(store(), { tags: ["Merchant's", "Old"] })
    const { product } = await createOne(store(), { tags: ["Old", "Kept"] })
    const { outcomes, events } = await write(
      store(),
      change("product", product.id, "tag:Old", true, null),
      change("product", product.id, "tag:Merchant's", null, true),
      change("product", product.id, "tag:New: hot", null, true),
      change("product", other.id, "tag:New: hot", null, true),
      change("product", other.id, "tag:Gone", true, null),
      change("product", product.id, "tag:Kept", null, true),
    )
    expect(outcomes).toEqual([
      ...Array.from({ length: 4 }, () => ({ outcome: "written" })),
      { outcome: "moved", present: null },
      { outcome: "moved", present: true },
    ])
    const read = await catalog.readProducts([product.id, other.id])
    expect(read.get(product.id)?.tags).toEqual(["Kept", "Merchant's", "New: hot"])
    expect(read.get(other.id)?.tags).toEqual(["Merchant's", "New: hot", "Old"])
    const made = await rows(store(), "select id from product_tag where value = 'New: hot'")
    expect(made).toHaveLength(1)
    expect(events.filter(({ name }) => name === "product-tag.created")).toEqual([
      { name: "product-tag.created", data: { id: made[0]?.["id"] } },
    ])
    expect(events.filter(({ name }) => name === "product.updated")).toHaveLength(2)
  })

  it("writes categories", async () => {
    const { catalog } = store()
    const id = catalog.newId("category")
    await catalog.createCategories(
      [{ id, erp_id: productOf(store()).erp_id, name: "A", is_active: true, parent_id: null }],
      ORIGIN,
    )
    const { outcomes } = await write(
      store(),
      change("category", id, "name", "A", "B"),
      change("category", id, "is_active", true, false),
    )
    expect(outcomes).toEqual([WRITTEN, WRITTEN])
    expect((await catalog.readCategories([id])).get(id)).toEqual({
      id,
      deleted: false,
      name: "B",
      is_active: false,
      parent_id: null,
    })
  })

  it("refuses a blank where Medusa needs a value, and a field it does not know", async () => {
    const { product } = await createOne(store())
    const { outcomes } = await write(
      store(),
      change("product", product.id, "title", product.title, null),
      change("product", product.id, "colour", null, "red"),
    )
    expect(outcomes).toMatchObject([
      { outcome: "refused", error: { kind: "data", code: "required_field" } },
      { outcome: "refused", error: { kind: "bug", code: "unknown_field" } },
    ])
  })

  it("leaves the transaction's own time-out as it was", async () => {
    const { product } = await createOne(store())
    const { catalog, knex } = store()
    const value = await knex.transaction(async (tx) => {
      await tx.raw("set local lock_timeout = '7s'")
      await catalog.writeValues(tx, [change("product", product.id, "title", "a", "b")])
      const { rows: found } = await tx.raw<{ rows: { lock_timeout: string }[] }>(
        "show lock_timeout",
      )
      return found[0]?.lock_timeout
    })
    expect(value).toBe("7s")
  })

  it("writes thousands at once", async () => {
    const products = Array.from({ length: 1_000 }, () =>
      productOf(store(), {
        variants: [
          variantOf(store().catalog, {
            manage_inventory: false,
            prices: [{ currency: "eur", amount: "10" }],
          }),
        ],
      }),
    )
    await create(store(), ...products)
    const started = Date.now()
    const { outcomes, writes } = await write(
      store(),
      ...products.flatMap((product, index) => {
        const variant = given(product.variants[0])
        return [
          change("product", product.id, "title", product.title, `Table ${index}`),
          change("variant", variant.id, "price:eur", "10", `${index}.25`),
          change("variant", variant.id, "sku", null, `BULK-${index}`),
          change("variant", variant.id, "price:usd", null, "1"),
        ]
      }),
    )
    const took = Date.now() - started
    expect(new Set(outcomes.map((outcome) => outcome.outcome))).toEqual(new Set(["written"]))
    expect(writes).toBe(4_000)
    expect(took).toBeLessThan(10_000)
  })
}

const pricesOf = (prices: readonly { currency: string; amount: string }[]) =>
  Object.fromEntries(prices.map(({ currency, amount }) => [currency, amount]))

const itemOf = async (store: TestStore, variantId: string): Promise<string> => {
  const [link] = await rows<{ inventory_item_id: string }>(
    store,
    "select inventory_item_id from product_variant_inventory_item where variant_id = ? and deleted_at is null",
    [variantId],
  )
  return given(link).inventory_item_id
}
