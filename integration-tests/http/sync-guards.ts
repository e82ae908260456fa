import { reconcile } from "../../src/engine/reconcile"
import { Batch } from "../../src/engine/context"
import { connectionId, erpId } from "../../src/sync/ids"
import { given } from "./catalog-fixtures"
import { levelsOf, parkedOf, productOf } from "./sync-readings"
import { MAIN } from "./sync-seed"
import { count, makeProduct, onlyVariant } from "./sync-shop"
import { CONNECTION, OpenStage, runWell, settle, Stage } from "./sync-stage"

const pricesOf = async (stage: Stage, products: number[]): Promise<string[]> => {
  const found = await Promise.all(products.map((id) => productOf(stage, id)))
  return found.map(({ variants }) => given(variants[0]?.prices[0]).amount)
}

const reprice = (stage: Stage, products: number[], price: number): void =>
  products.forEach((id) => stage.world.write("product.template", id, { list_price: price }))

const make = (stage: Stage, number: number): number[] =>
  Array.from({ length: number }, () => makeProduct(stage))

/** More than a day's share of destructive changes waits for a person, whole; everything else goes on. */
export const guardTests = (open: OpenStage): void => {
  it("lets prices that move by more than half wait, the others pass, and what is approved", async () => {
    const stage = await open()
    const moved = make(stage, 16)
    const [other] = make(stage, 1)
    await runWell(stage, "full")
    reprice(stage, moved, 2)
    stage.world.write("product.template", given(other), { list_price: 12, name: "Renamed" })
    stage.world.write("product.template", given(moved[0]), { name: "Renamed as well" })
    await runWell(stage)
    await settle(stage)
    expect(new Set(await pricesOf(stage, moved))).toEqual(new Set(["10"]))
    expect(await pricesOf(stage, [given(other)])).toEqual(["12"])
    expect(await productOf(stage, given(moved[0]))).toMatchObject({ title: "Renamed as well" })
    const parked = (await parkedOf(stage)).filter(({ stream }) => stream === "prices")
    expect(parked).toHaveLength(16)
    expect(parked[0]).toMatchObject({
      entity: "variant",
      field: "price:usd",
      reason: "mass_change",
      value: "10 → 2 in the store",
      message: expect.stringContaining("16 at once"),
    })

    // One of them moves on before the person answers, and waits again.
    await stage.sync.approveMassChange(CONNECTION, { kind: "prices", side: "medusa" })
    reprice(stage, moved.slice(0, 1), 1)
    await stage.runtime.drain.untilIdle()
    await settle(stage)
    await runWell(stage)
    expect(new Set(await pricesOf(stage, moved.slice(1)))).toEqual(new Set(["2"]))
    // Approved ones left the window: the one that is left is within the day's share.
    expect(await pricesOf(stage, moved.slice(0, 1))).toEqual(["1"])
    expect(await parkedOf(stage)).toEqual([])
  })

  it("waits again when more than a share moved on after the approval", async () => {
    const stage = await open()
    const moved = make(stage, 16)
    await runWell(stage, "full")
    reprice(stage, moved, 2)
    await runWell(stage)
    await settle(stage)
    reprice(stage, moved, 1)
    await stage.sync.approveMassChange(CONNECTION, { kind: "prices" })
    await stage.runtime.drain.untilIdle()
    await settle(stage)
    await runWell(stage)
    expect(new Set(await pricesOf(stage, moved))).toEqual(new Set(["10"]))
    expect((await parkedOf(stage)).map(({ value }) => value)).toContain("10 → 1 in the store")
    await stage.sync.approveMassChange(CONNECTION)
    await stage.runtime.drain.untilIdle()
    await settle(stage)
    expect(new Set(await pricesOf(stage, moved))).toEqual(new Set(["1"]))
    expect(await parkedOf(stage)).toEqual([])
  })

  it("heals when the ERP takes its mistake back", async () => {
    const stage = await open()
    const moved = make(stage, 16)
    await runWell(stage, "full")
    reprice(stage, moved, 0.1)
    await runWell(stage)
    expect(await parkedOf(stage)).not.toEqual([])
    reprice(stage, moved, 10)
    await runWell(stage)
    await settle(stage)
    expect(await parkedOf(stage)).toEqual([])
    expect(new Set(await pricesOf(stage, moved))).toEqual(new Set(["10"]))
  })

  it("approves one kind of change and not the other", async () => {
    const stage = await open()
    const products = make(stage, 20)
    await runWell(stage, "full")
    reprice(stage, products.slice(0, 16), 2)
    stage.world.archive("product.template", products.slice(17))
    await runWell(stage)
    await settle(stage)
    await stage.sync.approveMassChange(CONNECTION, { kind: "gone" })
    await stage.runtime.drain.untilIdle()
    await settle(stage)
    expect(await productOf(stage, given(products[19]))).toMatchObject({ status: "draft" })
    expect(new Set(await pricesOf(stage, products.slice(0, 16)))).toEqual(new Set(["10"]))
    expect(new Set((await parkedOf(stage)).map(({ field }) => field))).toEqual(
      new Set(["price:usd"]),
    )
  })

  it("takes a figure that is not named for 0 where the ERP has no rows of nothing", async () => {
    const stage = await open()
    const variants = make(stage, 11).map((id) => onlyVariant(stage, id))
    variants.forEach((variant) => count(stage, variant, 4))
    await runWell(stage, "full")
    await unnamed(stage, variants.slice(0, 2), false)
    expect(await stocked(stage, variants)).toEqual(variants.map(() => 4))
    await unnamed(stage, variants.slice(0, 2), true)
    expect(await stocked(stage, variants)).toEqual([0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4])
    await unnamed(stage, variants, true)
    await unnamed(stage, variants.slice(2, 3), true)
    expect(await stocked(stage, variants.slice(3))).toEqual(variants.slice(3).map(() => 4))
  })
}

const stocked = async (stage: Stage, variants: number[]): Promise<(number | undefined)[]> =>
  (await Promise.all(variants.map((variant) => levelsOf(stage, variant)))).map(
    (levels) => levels[MAIN]?.stocked,
  )

/** The ERP is asked for the stock of these variants, and names none of them. */
const unnamed = async (stage: Stage, variants: number[], isZero: boolean): Promise<void> => {
  const { context, connections, ledger } = stage.runtime
  const connected = given(await connections.one(connectionId(CONNECTION)))
  const { capabilities } = connected.connector
  const connector = Object.create(connected.connector, {
    capabilities: { value: { ...capabilities, absent_stock_is_zero: isZero } },
  }) as typeof connected.connector
  const batch: Batch<never> = {
    records: [],
    rejected: [],
    missing: variants.map((id) => erpId(id)),
    read_seq: await ledger.nextSeq(),
    read_at: await ledger.now(),
    run_id: null,
    may_skip: false,
    values_follow: false,
  }
  await reconcile(context, { ...connected, connector }, "stock", batch, async () => undefined)
}
