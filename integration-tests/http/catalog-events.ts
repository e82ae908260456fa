import {
  createInventoryLevelsWorkflow,
  updateInventoryItemsWorkflow,
  updateInventoryLevelsWorkflow,
  updateProductCategoriesWorkflow,
  updateProductsWorkflow,
  updateProductVariantsWorkflow,
} from "@medusajs/medusa/core-flows"
import { emitEvents } from "../../src/catalog"
import { OutgoingEvent, ValueWrite } from "../../src/engine/ports"
import { seeds } from "./catalog-checkout"
import {
  change,
  create,
  createOne,
  eventsOf,
  given,
  ORIGIN,
  productOf,
  SeenEvent,
  TestStore,
  write,
} from "./catalog-fixtures"

/** Runs core's own flow for a change and the guarded write of the same change of another record. */
export const eventTests = (store: () => TestStore): void => {
  const context = { eventGroupId: ORIGIN.group_id }

  const written = async (...writes: ValueWrite[]): Promise<SeenEvent[]> => {
    const { events } = await write(store(), ...writes)
    return eventsOf(store(), () => emitEvents(store().container, ORIGIN.group_id, events))
  }

  it("tells of product values as core does", async () => {
    const [a, b] = await create(store(), productOf(store()), productOf(store()))
    const core = await eventsOf(store(), () =>
      updateProductsWorkflow(store().container).run({
        input: { products: [{ id: given(a).id, title: "New", description: "New" }] },
        context,
      }),
    )
    const ours = await written(
      change("product", given(b).id, "title", given(b).title, "New"),
      change("product", given(b).id, "description", null, "New"),
    )
    // Core's product update forgets the event of its module, which the index listens to.
    expect(namesOf(core)).toEqual(["product.updated"])
    expect(namesOf(ours)).toEqual(["product.product.updated", "product.updated"])
    expect(ours.map((event) => event.data)).toEqual([{ id: given(b).id }, { id: given(b).id }])
    expect(ours.map((event) => event.group)).toEqual([ORIGIN.group_id, ORIGIN.group_id])
  })

  it("tells of variant values as core does", async () => {
    const [a, b] = await create(store(), productOf(store()), productOf(store()))
    const [core, other] = [given(a?.variants[0]), given(b?.variants[0])]
    const expected = await eventsOf(store(), () =>
      updateProductVariantsWorkflow(store().container).run({
        input: { product_variants: [{ id: core.id, title: "New", barcode: "1" }] },
        context,
      }),
    )
    const ours = await written(
      change("variant", other.id, "title", other.title, "New"),
      change("variant", other.id, "barcode", null, "2"),
    )
    expect(replaced(ours, other.id)).toEqual(replaced(expected, core.id))
  })

  it("tells of prices as core does, but for the variant's row that did not change", async () => {
    const [a, b] = await create(store(), productOf(store()), productOf(store()))
    const [core, other] = [given(a?.variants[0]), given(b?.variants[0])]
    const read = given((await store().catalog.readVariants([core.id])).get(core.id))
    const expected = await eventsOf(store(), () =>
      updateProductVariantsWorkflow(store().container).run({
        input: {
          product_variants: [
            {
              id: core.id,
              prices: [
                { id: given(read.prices[0]).id, currency_code: "eur", amount: 12 },
                { currency_code: "usd", amount: 13 },
              ],
            },
          ],
        },
        context,
      }),
    )
    const ours = await written(
      change("variant", other.id, "price:eur", "10", "12"),
      change("variant", other.id, "price:usd", null, "13"),
    )
    expect(namesOf(ours)).toEqual(namesOf(expected))
  })

  it("tells of an inventory item's SKU as core does", async () => {
    const { variant } = await createOne(store())
    const read = given((await store().catalog.readVariants([variant.id])).get(variant.id))
    const itemId = given(read.inventory_items[0]).id
    const expected = await eventsOf(store(), () =>
      updateInventoryItemsWorkflow(store().container).run({
        input: { updates: [{ id: itemId, sku: "OTHER" }] },
        context,
      }),
    )
    const ours = await written(change("variant", variant.id, "sku", variant.sku, "NEW"))
    expect(
      ours
        .filter(({ name }) => name.includes("inventory"))
        .map(plain)
        .sort(),
    ).toEqual(expected.map(plain).sort())
  })

  it("tells of categories as core does", async () => {
    const { catalog, container } = store()
    const [a, b] = [catalog.newId("category"), catalog.newId("category")]
    await catalog.createCategories(
      [a, b].map((id) => ({
        id,
        erp_id: productOf(store()).erp_id,
        name: "A",
        is_active: true,
        parent_id: null,
      })),
      ORIGIN,
    )
    const expected = await eventsOf(store(), () =>
      updateProductCategoriesWorkflow(container).run({
        input: { selector: { id: a }, update: { name: "B" } },
        context,
      }),
    )
    const ours = await written(change("category", b, "name", "A", "B"))
    expect(replaced(ours, b)).toEqual(replaced(expected, a))
  })

  it("tells of levels as core does", async () => {
    const { location, shop } = await seeds(store())
    const { variant } = await createOne(store())
    const read = given((await store().catalog.readVariants([variant.id])).get(variant.id))
    const inventory_item_id = given(read.inventory_items[0]).id
    const set = async (to: string): Promise<SeenEvent[]> => {
      const { events } = await store().knex.transaction(async (tx) => {
        const levels = await store().catalog.lockLevels(tx, [
          { inventory_item_id, location_id: shop },
        ])
        return store().catalog.writeLevels(
          tx,
          levels.map((level) => ({ level, to })),
        )
      })
      return eventsOf(store(), () => emitEvents(store().container, ORIGIN.group_id, events))
    }
    const level = { inventory_item_id, location_id: location }
    const created = await eventsOf(store(), () =>
      createInventoryLevelsWorkflow(store().container).run({
        input: { inventory_levels: [{ ...level, stocked_quantity: 1 }] },
        context,
      }),
    )
    const updated = await eventsOf(store(), () =>
      updateInventoryLevelsWorkflow(store().container).run({
        input: { updates: [{ ...level, stocked_quantity: 2 }] },
        context,
      }),
    )
    expect(namesOf(await set("1"))).toEqual(namesOf(created))
    expect(namesOf(await set("2"))).toEqual(namesOf(updated))
  })

  it("emits any number of events, each marked with its group", async () => {
    const events = Array.from({ length: 1_200 }, (_, index): OutgoingEvent => ({
      name: "product.updated",
      data: { id: `prod_${index}` },
    }))
    const seen = await eventsOf(store(), () =>
      emitEvents(store().container, ORIGIN.group_id, events),
    )
    expect(seen.map((event) => event.data)).toEqual(events.map((event) => event.data))
    expect(new Set(seen.map((event) => event.group))).toEqual(new Set([ORIGIN.group_id]))
  })
}

const namesOf = (events: readonly SeenEvent[]): string[] => events.map((event) => event.name).sort()

const plain = ({ name, data }: SeenEvent): string => `${name} ${JSON.stringify(data)}`

const replaced = (events: readonly SeenEvent[], id: string): string[] =>
  events.map((event) => plain(event).replace(id, "id")).sort()
