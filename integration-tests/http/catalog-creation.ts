import { createInventoryItemsWorkflow } from "@medusajs/medusa/core-flows"
import {
  change,
  create,
  createOne,
  eventsOf,
  given,
  isPublic,
  ORIGIN,
  productOf,
  rows,
  TestStore,
  variantOf,
  write,
} from "./catalog-fixtures"

export const creationTests = (store: () => TestStore): void => {
  it("creates products with the given ids and reads them back", async () => {
    const { catalog } = store()
    const product = productOf(store(), { sizes: ["S", "M"], description: "Oak" })
    const [outcome] = await catalog.createProducts([product], ORIGIN)
    expect(outcome).toMatchObject({
      outcome: "created",
      created: {
        id: product.id,
        // Medusa keeps no order of the values.
        options: [
          {
            title: "Size",
            values: expect.arrayContaining([
              expect.objectContaining({ value: "S" }),
              expect.objectContaining({ value: "M" }),
            ]),
          },
        ],
        writes: 5,
        events: 5,
      },
    })
    const read = given((await catalog.readProducts([product.id])).get(product.id))
    expect(read).toMatchObject({
      id: product.id,
      deleted: false,
      title: product.title,
      description: "Oak",
      status: "published",
      category_ids: [],
    })
    expect(read.variants.map((variant) => variant.id).sort()).toEqual(
      product.variants.map((variant) => variant.id).sort(),
    )
    expect(read.variants.find(({ id }) => id === product.variants[0]?.id)).toMatchObject({
      sku: product.variants[0]?.sku,
      manage_inventory: true,
      prices: [{ currency: "eur", amount: "10" }],
      inventory_items: [{ sku: product.variants[0]?.sku, required_quantity: 1, shared: false }],
      option_value_ids: [read.options[0]?.values.find(({ value }) => value === "S")?.id],
    })
  })

  it("gives a product without options the admin's default one", async () => {
    const { product } = await createOne(store())
    const read = (await store().catalog.readProducts([product.id])).get(product.id)
    expect(read?.options).toMatchObject([
      { title: "Default option", values: [{ value: "Default option value" }] },
    ])
    expect(read?.variants[0]?.option_value_ids).toEqual([read?.options[0]?.values[0]?.id])
  })

  it("reports a product that exists as created, and never makes it twice", async () => {
    const product = productOf(store(), { sizes: ["S"] })
    await create(store(), product)
    const [again] = await store().catalog.createProducts([product], ORIGIN)
    expect(again).toMatchObject({
      outcome: "created",
      created: { options: [{ title: "Size", values: [{ value: "S" }] }], writes: 0 },
    })
    expect(await rows(store(), "select id from product")).toHaveLength(1)
  })

  it("reports a product that the merchant deleted meanwhile as created, and leaves it deleted", async () => {
    const { product } = await createOne(store())
    await rows(store(), "update product set deleted_at = now() where id = ?", [product.id])
    const [again] = await store().catalog.createProducts([product], ORIGIN)
    expect(again?.outcome).toBe("created")
    expect((await store().catalog.readProducts([product.id])).get(product.id)?.deleted).toBe(true)
  })

  it("lets bad records fail alone, each with field, value and remedy", async () => {
    const { catalog } = store()
    const { variant: taken } = await createOne(store())
    await write(store(), change("variant", taken.id, "barcode", null, "4000"))
    const good = productOf(store())
    const sku = productOf(store(), { variants: [variantOf(catalog, { sku: taken.sku })] })
    const barcode = productOf(store(), { variants: [variantOf(catalog, { barcode: "4000" })] })
    const category = productOf(store(), { category_ids: [catalog.newId("category")] })
    const options = productOf(store(), {
      options: [{ title: "Size", values: ["S"] }],
      variants: [variantOf(catalog, { options: { Size: "XL" } })],
    })
    const repeated = productOf(store(), {
      variants: [variantOf(catalog, { sku: given(good.variants[0]).sku })],
    })
    const last = productOf(store())
    const outcomes = await catalog.createProducts(
      [good, sku, barcode, category, options, repeated, last],
      ORIGIN,
    )
    expect(outcomes.map((outcome) => outcome.outcome)).toEqual([
      "created",
      "failed",
      "failed",
      "failed",
      "failed",
      "failed",
      "created",
    ])
    const errors = outcomes.map((outcome) => (outcome.outcome === "failed" ? outcome.error : null))
    expect(errors[1]).toMatchObject({
      kind: "data",
      code: "duplicate_sku",
      record: sku.variants[0]?.erp_id,
      field: `variants.${sku.variants[0]?.erp_id}.sku`,
      value: taken.sku,
      remedy: expect.stringContaining("ERP"),
    })
    expect(errors[2]).toMatchObject({ kind: "data", code: "duplicate_barcode", value: "4000" })
    expect(errors[3]).toMatchObject({ kind: "data", code: "missing_category" })
    expect(errors[4]).toMatchObject({ kind: "data", code: "refused_by_medusa" })
    expect(errors[5]).toMatchObject({ kind: "data", code: "duplicate_sku" })
    expect(await rows(store(), "select id from product")).toHaveLength(3)
    // Nothing of the failed ones stays behind.
    expect(await rows(store(), "select id from inventory_item")).toHaveLength(3)
    expect(await rows(store(), "select id from product_variant")).toHaveLength(3)
  })

  it("adopts an inventory item without a variant that has the SKU, with its levels", async () => {
    const { result } = await createInventoryItemsWorkflow(store().container).run({
      input: { items: [{ sku: "ORPHAN", title: "Left behind" }] },
    })
    const product = productOf(store(), {
      variants: [variantOf(store().catalog, { sku: "ORPHAN" })],
    })
    await create(store(), product)
    const read = (await store().catalog.readProducts([product.id])).get(product.id)
    expect(read?.variants[0]?.inventory_items).toMatchObject([{ id: result[0]?.id, sku: "ORPHAN" }])
  })

  it("refuses a SKU that another variant's inventory item has", async () => {
    const { variant } = await createOne(store())
    await rows(store(), "update product_variant set sku = 'OTHER' where id = ?", [variant.id])
    const product = productOf(store(), {
      variants: [variantOf(store().catalog, { sku: variant.sku })],
    })
    const [outcome] = await store().catalog.createProducts([product], ORIGIN)
    expect(outcome).toMatchObject({ outcome: "failed", error: { code: "duplicate_sku" } })
  })

  it("makes valid, unique handles of any title", async () => {
    const { catalog } = store()
    const stems = [
      "Стол письменный",
      "FG_100/B",
      "Same",
      "same!",
      "SAME",
      "???",
      "x".repeat(500),
      "ǅungla ½",
      "--- dash ---",
      "桌子",
    ]
    const products = stems.map((handle_stem) => productOf(store(), { handle_stem }))
    await create(store(), ...products)
    const handles = new Map(
      (await rows<{ id: string; handle: string }>(store(), "select id, handle from product")).map(
        (row) => [row.id, row.handle],
      ),
    )
    const made = products.map((product) => handles.get(product.id))
    expect(made.slice(0, 6)).toEqual([
      "стол-письменный",
      "fg-100-b",
      "same",
      "same-2",
      "same-3",
      given(products[5]).erp_id,
    ])
    expect(made[6]).toHaveLength(120)
    expect(made.slice(7)).toEqual(["ǆungla-½", "dash", "桌子"])
    const again = Array.from({ length: 6 }, () => productOf(store(), { handle_stem: "Same" }))
    await create(store(), ...again)
    expect(
      await rows(store(), "select handle from product where handle like 'same%'"),
    ).toHaveLength(9)
    expect(catalog).toBeDefined()
  })

  it("keeps amounts of currencies with three digits and with none exact", async () => {
    const prices = [
      { currency: "kwd", amount: "1234567.891" },
      { currency: "jpy", amount: "12345678901" },
      { currency: "eur", amount: "0.1" },
    ]
    const { product } = await createOne(store(), {
      variants: [variantOf(store().catalog, { prices })],
    })
    const read = (await store().catalog.readProducts([product.id])).get(product.id)
    expect(read?.variants[0]?.prices.map(({ currency, amount }) => ({ currency, amount }))).toEqual(
      expect.arrayContaining(prices),
    )
  })

  it("creates variants with a fractional weight", async () => {
    const { product } = await createOne(store(), {
      variants: [variantOf(store().catalog, { weight: "0.45359" })],
    })
    const read = (await store().catalog.readProducts([product.id])).get(product.id)
    expect(read?.variants[0]?.weight).toBe("0.45359")
  })

  it("marks the events of a creation with the origin", async () => {
    const product = productOf(store(), { sizes: ["S", "M"] })
    const events = await eventsOf(store(), () => create(store(), product))
    expect(new Set(events.map((event) => event.group))).toEqual(new Set([ORIGIN.group_id]))
    expect(
      events
        .filter(isPublic)
        .map((event) => event.name)
        .sort(),
    ).toEqual([
      "inventory-item.created",
      "inventory-item.created",
      "product-variant.created",
      "product-variant.created",
      "product.created",
    ])
  })
}
