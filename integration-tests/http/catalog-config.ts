import { checkSchema, resolveReferences } from "../../src/catalog"
import { compareSchemas, readSchema } from "../../src/catalog/schema-fingerprint"
import { TESTED_SCHEMA } from "../../src/catalog/tested-schema"
import { createStockLocationsWorkflow } from "@medusajs/medusa/core-flows"
import { seeds } from "./catalog-checkout"
import { given, rows, TestStore } from "./catalog-fixtures"

export const configTests = (store: () => TestStore): void => {
  it("was tested with the tables of this Medusa", async () => {
    expect(await readSchema(store().knex)).toEqual(TESTED_SCHEMA)
    expect(await checkSchema(store().knex)).toEqual({ known: true, differences: [] })
  })

  it("names every table, column and index that differs", async () => {
    await rows(store(), "alter table price add column raw_tax jsonb")
    await rows(store(), "alter table price alter column amount type text using amount::text")
    await rows(store(), 'drop index "IDX_inventory_item_sku"')
    await rows(store(), "alter table product_variant_option rename to product_variant_choice")
    const { known, differences } = await checkSchema(store().knex)
    expect(known).toBe(false)
    expect(differences).toEqual(
      expect.arrayContaining([
        "price.raw_tax: jsonb, tested with none",
        "price.amount: text not null, tested with numeric not null",
        "inventory_item.(btree (sku) WHERE (deleted_at IS NULL)): missing, tested with unique index",
        "product_variant_option.variant_id: missing, tested with text not null",
      ]),
    )
    expect(compareSchemas({}, { x: { columns: { a: "text" }, unique: [] } })).toEqual([
      "x.a: missing, tested with text",
    ])
  })

  it("resolves names and ids of the store", async () => {
    const { channel, profile, location, shop } = await seeds(store())
    const resolved = await resolveReferences(store().knex, {
      sales_channels: [{ path: "a", value: "Web" }],
      shipping_profiles: [{ path: "b", value: profile }],
      stock_locations: [
        { path: "c", value: "Main warehouse" },
        { path: "d", value: shop },
      ],
      currencies: ["eur", "KWD", "jpy"].map((value) => ({ path: "e", value })),
    })
    expect(resolved.problems).toEqual([])
    expect(resolved.sales_channels.get("Web")).toBe(channel)
    expect(resolved.shipping_profiles.get(profile)).toBe(profile)
    expect([...resolved.stock_locations]).toEqual([
      ["Main warehouse", location],
      [shop, shop],
    ])
    expect([...resolved.currencies]).toEqual([
      ["eur", 2],
      ["KWD", 3],
      ["jpy", 0],
    ])
  })

  it("lists what the store does not have, or has twice", async () => {
    await createStockLocationsWorkflow(store().container).run({
      input: { locations: [{ name: "Shop" }] },
    })
    const { problems } = await resolveReferences(store().knex, {
      sales_channels: [{ path: "create.sales_channels.0", value: "Nowhere" }],
      shipping_profiles: [],
      stock_locations: [{ path: "stock.0.location", value: "Shop" }],
      currencies: [{ path: "prices.0.currency", value: "xxx" }],
    })
    expect(problems).toEqual([
      {
        path: "create.sales_channels.0",
        value: "Nowhere",
        expected: "the name or id of a sales channel of the store: Default Sales Channel, Web",
      },
      {
        path: "stock.0.location",
        value: "Shop",
        expected: expect.stringContaining("the id of one stock location"),
      },
      {
        path: "prices.0.currency",
        value: "xxx",
        expected: expect.stringContaining("ISO 4217"),
      },
    ])
    expect(given(problems[1]).expected).toMatch(/sloc_.*sloc_/)
  })
}
