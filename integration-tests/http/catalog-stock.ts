import {
  beginReceiveReturnWorkflow,
  cancelOrderFulfillmentWorkflow,
  confirmReturnReceiveWorkflow,
  createAndCompleteReturnOrderWorkflow,
  createInventoryLevelsWorkflow,
  createOrderFulfillmentWorkflow,
  receiveItemReturnRequestWorkflow,
} from "@medusajs/medusa/core-flows"
import { Modules } from "@medusajs/framework/utils"
import { medusaId, MedusaId } from "../../src/sync/ids"
import { LevelWrite } from "../../src/engine/ports"
import { buy, seeds, StoreApi } from "./catalog-checkout"
import { createOne, given, rows, TestStore, whileLocked } from "./catalog-fixtures"

export const stockTests = (store: () => TestStore, api: StoreApi): void => {
  const newItem = async (): Promise<MedusaId> => {
    const { variant } = await createOne(store())
    const read = (await store().catalog.readVariants([variant.id])).get(variant.id)
    return given(read?.inventory_items[0]).id
  }

  /** Locks, sets and commits, as the engine does. */
  const set = (itemId: MedusaId, locationId: MedusaId, to: string) =>
    store().knex.transaction(async (tx) => {
      const pair = { inventory_item_id: itemId, location_id: locationId }
      const levels = await store().catalog.lockLevels(tx, [pair])
      return store().catalog.writeLevels(
        tx,
        levels.map((level): LevelWrite => ({ level, to })),
      )
    })

  const levels = () =>
    rows(
      store(),
      `select stocked_quantity, raw_stocked_quantity->>'value' as raw, reserved_quantity,
              raw_reserved_quantity->>'value' as raw_reserved
         from inventory_level where deleted_at is null order by location_id`,
    )

  it("creates a level, then sets it, and leaves reservations alone", async () => {
    const { location } = await seeds(store())
    const item = await newItem()
    const created = await set(item, location, "12.5")
    const [{ id } = { id: "" }] = await rows<{ id: string }>(
      store(),
      "select id from inventory_level",
    )
    expect(id).toMatch(/^ilev_/)
    expect(created).toEqual({
      writes: 1,
      events: [
        { name: "inventory.inventory-level.created", data: { id } },
        { name: "inventory-level.created", data: { id } },
      ],
    })
    await store()
      .container.resolve(Modules.INVENTORY)
      .createReservationItems([{ inventory_item_id: item, location_id: location, quantity: 2 }])
    const updated = await set(item, location, "7")
    expect(updated).toEqual({
      writes: 1,
      events: [
        { name: "inventory.inventory-level.updated", data: { id } },
        { name: "inventory-level.updated", data: { id } },
      ],
    })
    expect(await levels()).toEqual([
      { stocked_quantity: "7", raw: "7", reserved_quantity: "2", raw_reserved: "2" },
    ])
    const inventory = store().container.resolve(Modules.INVENTORY)
    expect(Number(await inventory.retrieveAvailableQuantity(item, [location]))).toBe(5)
    expect(await set(item, location, "7.0")).toEqual({ writes: 0, events: [] })
  })

  it("makes a new level where one was soft-deleted", async () => {
    const { location } = await seeds(store())
    const item = await newItem()
    await set(item, location, "3")
    await rows(store(), "update inventory_level set deleted_at = now()")
    expect(await store().catalog.readLevels([pairOf(item, location)])).toMatchObject([
      { id: null, stocked: "0", reserved: "0" },
    ])
    await set(item, location, "4")
    expect(await levels()).toMatchObject([{ stocked_quantity: "4" }])
    expect(await store().catalog.readLevels([pairOf(item, location)])).toMatchObject([
      { id: expect.stringMatching(/^ilev_/), stocked: "4", reserved: "0" },
    ])
  })

  it("leaves out pairs that are busy, and those whose item or location is gone", async () => {
    const { location, shop } = await seeds(store())
    const [busy, fresh, free, gone] = [
      await newItem(),
      await newItem(),
      await newItem(),
      await newItem(),
    ]
    await set(busy, location, "3")
    await set(free, location, "4")
    await rows(store(), "update inventory_item set deleted_at = now() where id = ?", [gone])
    const lock = "select id from inventory_level where inventory_item_id = $1 for update"
    const pairs = [
      pairOf(busy, location),
      pairOf(free, location),
      pairOf(fresh, shop),
      pairOf(gone, location),
      pairOf(free, medusaId("sloc_unknown")),
    ]
    const locked = await whileLocked(store(), lock, [busy], () =>
      store().knex.transaction((tx) => store().catalog.lockLevels(tx, pairs)),
    )
    expect(locked).toEqual([
      expect.objectContaining({ inventory_item_id: free, stocked: "4" }),
      { id: null, inventory_item_id: fresh, location_id: shop, stocked: "0", reserved: "0" },
    ])
    // Another session is just adding the level.
    const insert = `insert into inventory_level (id, inventory_item_id, location_id)
      select 'ilev_other', $1, id from stock_location where name = 'Shop'`
    const adding = await whileLocked(store(), insert, [fresh], () =>
      store().knex.transaction((tx) => store().catalog.lockLevels(tx, [pairOf(fresh, shop)])),
    )
    expect(adding).toEqual([])
  })

  it("works under the keys that core locks, and gives up when core holds one", async () => {
    const item = medusaId("iitem_1")
    const locking = store().container.resolve(Modules.LOCKING)
    const inside = await store().catalog.withInventoryLock([item, item], async () => {
      await expect(locking.acquire(item, { ownerId: "core" })).rejects.toThrow()
      return 42
    })
    expect(inside).toBe(42)
    await locking.acquire(item, { ownerId: "core" })
    await expect(store().catalog.withInventoryLock([item], async () => 1)).rejects.toMatchObject({
      kind: "transient",
      code: "stock_locked",
    })
    await locking.release(item, { ownerId: "core" })
    await expect(
      store().catalog.withInventoryLock([item], () => Promise.reject(new Error("work"))),
    ).rejects.toThrow("work")
    expect(await store().catalog.withInventoryLock([], async () => 2)).toBe(2)
  })

  it("reads demand through an order: reserved, fulfilled, cancelled, returned", async () => {
    const { channel, profile, location, option } = await seeds(store())
    const { catalog, container, knex } = store()
    const { variant } = await createOne(store(), {
      sales_channel_ids: [channel],
      shipping_profile_id: profile,
    })
    const item = given(
      (await catalog.readVariants([variant.id])).get(variant.id)?.inventory_items[0],
    )
    // A set of two: an order of 3 takes 6 pieces.
    await rows(store(), "update product_variant_inventory_item set required_quantity = 2")
    await createInventoryLevelsWorkflow(container).run({
      input: {
        inventory_levels: [
          { inventory_item_id: item.id, location_id: location, stocked_quantity: 20 },
        ],
      },
    })
    const pairs = [pairOf(item.id, location)]
    const since = "2000-01-01T00:00:00Z"
    const demand = () =>
      knex.transaction(async (tx) => ({
        reservations: await catalog.readReservations(tx, pairs),
        fulfilled: await catalog.readFulfilled(tx, pairs, since),
      }))

    const order = await buy(store(), api, [{ variant_id: variant.id, quantity: 3 }])
    const line = given(order.items[0])
    expect(await demand()).toEqual({
      reservations: [
        {
          line_item_id: line.id,
          inventory_item_id: item.id,
          location_id: location,
          quantity: "6",
          outstanding: "6",
          created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
        },
      ],
      fulfilled: [],
    })

    const fulfil = async (quantity: number): Promise<string> => {
      const { result } = await createOrderFulfillmentWorkflow(container).run({
        input: { order_id: order.id, location_id: location, items: [{ id: line.id, quantity }] },
      })
      return result.id
    }
    const first = await fulfil(1)
    const afterOne = await demand()
    expect(afterOne.reservations).toMatchObject([{ quantity: "4", outstanding: "4" }])
    expect(afterOne.fulfilled).toEqual([
      {
        line_item_id: line.id,
        fulfillment_id: first,
        inventory_item_id: item.id,
        location_id: location,
        quantity: "2",
        fulfilled_at: expect.stringMatching(/Z$/),
        ordered_at: expect.stringMatching(/Z$/),
      },
    ])
    expect(await catalog.readLevels(pairs)).toMatchObject([{ stocked: "18", reserved: "4" }])

    await cancelOrderFulfillmentWorkflow(container).run({
      input: { order_id: order.id, fulfillment_id: first },
    })
    const cancelled = await demand()
    expect(cancelled.reservations).toMatchObject([{ quantity: "6", outstanding: "6" }])
    expect(cancelled.fulfilled).toEqual([])

    const all = await fulfil(3)
    const afterAll = await demand()
    expect(afterAll.reservations).toEqual([])
    expect(afterAll.fulfilled).toMatchObject([{ fulfillment_id: all, quantity: "6" }])
    const later = await catalog.readFulfilled(null, pairs, "2999-01-01T00:00:00Z")
    expect(later).toEqual([])

    const items = [{ id: line.id, quantity: 1 }]
    const { result: back } = await createAndCompleteReturnOrderWorkflow(container).run({
      input: {
        order_id: order.id,
        location_id: location,
        return_shipping: { option_id: option, price: 0 },
        items,
      },
    })
    await beginReceiveReturnWorkflow(container).run({ input: { return_id: back.id } })
    await receiveItemReturnRequestWorkflow(container).run({ input: { return_id: back.id, items } })
    await confirmReturnReceiveWorkflow(container).run({ input: { return_id: back.id } })
    expect(await catalog.readLevels(pairs)).toMatchObject([{ stocked: "16", reserved: "0" }])
    expect(
      await rows(store(), "select id from fulfillment where canceled_at is null"),
    ).toHaveLength(2)
    const returned = await demand()
    expect(returned.reservations).toEqual([])
    expect(returned.fulfilled).toMatchObject([{ fulfillment_id: all, quantity: "6" }])
  })

  it("reads a reservation without an order line as such", async () => {
    const { location } = await seeds(store())
    const item = await newItem()
    await set(item, location, "9")
    await store()
      .container.resolve(Modules.INVENTORY)
      .createReservationItems([{ inventory_item_id: item, location_id: location, quantity: 2 }])
    expect(await store().catalog.readReservations(null, [pairOf(item, location)])).toMatchObject([
      { line_item_id: null, quantity: "2", outstanding: null },
    ])
  })

  it("shows and sells at the prices and levels that were written", async () => {
    const { channel, profile, location, region, key } = await seeds(store())
    const { product, variant } = await createOne(store(), {
      sales_channel_ids: [channel],
      shipping_profile_id: profile,
    })
    const item = given(
      (await store().catalog.readVariants([variant.id])).get(variant.id)?.inventory_items[0],
    )
    await rows(store(), "delete from product_variant_price_set")
    await store().knex.transaction((tx) =>
      store().catalog.writeValues(tx, [
        { entity: "variant", id: variant.id, field: "price:eur", from: null, to: "19.99" },
      ]),
    )
    await set(item.id, location, "3")
    const { data } = await api.get(
      `/store/products?region_id=${region}&fields=*variants.calculated_price,+variants.inventory_quantity`,
      { headers: { "x-publishable-api-key": key } },
    )
    expect(data).toMatchObject({
      products: [
        {
          id: product.id,
          variants: [{ inventory_quantity: 3, calculated_price: { calculated_amount: 19.99 } }],
        },
      ],
    })
    const order = await buy(store(), api, [{ variant_id: variant.id, quantity: 2 }])
    expect(order.items).toMatchObject([{ unit_price: 19.99 }])
    expect(await levels()).toMatchObject([{ stocked_quantity: "3", reserved_quantity: "2" }])
  })
}

const pairOf = (inventory_item_id: MedusaId, location_id: MedusaId) => ({
  inventory_item_id,
  location_id,
})
