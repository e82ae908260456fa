import {
  create,
  eventsOf,
  isPublic,
  given,
  ORIGIN,
  productOf,
  rows,
  TestStore,
} from "./catalog-fixtures"
import { CreateProduct } from "../../src/engine/ports"
import { MedusaId, medusaId } from "../../src/sync/ids"

/** What a creation that was killed had not written yet, by the place of the kill. */
const KILLS: { where: string; undo: readonly string[] }[] = [
  {
    where: "after the inventory items",
    undo: ["price links", "price sets", "item links", "variants", "channel", "profile", "product"],
  },
  {
    where: "after the product",
    undo: ["price links", "price sets", "item links", "variants", "channel", "profile"],
  },
  {
    where: "after the sales channels",
    undo: ["price links", "price sets", "item links", "variants", "profile"],
  },
  {
    where: "after the shipping profile",
    undo: ["price links", "price sets", "item links", "variants"],
  },
  { where: "after the variants", undo: ["price links", "price sets", "item links"] },
  { where: "after the links of the inventory items", undo: ["price links", "price sets"] },
  { where: "after the price sets", undo: ["price links"] },
]

const UNDO: Record<string, string> = {
  "price links": "delete from product_variant_price_set",
  "price sets": "delete from price_set",
  "item links": "delete from product_variant_inventory_item",
  variants: "delete from product_variant",
  channel: "delete from product_sales_channel",
  profile: "delete from product_shipping_profile",
  product: "delete from product",
}

export const healingTests = (store: () => TestStore): void => {
  it.each(KILLS)("finishes a creation that was killed $where", async ({ undo }) => {
    const products = await newProducts(store())
    await create(store(), ...products)
    const before = await snapshot(store(), products)
    for (const part of undo) {
      await rows(store(), given(UNDO[part]))
    }
    const events = await eventsOf(store(), () => create(store(), ...products))
    expect(await snapshot(store(), products)).toEqual(before)
    const names = events.map((event) => event.name)
    expect(names.filter((name) => name === "product.created")).toHaveLength(products.length)
    expect(names.filter((name) => name === "product-variant.created")).toHaveLength(3)
    const told = events.filter((event) => /^product(-variant)?\./.test(event.name))
    expect(new Set(told.filter(isPublic).map((event) => event.group))).toEqual(
      new Set([ORIGIN.group_id]),
    )
    expect(await rows(store(), "select id from inventory_item")).toHaveLength(3)
    expect(
      await rows(store(), "select id from product_option where deleted_at is null"),
    ).toHaveLength(undo.includes("product") ? 4 : 2)
  })

  it("tells once more of a product whose creation was complete", async () => {
    const [product] = await create(store(), productOf(store()))
    const events = await eventsOf(store(), () =>
      store().catalog.createProducts([given(product)], ORIGIN),
    )
    expect(events.map((event) => event.name).sort()).toEqual([
      "product-variant.updated",
      "product.updated",
    ])
  })

  it("lets two workers at the same records make them once", async () => {
    const products = await newProducts(store())
    const attempts = await Promise.all(
      [1, 2, 3].map(() => store().catalog.createProducts(products, ORIGIN)),
    )
    const made = attempts.filter((outcomes) =>
      outcomes.every((outcome) => outcome.outcome === "created"),
    )
    expect(made.length).toBeGreaterThan(0)
    for (const outcome of attempts.flat()) {
      if (outcome.outcome === "failed") {
        expect(outcome.error).toMatchObject({ kind: "transient", code: "record_busy" })
      }
    }
    const before = await snapshot(store(), products)
    await create(store(), ...products)
    expect(await snapshot(store(), products)).toEqual(before)
    for (const [table, count] of [
      ["product", 2],
      ["product_variant", 3],
      ["inventory_item", 3],
      ["product_variant_price_set", 3],
      ["product_variant_inventory_item", 3],
    ] as const) {
      expect(await rows(store(), `select 1 from ${table}`)).toHaveLength(count)
    }
  })

  it("leaves alone what the merchant took away after the creation", async () => {
    const [product] = await newProducts(store())
    await create(store(), given(product))
    await rows(store(), "update product_sales_channel set deleted_at = now()")
    await rows(store(), "update product_variant_inventory_item set deleted_at = now()")
    await create(store(), given(product))
    expect(
      await rows(store(), "select id from product_sales_channel where deleted_at is null"),
    ).toEqual([])
    expect(
      await rows(store(), "select id from product_variant_inventory_item where deleted_at is null"),
    ).toEqual([])
  })

  it("finishes with the variants that the ERP has by now", async () => {
    const product = productOf(store(), { sizes: ["S"] })
    await create(store(), product)
    await rows(store(), given(UNDO["price links"]))
    const grown = productOf(store(), { sizes: ["S", "M"] })
    const [first] = product.variants
    const variants = [given(first), given(grown.variants[1])]
    await create(store(), { ...grown, id: product.id, variants })
    const read = (await store().catalog.readProducts([product.id])).get(product.id)
    expect(read?.options[0]?.values.map(({ value }) => value).sort()).toEqual(["M", "S"])
    expect(read?.variants.map((variant) => variant.prices.length)).toEqual([1, 1])
  })
}

const newProducts = async (store: TestStore): Promise<CreateProduct[]> => {
  const [channel] = await rows<{ id: MedusaId }>(store, "select id from sales_channel limit 1")
  const [profile] = await rows<{ id: MedusaId }>(store, "select id from shipping_profile limit 1")
  const links = {
    sales_channel_ids: [given(channel).id],
    shipping_profile_id: medusaId(given(profile).id),
  }
  return [productOf(store, { ...links, sizes: ["S", "M"] }), productOf(store, links)]
}

/** Everything that a creation writes, without ids that it chose and times. */
const snapshot = async (store: TestStore, products: CreateProduct[]) => {
  const read = await store.catalog.readProducts(products.map((product) => product.id))
  return {
    products: products.map((product) => {
      const found = given(read.get(product.id))
      const valueNames = new Map(
        found.options.flatMap((option) => option.values.map((value) => [value.id, value.value])),
      )
      return {
        ...found,
        options: found.options.map(({ title, is_exclusive, values }) => ({
          title,
          is_exclusive,
          values: values.map(({ value }) => value).sort(),
        })),
        variants: found.variants.map((variant) => ({
          ...variant,
          price_set_id: variant.price_set_id !== null,
          option_value_ids: variant.option_value_ids.map((id) => valueNames.get(id)),
          prices: variant.prices.map(({ currency, amount }) => ({ currency, amount })),
        })),
      }
    }),
    handles: await rows(store, "select id, handle, external_id from product order by id"),
    channels: await rows(
      store,
      "select product_id, sales_channel_id from product_sales_channel where deleted_at is null order by 1",
    ),
    profiles: await rows(
      store,
      "select product_id, shipping_profile_id from product_shipping_profile where deleted_at is null order by 1",
    ),
  }
}
