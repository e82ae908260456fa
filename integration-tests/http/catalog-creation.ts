import { create, createOne, given, ORIGIN, productOf, rows, TestStore } from "./catalog-fixtures"

export const creationTests = (store: () => TestStore): void => {
  it("creates products with the given ids and reads them back", async () => {
    const { catalog } = store()
    const product = productOf(store(), { sizes: ["S", "M"], description: "Oak" })
    const [outcome] = await catalog.createProducts([product], ORIGIN)
    expect(outcome).toMatchObject({
      outcome: "created",
      created: {
        id: product.id,
        options: [{ title: "Size", values: [{ value: "S" }, { value: "M" }] }],
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
    expect(read.variants.map((variant) => variant.id)).toEqual(
      product.variants.map((variant) => variant.id),
    )
    expect(read.variants[0]).toMatchObject({
      sku: product.variants[0]?.sku,
      manage_inventory: true,
      prices: [{ currency: "eur", amount: "10" }],
      inventory_items: [{ sku: product.variants[0]?.sku, required_quantity: 1, shared: false }],
      option_value_ids: [read.options[0]?.values[0]?.id],
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
}
