import { queueDue } from "../../src/runtime/tick"
import { RunView } from "../../src/runtime/views"
import { given, rows } from "./catalog-fixtures"
import { deleteProduct } from "./sync-merchant"
import { countOf, findLink, levelsOf, parkedOf, productOf } from "./sync-readings"
import { MAIN } from "./sync-seed"
import { count, makeProduct, onlyVariant } from "./sync-shop"
import { eventually, OpenStage, run, runWell, settle, Stage } from "./sync-stage"

export const isolationTests = (open: OpenStage): void => {
  it("lets 999 of 1,000 records arrive, parks the bad one, and takes it in once it is mended", async () => {
    const stage = await open({ erp: { products: 1000, variants: 1 } })
    const bad = given(stage.world.ids("product.template")[499])
    stage.world.write("product.template", bad, { name: "  " })
    const run = await runWell(stage, "full")
    const categories = await countOf(stage, "product_category")
    expect(run.counters).toMatchObject({ created: 999 + categories, parked: 1 })
    expect(await countOf(stage, "product")).toBe(999)
    expect(await parkedOf(stage)).toEqual([
      expect.objectContaining({
        stream: "products",
        entity: "product",
        erp_id: String(bad),
        field: "title",
        reason: "invalid",
        value: "  ",
        remedy: expect.stringContaining(`(id ${bad}) in Odoo`),
      }),
    ])
    stage.world.write("product.template", bad, { name: "Mended" })
    expect((await runWell(stage)).counters).toMatchObject({ created: 1 })
    expect(await productOf(stage, bad)).toMatchObject({ title: "Mended" })
    expect(await parkedOf(stage)).toEqual([])
  })

  it("brings stock although a wrong price list stops the prices, in deltas, full runs and by the clock", async () => {
    const stage = await open()
    const { ledger, connections } = stage.runtime
    const id = makeProduct(stage)
    const variant = onlyVariant(stage, id)
    count(stage, variant, 3)
    await runWell(stage, "full")
    stage.options.prices = [{ erp: "pricelist:Nobody", currency: "usd", rounding: "half-up" }]
    await connections.close()
    const moves = async (quantity: number, work: () => Promise<RunView>): Promise<void> => {
      count(stage, variant, quantity)
      expect(await work()).toMatchObject({
        state: "failed",
        error: { code: "price_list_unknown", message: expect.stringContaining("Nobody") },
      })
      expect((await levelsOf(stage, variant))[MAIN]).toMatchObject({ stocked: quantity })
    }
    const delta = () => run(stage, "delta", ["prices", "stock"])
    await moves(5, delta)
    expect(await delta()).toMatchObject({ error: { streams: ["prices"] } })
    await moves(7, () => run(stage, "full", ["prices", "stock"]))

    const { schedule } = stage.options
    stage.options.schedule = { ...schedule, prices: 60_000, stock: 60_000 }
    await moves(9, async () => {
      await rows(
        stage,
        `update erp_run set created_at = created_at - interval '2 minutes',
           started_at = started_at - interval '2 minutes'`,
      )
      await queueDue(ledger, connections, async () => false)
      await stage.runtime.drain.untilIdle()
      const { runs } = await stage.sync.runs({ limit: 1, offset: 0 })
      return given(runs[0])
    })
  })

  it("does not compare everything hour after hour because one stream of the sweep fails", async () => {
    const stage = await open()
    await runWell(stage, "full")
    const { ledger, connections } = stage.runtime
    const due = async (streams: string[]): Promise<boolean> => {
      await rows(
        stage,
        `update erp_run set kind = 'sweep', state = 'failed', error = ?::jsonb,
           started_at = now() - interval '2 hours', created_at = now() - interval '2 hours'`,
        [JSON.stringify({ code: "x", kind: "config", message: "", remedy: "", streams })],
      )
      const { swept } = await queueDue(ledger, connections, async () => false)
      await stage.runtime.drain.untilIdle()
      return swept
    }
    expect(await due(["stock"])).toBe(false)
    expect(await due(["products"])).toBe(true)
  })

  it("parks the second of two products that share a SKU, until it has one of its own", async () => {
    const stage = await open()
    const first = makeProduct(stage, { default_code: "SAME" })
    const second = makeProduct(stage, { default_code: "SAME" })
    const other = makeProduct(stage)
    await runWell(stage, "full")
    expect(await productOf(stage, first)).toMatchObject({ variants: [{ sku: "SAME" }] })
    expect(await productOf(stage, other)).toBeTruthy()
    const [parked, ...more] = await parkedOf(stage)
    expect(more).toEqual([])
    expect(parked).toMatchObject({
      erp_id: String(second),
      reason: "duplicate_sku",
      value: "SAME",
      message: expect.stringContaining("SAME"),
    })
    stage.world.write("product.template", second, { default_code: "ITS-OWN" })
    await runWell(stage)
    expect(await productOf(stage, second)).toMatchObject({ variants: [{ sku: "ITS-OWN" }] })
    expect(await parkedOf(stage)).toEqual([])
  })

  it("parks a change of SKU to one that is taken, and goes on with the other fields", async () => {
    const stage = await open()
    const holder = makeProduct(stage, { default_code: "TAKEN" })
    const other = makeProduct(stage, { default_code: "FREE" })
    await runWell(stage, "full")
    stage.world.write("product.template", other, { default_code: "TAKEN", name: "Renamed" })
    await runWell(stage)
    expect(await productOf(stage, other)).toMatchObject({
      title: "Renamed",
      variants: [{ sku: "FREE" }],
    })
    const [parked, ...more] = await parkedOf(stage)
    expect(parked).toMatchObject({ field: "sku", reason: "duplicate_sku", value: "TAKEN" })
    expect(more).toEqual([])
    stage.world.write("product.template", holder, { default_code: "MOVED" })
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, other)).toMatchObject({ variants: [{ sku: "TAKEN" }] })
    expect(await parkedOf(stage)).toEqual([])
  })

  it.each([
    ["is renamed", (stage: Stage, id: number) => rename(stage, id)],
    ["is deleted by the merchant", (stage: Stage, id: number) => deleteProduct(stage, id)],
  ])("takes in a product whose SKU was taken once its holder %s", async (_what, free) => {
    const stage = await open()
    const holder = makeProduct(stage, { default_code: "SAME", barcode: "4006381333931" })
    await runWell(stage, "full")
    const second = makeProduct(stage, { default_code: "SAME", barcode: "12345670" })
    await runWell(stage)
    expect(await parkedOf(stage)).toMatchObject([{ reason: "ambiguous_match", value: "SAME" }])
    await free(stage, holder)
    await eventually(async () => {
      await settle(stage)
      expect(await productOf(stage, second)).toMatchObject({ variants: [{ sku: "SAME" }] })
    })
    expect(await parkedOf(stage)).toEqual([])
  })

  it("carries out a swap of two SKUs", async () => {
    const stage = await open()
    const left = makeProduct(stage, { default_code: "LEFT" })
    const right = makeProduct(stage, { default_code: "RIGHT" })
    await runWell(stage, "full")
    stage.world.write("product.template", left, { default_code: "RIGHT" })
    stage.world.write("product.template", right, { default_code: "LEFT" })
    await runWell(stage)
    await settle(stage)
    expect(await productOf(stage, left)).toMatchObject({ variants: [{ sku: "RIGHT" }] })
    expect(await productOf(stage, right)).toMatchObject({ variants: [{ sku: "LEFT" }] })
    expect(await parkedOf(stage)).toEqual([])
  })

  it("parks a record that the ERP sends in a wrong type, with what it sent", async () => {
    const stage = await open()
    const bad = makeProduct(stage)
    const good = makeProduct(stage)
    const undo = stage.erp.faults.add({
      kind: "mutate",
      match: "product.template.web_search_read",
      times: 1000,
      change: (result) =>
        JSON.parse(JSON.stringify(result), (_key, value: unknown) =>
          isRecord(value) && value["id"] === bad && "name" in value
            ? { ...value, name: 42 }
            : value,
        ),
    })
    await runWell(stage, "full")
    expect(await findLink(stage, "product", bad)).toBeNull()
    expect(await productOf(stage, good)).toBeTruthy()
    expect(await parkedOf(stage)).toEqual([
      expect.objectContaining({ erp_id: String(bad), field: "title", value: "42" }),
    ])
    undo()
    await runWell(stage)
    expect(await productOf(stage, bad)).toBeTruthy()
    expect(await parkedOf(stage)).toEqual([])
  })
}

const rename = async (stage: Stage, id: number): Promise<void> => {
  stage.world.write("product.template", id, { default_code: "OTHER" })
  await runWell(stage)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null
