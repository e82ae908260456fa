import { createProductOptionsWorkflow } from "@medusajs/medusa/core-flows"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { StructureStep } from "../../src/engine/ports"
import { MedusaProduct } from "../../src/sync/snapshot"
import {
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
} from "./catalog-fixtures"

export const structureTests = (store: () => TestStore): void => {
  const apply = (productId: string, ...steps: StructureStep[]) =>
    store().catalog.applyStructure(productId as MedusaProduct["id"], steps, ORIGIN)

  const read = async (productId: string): Promise<MedusaProduct> =>
    given(
      (await store().catalog.readProducts([productId as MedusaProduct["id"]])).get(
        productId as MedusaProduct["id"],
      ),
    )

  it("turns a simple product into one with variants: the default option goes", async () => {
    const { product, variant } = await createOne(store())
    const large = variantOf(store().catalog, { title: "L", sku: "L", options: { Size: "L" } })
    const events = await eventsOf(store(), async () => {
      const result = await apply(
        product.id,
        { step: "add_option", title: "Size", values: ["M", "L"] },
        { step: "create_variants", variants: [large] },
        { step: "assign_options", variant_id: variant.id, options: { Size: "M" } },
      )
      expect(result.options).toMatchObject([{ title: "Size", is_exclusive: true }])
    })
    expect(combos(await read(product.id))).toEqual({
      [variant.id]: { Size: "M" },
      [large.id]: { Size: "L" },
    })
    expect(new Set(events.filter(isPublic).map((event) => event.group))).toEqual(
      new Set([ORIGIN.group_id]),
    )
    const held = (await read(product.id)).variants.find(({ id }) => id === large.id)
    expect(held).toMatchObject({
      sku: "L",
      prices: [{ amount: "10" }],
      inventory_items: [{ sku: "L" }],
    })
  })

  it("does a structure change again without harm", async () => {
    const { product, variant } = await createOne(store())
    const [option] = (await read(product.id)).options
    const large = variantOf(store().catalog, { sku: "L", options: { Size: "L" } })
    const steps: StructureStep[] = [
      { step: "add_option", title: "Size", values: ["M", "L"] },
      { step: "create_variants", variants: [large] },
      { step: "assign_options", variant_id: variant.id, options: { Size: "M" } },
      { step: "remove_option", option_id: given(option).id },
    ]
    await apply(product.id, ...steps)
    const before = await read(product.id)
    await apply(product.id, ...steps)
    expect(await read(product.id)).toEqual(before)
  })

  it("adds an option to a product that has one, and assigns the variants", async () => {
    const { product } = await createOne(store(), { sizes: ["S", "M"] })
    const [s, m] = product.variants.map((variant) => variant.id)
    await apply(
      product.id,
      { step: "add_option", title: "Colour", values: ["Red", "Blue"] },
      { step: "assign_options", variant_id: given(s), options: { Size: "S", Colour: "Red" } },
      { step: "assign_options", variant_id: given(m), options: { Size: "M", Colour: "Blue" } },
    )
    expect(combos(await read(product.id))).toEqual({
      [given(s)]: { Size: "S", Colour: "Red" },
      [given(m)]: { Size: "M", Colour: "Blue" },
    })
  })

  it("removes an option, after the variants that would repeat another", async () => {
    const product = productOf(store(), {
      options: [
        { title: "Size", values: ["S", "M"] },
        { title: "Colour", values: ["Red", "Blue"] },
      ],
      variants: [
        variantOf(store().catalog, { sku: "SR", options: { Size: "S", Colour: "Red" } }),
        variantOf(store().catalog, { sku: "SB", options: { Size: "S", Colour: "Blue" } }),
        variantOf(store().catalog, { sku: "MB", options: { Size: "M", Colour: "Blue" } }),
      ],
    })
    await create(store(), product)
    const [sr, sb, mb] = product.variants.map((variant) => variant.id)
    const colour = (await read(product.id)).options.find((option) => option.title === "Colour")
    const result = await apply(
      product.id,
      { step: "assign_options", variant_id: given(sr), options: { Size: "S" } },
      { step: "assign_options", variant_id: given(mb), options: { Size: "M" } },
      { step: "delete_variant", variant_id: given(sb) },
      { step: "remove_option", option_id: given(colour).id },
    )
    expect(result.options.map((option) => option.title)).toEqual(["Size"])
    const after = await read(product.id)
    expect(after.variants.find((variant) => variant.id === sb)?.deleted).toBe(true)
    expect(combos(after)).toMatchObject({ [given(sr)]: { Size: "S" }, [given(mb)]: { Size: "M" } })
    expect(
      await rows(
        store(),
        "select id from product_option where title = 'Colour' and deleted_at is null",
      ),
    ).toEqual([])
  })

  it("turns a product with variants into a simple one", async () => {
    const { product, variant } = await createOne(store(), { sizes: ["S"] })
    const [size] = (await read(product.id)).options
    await apply(
      product.id,
      { step: "remove_option", option_id: given(size).id },
      {
        step: "assign_options",
        variant_id: variant.id,
        options: {},
      },
    )
    expect(combos(await read(product.id))).toEqual({
      [variant.id]: { "Default option": "Default option value" },
    })
  })

  it("renames options and values, adds values and removes them", async () => {
    const { product } = await createOne(store(), { sizes: ["S", "M"] })
    const [s, m] = product.variants.map((variant) => variant.id)
    const [option] = (await read(product.id)).options
    const value = (name: string) => given(option?.values.find((entry) => entry.value === name)).id
    const result = await apply(
      product.id,
      { step: "rename_option", option_id: given(option).id, title: "Größe" },
      {
        step: "rename_option_value",
        option_id: given(option).id,
        value_id: value("S"),
        value: "Klein",
      },
      { step: "add_option_values", option_id: given(option).id, values: ["L", "XL"] },
      { step: "assign_options", variant_id: given(m), options: { Größe: "L" } },
      { step: "remove_option_values", option_id: given(option).id, value_ids: [value("M")] },
    )
    expect(result.options).toHaveLength(1)
    expect(result.options[0]).toMatchObject({ id: given(option).id, title: "Größe" })
    expect(result.options[0]?.values.map((entry) => entry.value).sort()).toEqual([
      "Klein",
      "L",
      "XL",
    ])
    expect(combos(await read(product.id))).toEqual({
      [given(s)]: { Größe: "Klein" },
      [given(m)]: { Größe: "L" },
    })
    await apply(product.id, {
      step: "add_option_values",
      option_id: given(option).id,
      values: ["M"],
    })
    expect((await read(product.id)).options[0]?.values).toHaveLength(4)
  })

  it("lets variants swap their values", async () => {
    const { product } = await createOne(store(), { sizes: ["S", "M"] })
    const [s, m] = product.variants.map((variant) => variant.id)
    await apply(
      product.id,
      { step: "assign_options", variant_id: given(s), options: { Size: "M" } },
      { step: "assign_options", variant_id: given(m), options: { Size: "S" } },
    )
    expect(combos(await read(product.id))).toEqual({
      [given(s)]: { Size: "M" },
      [given(m)]: { Size: "S" },
    })
    await expect(
      apply(product.id, { step: "assign_options", variant_id: given(s), options: { Size: "S" } }),
    ).rejects.toMatchObject({ kind: "data", code: "duplicate_options", record: s })
    await expect(
      apply(product.id, { step: "assign_options", variant_id: given(s), options: { Size: "XS" } }),
    ).rejects.toMatchObject({ kind: "data", code: "unknown_option_value", value: "XS" })
  })

  it("reuses a global option, and never renames it", async () => {
    const { result } = await createProductOptionsWorkflow(store().container).run({
      input: {
        product_options: [{ title: "Material", values: ["Oak", "Ash"], is_exclusive: false }],
      },
    })
    const { product, variant } = await createOne(store(), { sizes: ["S"] })
    const material = given(result[0])
    await store()
      .container.resolve("product")
      .addProductOptionToProduct([{ product_id: product.id, product_option_id: material.id }])
    const held = given((await read(product.id)).options.find(({ id }) => id === material.id))
    expect(held.is_exclusive).toBe(false)
    await expect(
      apply(product.id, { step: "rename_option", option_id: held.id, title: "Wood" }),
    ).rejects.toMatchObject({ kind: "data", code: "global_option" })
    await apply(product.id, {
      step: "assign_options",
      variant_id: variant.id,
      options: { Size: "S", Material: "Oak" },
    })
    // An option that a step does not name keeps its value.
    await apply(
      product.id,
      { step: "add_option", title: "Colour", values: ["Red"] },
      { step: "assign_options", variant_id: variant.id, options: { Size: "S", Colour: "Red" } },
    )
    expect(combos(await read(product.id))).toEqual({
      [variant.id]: { Size: "S", Material: "Oak", Colour: "Red" },
    })
  })

  it("makes the good variants of a list, and names the bad one", async () => {
    const { product, variant } = await createOne(store(), { sizes: ["S"] })
    const [option] = (await read(product.id)).options
    const good = variantOf(store().catalog, { sku: "G", options: { Size: "M" } })
    const bad = variantOf(store().catalog, { sku: variant.sku, options: { Size: "L" } })
    await expect(
      apply(
        product.id,
        { step: "add_option_values", option_id: given(option).id, values: ["M", "L"] },
        { step: "create_variants", variants: [good, bad] },
      ),
    ).rejects.toMatchObject({ kind: "data", code: "duplicate_sku", value: variant.sku })
    expect(combos(await read(product.id))).toMatchObject({ [good.id]: { Size: "M" } })
    expect(await rows(store(), "select id from inventory_item")).toHaveLength(2)
  })

  it("finishes variants whose creation was killed", async () => {
    const { product } = await createOne(store(), { sizes: ["S"] })
    const [option] = (await read(product.id)).options
    const large = variantOf(store().catalog, { sku: "L", options: { Size: "L" } })
    const steps: StructureStep[] = [
      { step: "add_option_values", option_id: given(option).id, values: ["L"] },
      { step: "create_variants", variants: [large] },
    ]
    await apply(product.id, ...steps)
    for (const table of ["product_variant_inventory_item", "product_variant_price_set"]) {
      await rows(store(), `delete from ${table} where variant_id = ?`, [large.id])
    }
    const events = await eventsOf(store(), () => apply(product.id, ...steps))
    const held = (await read(product.id)).variants.find(({ id }) => id === large.id)
    expect(held).toMatchObject({ prices: [{ amount: "10" }], inventory_items: [{ sku: "L" }] })
    expect(events.filter(({ name }) => name === "product-variant.created")).toMatchObject([
      { data: { id: large.id }, group: ORIGIN.group_id },
    ])
    expect(await rows(store(), "select id from inventory_item")).toHaveLength(2)
  })

  it("keeps the inventory item, its levels included, when stock keeping goes off and on", async () => {
    const { product, variant } = await createOne(store())
    const [item] = given((await read(product.id)).variants[0]).inventory_items
    await rows(
      store(),
      `insert into inventory_level (id, inventory_item_id, location_id, stocked_quantity, raw_stocked_quantity)
       select 'ilev_x', ?, id, 7, '{"value":"7","precision":20}' from stock_location limit 1`,
      [given(item).id],
    )
    const toggle = (manage_inventory: boolean) =>
      apply(product.id, {
        step: "set_manage_inventory",
        variant_id: variant.id,
        manage_inventory,
      })
    for (let round = 0; round < 2; round += 1) {
      expect(await toggle(false)).toMatchObject({ writes: 1 })
      expect(await toggle(false)).toMatchObject({ writes: 0 })
      expect((await read(product.id)).variants[0]).toMatchObject({
        manage_inventory: false,
        inventory_items: [],
      })
      await toggle(true)
      expect((await read(product.id)).variants[0]).toMatchObject({
        manage_inventory: true,
        inventory_items: [{ id: given(item).id, sku: variant.sku, required_quantity: 1 }],
      })
    }
    await toggle(false)
    await store()
      .container.resolve("inventory")
      .softDeleteInventoryItems([given(item).id])
    await rows(store(), "update product_variant set sku = 'RENAMED'")
    await toggle(true)
    expect((await read(product.id)).variants[0]?.inventory_items).toMatchObject([
      { id: given(item).id, sku: "RENAMED" },
    ])
    expect(
      await rows(store(), "select stocked_quantity from inventory_level where deleted_at is null"),
    ).toEqual([{ stocked_quantity: "7" }])
    expect(await rows(store(), "select id from inventory_item")).toHaveLength(1)
  })

  it("gives a variant that never had an inventory item one with its SKU", async () => {
    const { product, variant } = await createOne(store(), {
      variants: [variantOf(store().catalog, { sku: "UNTRACKED", manage_inventory: false })],
    })
    await apply(product.id, {
      step: "set_manage_inventory",
      variant_id: variant.id,
      manage_inventory: true,
    })
    const query = store().container.resolve(ContainerRegistrationKeys.QUERY)
    const { data } = await query.graph({
      entity: "variant",
      fields: ["manage_inventory", "inventory_items.inventory.sku"],
      filters: { id: variant.id },
    })
    expect(data).toMatchObject([
      { manage_inventory: true, inventory_items: [{ inventory: { sku: "UNTRACKED" } }] },
    ])
  })
}

/** Option title to value, by variant. */
const combos = (product: MedusaProduct): Record<string, Record<string, string>> => {
  const names = new Map(
    product.options.flatMap((option) =>
      option.values.map((value) => [value.id, [option.title, value.value] as const]),
    ),
  )
  return Object.fromEntries(
    product.variants.map((variant) => [
      variant.id,
      Object.fromEntries(variant.option_value_ids.flatMap((id) => [names.get(id) ?? []])),
    ]),
  )
}
