import {
  createInventoryLevelsWorkflow,
  createProductsWorkflow,
  updateProductsWorkflow,
} from "@medusajs/medusa/core-flows"
import { ConnectionOptions } from "../../src/modules/erp/options"
import { connectionId } from "../../src/sync/ids"
import { given, rows } from "./catalog-fixtures"
import { deleteProduct, editProduct, editVariant } from "./sync-merchant"
import { findLink, journalOf, linkOf, parkedOf, productOf, variantOf } from "./sync-readings"
import {
  addLine,
  count,
  makeAttribute,
  placeOf,
  makeProduct,
  onlyVariant,
  variantsOf,
} from "./sync-shop"
import { CONNECTION, eventually, OpenStage, runWell, settle, Stage } from "./sync-stage"

/** A store that writes back, in perfect agreement with an empty ERP. */
export const openPushing = async (
  open: OpenStage,
  options: Partial<ConnectionOptions> = {},
): Promise<Stage> => {
  const stage = await open({ options: { push: { create: false, stock: false }, ...options } })
  const { ledger } = stage.runtime
  await ledger.saveConnection(connectionId(CONNECTION), { push_approved_at: await ledger.now() })
  return stage
}

export const template = ({ world }: Stage, id: number) => given(world.row("product.template", id))
export const product = ({ world }: Stage, id: number) => given(world.row("product.product", id))

/** What the ERP has on hand of a variant in its main warehouse. */
const onHand = (stage: Stage, variant: number): number =>
  stage.world
    .search("stock.quant", [
      ["product_id", "=", variant],
      ["location_id", "=", placeOf(stage)],
    ])
    .reduce(
      (sum, quant) => sum + Number(given(stage.world.row("stock.quant", quant))["quantity"]),
      0,
    )

/** What stands open, by field. */
export const openOf = (stage: Stage) =>
  rows<{ field: string; kind: string; reason: string }>(
    stage,
    "select field, kind, reason from erp_difference order by field",
  )

/** Two more looks at everything write nothing on either side. */
export const expectQuiet = async (stage: Stage): Promise<void> => {
  const stamp = (): string =>
    JSON.stringify(
      stage.world.search("product.template", []).map((id) => template(stage, id)["write_date"]),
    )
  const before = stamp()
  for (const kind of ["delta", "full"] as const) {
    const run = await runWell(stage, kind)
    await settle(stage)
    expect(run.counters).toMatchObject({ writes: 0, events: 0, pushed: 0 })
  }
  expect(stamp()).toBe(before)
}

export const pushTests = (open: OpenStage): void => {
  it("carries edits of the admin into the ERP, once, and what comes back writes nothing", async () => {
    const stage = await openPushing(open, { owners: { price: "both", sku: "both" } })
    const id = makeProduct(stage, { name: "Lamp", list_price: 20 })
    await runWell(stage, "full")
    const variant = onlyVariant(stage, id)
    await editProduct(stage, id, { title: "Lämp \u{1F4A1}", description: "Bright & warm" })
    await editVariant(stage, variant, {
      sku: "L-1",
      prices: [{ currency_code: "usd", amount: 25.5 }],
    })
    await eventually(async () => {
      await settle(stage)
      expect(template(stage, id)).toMatchObject({
        name: "Lämp \u{1F4A1}",
        description_sale: "Bright & warm",
        list_price: 25.5,
      })
      expect(product(stage, variant)).toMatchObject({ default_code: "L-1" })
    })
    expect(await journalOf(stage, "product", id, "title")).toMatchObject([
      { kind: "write", from: "Lamp", to: "Lämp \u{1F4A1}", rule: "medusa_changed" },
    ])
    const link = await linkOf(stage, "product", id)
    expect(link.intents).toEqual({})
    expect(link.base_erp).toMatchObject({ title: "Lämp \u{1F4A1}" })
    await expectQuiet(stage)
  })

  it("merges edits of both sides field by field", async () => {
    const stage = await openPushing(open)
    const id = makeProduct(stage, { name: "Lamp", description_sale: "Old" })
    await runWell(stage, "full")
    stage.world.write("product.template", id, { description_sale: "From the ERP" })
    await editProduct(stage, id, { title: "From the store" })
    await settle(stage)
    await runWell(stage)
    await settle(stage)
    expect(template(stage, id)).toMatchObject({
      name: "From the store",
      description_sale: "From the ERP",
    })
    expect(await productOf(stage, id)).toMatchObject({
      title: "From the store",
      description: "From the ERP",
    })
    await expectQuiet(stage)
  })

  it("never overwrites an edit made in the ERP between the read and the write", async () => {
    const stage = await openPushing(open, { conflicts: "medusa" })
    const id = makeProduct(stage, { name: "Lamp" })
    await runWell(stage, "full")
    const { ledger } = stage.runtime
    const journal = ledger.journal
    let raced = false
    ledger.journal = async (tx, connection, entries) => {
      if (!raced && entries.some(({ side }) => side === "erp")) {
        raced = true
        stage.world.write("product.template", id, { name: "Raced" })
      }
      return journal.call(ledger, tx, connection, entries)
    }
    await editProduct(stage, id, { title: "Edited" })
    await eventually(async () => {
      await settle(stage)
      expect(template(stage, id)["name"]).toBe("Edited")
    })
    ledger.journal = journal
    expect(raced).toBe(true)
    // The edit that lost stands in the journal before it was overwritten.
    expect((await journalOf(stage, "product", id, "title")).at(-1)).toMatchObject({
      kind: "superseded",
      from: "Raced",
      to: "Edited",
    })
    await expectQuiet(stage)
  })

  it("freezes a field that both sides changed until a person decides", async () => {
    const stage = await openPushing(open, { conflicts: "manual" })
    const id = makeProduct(stage, { name: "Lamp", description_sale: "Old" })
    await runWell(stage, "full")
    stage.world.write("product.template", id, { name: "ERP's", description_sale: "New" })
    await editProduct(stage, id, { title: "Store's" })
    await runWell(stage)
    await settle(stage)
    expect(await openOf(stage)).toMatchObject([{ field: "title", kind: "conflict" }])
    expect(await productOf(stage, id)).toMatchObject({ title: "Store's", description: "New" })
    const link = await linkOf(stage, "product", id)
    await stage.runtime.ledger.transaction((tx) =>
      stage.runtime.ledger.patchLinks(tx, [
        {
          id: link.id,
          expected: { lane: "catalog", seq: link.seq },
          resolutions: { title: "medusa" },
        },
      ]),
    )
    await runWell(stage, "full")
    await settle(stage)
    expect(template(stage, id)["name"]).toBe("Store's")
    expect(await openOf(stage)).toEqual([])
    expect((await linkOf(stage, "product", id)).resolutions).toEqual({})
    await expectQuiet(stage)
  })

  it("moves a product to another category, and leaves a second one pending", async () => {
    const stage = await openPushing(open)
    const { world } = stage
    const first = world.create("product.category", { name: "First" })
    const second = world.create("product.category", { name: "Second" })
    const id = makeProduct(stage, { categ_id: first })
    await runWell(stage, "full")
    const place = async (...categories: number[]): Promise<void> => {
      const links = await Promise.all(categories.map((entry) => linkOf(stage, "category", entry)))
      await updateProductsWorkflow(stage.container).run({
        input: {
          selector: { id: (await productOf(stage, id)).id },
          update: { category_ids: links.map((link) => link.medusa_id) },
        },
      })
    }
    await place(second)
    await eventually(async () => {
      await settle(stage)
      expect(template(stage, id)["categ_id"]).toBe(second)
    })
    await place(first, second)
    await eventually(async () => {
      await settle(stage)
      expect(await openOf(stage)).toMatchObject([
        { field: `category:${first}`, kind: "pending", reason: "unsupported" },
      ])
    })
    expect(template(stage, id)["categ_id"]).toBe(second)
    await expectQuiet(stage)
  })

  it("keeps what the ERP refuses pending, with its reason, and goes on with the rest", async () => {
    const stage = await openPushing(open, { owners: { barcode: "both", sku: "both" } })
    const taken = makeProduct(stage, { barcode: "4006381333931" })
    const id = makeProduct(stage, {})
    await runWell(stage, "full")
    const variant = onlyVariant(stage, id)
    // Archived in the store, so that the store itself lets the barcode be used twice.
    await deleteProduct(stage, taken)
    await settle(stage)
    const { id: medusaId } = await variantOf(stage, variant)
    await rows(stage, "update product_variant set barcode = ?, sku = ? where id = ?", [
      "4006381333931",
      "NEW-SKU",
      medusaId,
    ])
    await runWell(stage, "full")
    await settle(stage)
    expect(product(stage, variant)["default_code"]).toBe("NEW-SKU")
    expect(await openOf(stage)).toMatchObject([
      { field: "barcode", kind: "pending", reason: "refused_by_erp" },
    ])
    expect(await parkedOf(stage)).toMatchObject([{ field: "barcode", reason: "refused_by_erp" }])
    await expectQuiet(stage)
  })

  it("archives in the ERP what the merchant deleted, where the options say so", async () => {
    const stage = await openPushing(open, {
      deleted: "archive_erp",
      guards: { gone_share: 1, price_share: 1, absent_share: 1 },
    })
    const id = makeProduct(stage)
    await runWell(stage, "full")
    await deleteProduct(stage, id)
    await eventually(async () => {
      await settle(stage)
      expect(template(stage, id)["active"]).toBe(false)
    })
    await runWell(stage)
    await settle(stage)
    expect(await linkOf(stage, "product", id)).toMatchObject({ state: "tombstone" })
  })

  it("makes a product again that the merchant deleted, where the options say so", async () => {
    const stage = await openPushing(open, { deleted: "recreate" })
    const colour = makeAttribute(stage, "Colour", ["Red", "Blue"])
    const id = makeProduct(stage)
    addLine(stage, id, colour)
    await runWell(stage, "full")
    const before = await productOf(stage, id)
    await deleteProduct(stage, id)
    await eventually(async () => {
      await settle(stage)
      const after = await productOf(stage, id)
      expect(after.id).not.toBe(before.id)
      expect(after).toMatchObject({ deleted: false, title: before.title })
      expect(after.options.map(({ title }) => title)).toEqual(["Colour"])
      expect(after.variants.filter(({ deleted }) => !deleted)).toHaveLength(2)
    })
    await expectQuiet(stage)
  })

  it("counts stock in the ERP where the store owns it, and leaves web orders out of the count", async () => {
    const stage = await openPushing(open, {
      push: { create: false, stock: true },
      owners: { stock: "medusa" },
    })
    const id = makeProduct(stage)
    const variant = onlyVariant(stage, id)
    count(stage, variant, 7)
    await runWell(stage, "full")
    const { inventory_items } = await variantOf(stage, variant)
    const item = given(inventory_items[0]).id
    const [location] = await rows<{ id: string }>(
      stage,
      "select id from stock_location where name = 'Main warehouse'",
    )
    await createInventoryLevelsWorkflow(stage.container).run({
      input: {
        inventory_levels: [
          { inventory_item_id: item, location_id: given(location).id, stocked_quantity: 12 },
        ],
      },
    })
    await eventually(async () => {
      await settle(stage)
      expect(onHand(stage, variant)).toBe(12)
    })
    expect(await journalOf(stage, "variant", variant, `stock:${given(location).id}`)).toMatchObject(
      [{ kind: "write", from: "7", to: "12", rule: "counted_in_medusa" }],
    )
    // The ERP's own movement is undone by the next look: the store's count decides.
    count(stage, variant, 3)
    await runWell(stage, "delta", ["stock"])
    await settle(stage)
    expect(onHand(stage, variant)).toBe(12)
    await expectQuiet(stage)
  })

  it("creates new products of the store in the ERP, with their variants, once", async () => {
    const stage = await openPushing(open, { push: { create: true, stock: false } })
    await runWell(stage, "full")
    const { result } = await createProductsWorkflow(stage.container).run({
      input: {
        products: [
          {
            title: "Chair",
            options: [{ title: "Wood", values: ["Oak", "Ash"] }],
            variants: ["Oak", "Ash"].map((wood) => ({
              title: wood,
              sku: `CHAIR-${wood}`,
              options: { Wood: wood },
              prices: [{ currency_code: "usd", amount: 40 }],
            })),
          },
        ],
      },
    })
    const chair = given(result[0]).id
    await eventually(async () => {
      await settle(stage)
      const [id] = stage.world.search("product.template", [["name", "=", "Chair"]])
      expect(await findLink(stage, "product", given(id))).toMatchObject({
        medusa_id: chair,
        state: "linked",
      })
    })
    const ids = stage.world.search("product.template", [["name", "=", "Chair"]])
    expect(ids).toHaveLength(1)
    const variants = variantsOf(stage, given(ids[0]))
    expect(variants.map((id) => product(stage, id)["default_code"]).sort()).toEqual([
      "CHAIR-Ash",
      "CHAIR-Oak",
    ])
    for (const id of variants) {
      expect(await linkOf(stage, "variant", id)).toMatchObject({ state: "linked" })
    }
    await expectQuiet(stage)
    const [count] = await rows<{ count: string }>(
      stage,
      "select count(*) from product where deleted_at is null",
    )
    expect(Number(count?.count)).toBe(1)
  })
}
