import { change, createOne, rows, TestStore, write } from "./catalog-fixtures"

export const valueTests = (store: () => TestStore): void => {
  it("writes what still holds the planned value", async () => {
    const { product, variant } = await createOne(store())
    const { outcomes, writes } = await write(
      store(),
      change("product", product.id, "title", product.title, "Table"),
      change("variant", variant.id, "price:eur", "10", "12.5"),
      change("variant", variant.id, "sku", variant.sku, "T-1"),
    )
    expect(outcomes).toEqual([
      { outcome: "written" },
      { outcome: "written" },
      { outcome: "written" },
    ])
    expect(writes).toBe(4)
    expect(await rows(store(), "select title from product")).toEqual([{ title: "Table" }])
  })
}
