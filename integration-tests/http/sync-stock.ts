import { Modules } from "@medusajs/framework/utils"
import {
  createOrderFulfillmentWorkflow,
  updateInventoryLevelsWorkflow,
} from "@medusajs/medusa/core-flows"
import { MedusaId } from "../../src/sync/ids"
import { buy, PlacedOrder } from "./catalog-checkout"
import { given, rows } from "./catalog-fixtures"
import { levelsOf, parkedOf, variantOf } from "./sync-readings"
import { MAIN, OUTLET } from "./sync-seed"
import { count, makeProduct, onlyVariant, placeOf } from "./sync-shop"
import { CONNECTION, eventually, OpenStage, runWell, settle, Stage } from "./sync-stage"

export const stockTests = (open: OpenStage): void => {
  const stocked = async (stage: Stage, quantity: number): Promise<number> => {
    const variant = onlyVariant(stage, makeProduct(stage))
    count(stage, variant, quantity)
    await runWell(stage, "full")
    return variant
  }

  it("writes what is available in each warehouse, and never less than nothing", async () => {
    const stage = await open()
    const variant = onlyVariant(stage, makeProduct(stage))
    count(stage, variant, 10)
    count(stage, variant, 4, "WH2")
    stage.world.reserve(variant, placeOf(stage), 3)
    await runWell(stage, "full")
    expect(await levelsOf(stage, variant)).toMatchObject({
      [MAIN]: { stocked: 7 },
      [OUTLET]: { stocked: 4 },
    })
    count(stage, variant, -2, "WH2")
    count(stage, variant, 20)
    await runWell(stage, "delta", ["stock"])
    expect(await levelsOf(stage, variant)).toMatchObject({
      [MAIN]: { stocked: 17 },
      [OUTLET]: { stocked: 0 },
    })
  })

  it("restores a level that somebody set by hand", async () => {
    const stage = await open()
    const variant = await stocked(stage, 5)
    const item = given((await variantOf(stage, variant)).inventory_items[0]).id
    const place = await locationId(stage)
    await updateInventoryLevelsWorkflow(stage.container).run({
      input: {
        updates: [{ inventory_item_id: item, location_id: place, stocked_quantity: 99 }],
      },
    })
    await eventually(async () =>
      expect(await levelsOf(stage, variant)).toMatchObject({ [MAIN]: { stocked: 5 } }),
    )
    const [entry] = await rows(
      stage,
      "select from_value, to_value, rule from erp_journal where rule = 'stock_restored'",
    )
    expect(entry).toMatchObject({ from_value: "99", to_value: "5" })
  })

  it("stops and starts keeping stock with the ERP, on the same inventory item", async () => {
    const stage = await open()
    const template = makeProduct(stage)
    const variant = onlyVariant(stage, template)
    count(stage, variant, 5)
    await runWell(stage, "full")
    const before = await variantOf(stage, variant)
    stage.world.rawUpdate("product.template", template, { is_storable: false })
    stage.world.write("product.template", template, { name: "No longer counted" })
    await runWell(stage)
    await settle(stage)
    expect(await variantOf(stage, variant)).toMatchObject({ manage_inventory: false })
    stage.world.rawUpdate("product.template", template, { is_storable: true })
    stage.world.write("product.template", template, { name: "Counted again" })
    await runWell(stage)
    await settle(stage)
    const after = await variantOf(stage, variant)
    expect(after).toMatchObject({ manage_inventory: true })
    expect(after.inventory_items).toEqual(before.inventory_items)
    expect(await levelsOf(stage, variant)).toMatchObject({ [MAIN]: { stocked: 5 } })
  })

  it("parks kits and shared inventory items instead of guessing", async () => {
    const stage = await open()
    const [kit, left, right] = [1, 2, 3].map(() => onlyVariant(stage, makeProduct(stage)))
    for (const variant of [kit, left, right]) {
      count(stage, given(variant), 5)
    }
    await runWell(stage, "full", ["categories", "products"])
    const idOf = async (variant: number | undefined): Promise<MedusaId> =>
      (await variantOf(stage, given(variant))).id
    const table = "product_variant_inventory_item"
    await stage
      .knex(table)
      .where({ variant_id: await idOf(kit) })
      .update({ required_quantity: 2 })
    const shared = given((await variantOf(stage, given(left))).inventory_items[0]).id
    await stage
      .knex(table)
      .where({ variant_id: await idOf(right) })
      .update({ inventory_item_id: shared })
    await runWell(stage, "full", ["stock"])
    await settle(stage)
    const parked = await parkedOf(stage)
    expect(parked.map(({ erp_id, reason }) => `${erp_id} ${reason}`).sort()).toEqual(
      [`${kit} kit`, `${left} shared_inventory_item`, `${right} shared_inventory_item`].sort(),
    )
  })

  describe("with two pieces, both sold in the store", () => {
    const soldOut = async (
      scene: Parameters<OpenStage>[0] = {},
    ): Promise<{ stage: Stage; variant: number; order: PlacedOrder }> => {
      const stage = await open(scene)
      const variant = await stocked(stage, 2)
      const { id } = await variantOf(stage, variant)
      const order = await buy(stage, stage.api, [{ variant_id: id, quantity: 2 }])
      return { stage, variant, order }
    }

    const sellable = async (stage: Stage, variant: number): Promise<number> => {
      const { stocked: held, reserved } = given((await levelsOf(stage, variant))[MAIN])
      return held - reserved
    }

    const syncs = async (stage: Stage): Promise<void> => {
      await settle(stage)
      await runWell(stage, "delta", ["stock"])
      await runWell(stage, "full", ["stock"])
      await settle(stage)
    }

    const fulfil = async (stage: Stage, order: PlacedOrder): Promise<void> => {
      await createOrderFulfillmentWorkflow(stage.container).run({
        input: {
          order_id: order.id,
          location_id: await locationId(stage),
          items: order.items.map(({ id }) => ({ id, quantity: 2 })),
        },
      })
    }

    it("offers none of them again while the ERP knows nothing of the order", async () => {
      const { stage, variant, order } = await soldOut()
      expect(await sellable(stage, variant)).toBe(0)
      await syncs(stage)
      expect(await sellable(stage, variant)).toBe(0)
      await fulfil(stage, order)
      expect(await sellable(stage, variant)).toBe(0)
      await syncs(stage)
      expect(await sellable(stage, variant)).toBe(0)
      count(stage, variant, 0)
      await syncs(stage)
      expect(await sellable(stage, variant)).toBe(0)
    })

    it("offers what the ERP has once it is said to count the order", async () => {
      const { stage, variant, order } = await soldOut({
        options: { orders: { counted: "acknowledged", settle_after_ms: 0, lag_ms: 0 } },
      })
      await fulfil(stage, order)
      await syncs(stage)
      expect(await sellable(stage, variant)).toBe(0)
      // The ERP ships the two, and five new ones come in.
      count(stage, variant, 5)
      await syncs(stage)
      expect(await sellable(stage, variant)).toBe(3)
      await stage.sync.acknowledge(
        CONNECTION,
        order.items.map(({ id }) => ({ line_item_id: id, kind: "issued" as const })),
      )
      await syncs(stage)
      expect(await sellable(stage, variant)).toBe(5)
    })

    it("counts an open order as reserved once the ERP has reserved it too", async () => {
      const { stage, variant, order } = await soldOut({
        options: { orders: { counted: "acknowledged", settle_after_ms: 0, lag_ms: 0 } },
      })
      count(stage, variant, 6)
      await syncs(stage)
      expect(await sellable(stage, variant)).toBe(4)
      stage.world.reserve(variant, placeOf(stage), 2)
      await syncs(stage)
      expect(await sellable(stage, variant)).toBe(2)
      await stage.sync.acknowledge(
        CONNECTION,
        order.items.map(({ id }) => ({ line_item_id: id, kind: "reserved" as const })),
      )
      await syncs(stage)
      expect(await sellable(stage, variant)).toBe(4)
    })

    it("never counts a reservation that belongs to no order as known to the ERP", async () => {
      const stage = await open()
      const variant = await stocked(stage, 2)
      const item = given((await variantOf(stage, variant)).inventory_items[0]).id
      await stage.container
        .resolve(Modules.INVENTORY)
        .createReservationItems([
          { inventory_item_id: item, location_id: await locationId(stage), quantity: 2 },
        ])
      await syncs(stage)
      expect(await sellable(stage, variant)).toBe(0)
    })
  })
}

const locationId = async (stage: Stage): Promise<string> => {
  const [location] = await rows<{ id: string }>(
    stage,
    "select id from stock_location where name = ?",
    [MAIN],
  )
  return given(location).id
}
