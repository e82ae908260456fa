import { Drain } from "../../src/engine/drain"
import { connectionId, erpId } from "../../src/sync/ids"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { given, rows } from "./catalog-fixtures"
import { editProduct } from "./sync-merchant"
import { expectQuiet, openPushing, template } from "./sync-push"
import { countOf, levelsOf, linkOf, parkedOf, productOf } from "./sync-readings"
import { MAIN } from "./sync-seed"
import { count, makeProduct, onlyVariant } from "./sync-shop"
import {
  CONNECTION,
  eventually,
  OpenStage,
  run,
  runWell,
  settle,
  Stage,
  takeUpAgain,
} from "./sync-stage"

const PRODUCTS = "product.template.web_search_read"

export const failureTests = (open: OpenStage): void => {
  it("waits while the ERP is down, and goes on at the page it came to", async () => {
    const stage = await open({
      erp: { products: 60, variants: 1 },
      options: { settings: { page_size: 20 }, images: false },
    })
    // The probe and two pages pass.
    stage.erp.faults.add({ kind: "status", status: 503, match: PRODUCTS, after: 3, times: 1000 })
    const waiting = await run(stage, "full")
    expect(waiting).toMatchObject({ state: "running", position: { done: 40, total: 60 } })
    expect(waiting.error).toMatchObject({ kind: "transient", message: expect.any(String) })
    expect(await countOf(stage, "product")).toBe(40)
    const failed = stage.erp.requests.count(PRODUCTS)
    expect(failed).toBeLessThan(6)

    stage.erp.faults.clear()
    stage.erp.requests.reset()
    await takeUpAgain(stage)
    expect(await stage.sync.run(waiting.id)).toMatchObject({ state: "completed", error: null })
    expect(await countOf(stage, "product")).toBe(60)
    // The last page, and nothing of those before.
    expect(stage.erp.requests.count(PRODUCTS)).toBeLessThan(4)
  })

  it("begins with nothing left out where the first check got half an answer", async () => {
    const stage = await open()
    const id = makeProduct(stage)
    count(stage, onlyVariant(stage, id), 7)
    await rows(stage, "update erp_connection set identity = null, checked_at = null")
    stage.erp.faults.add({ kind: "status", status: 503, match: /^stock\.warehouse/, times: 1000 })
    await stage.sync.check(CONNECTION)
    const checks = (await stage.sync.connection(CONNECTION))?.checks ?? []
    expect(checks.find(({ code }) => code === "stream.stock")).toMatchObject({ ok: false })
    stage.erp.faults.clear()
    await runWell(stage, "full")
    expect(await levelsOf(stage, onlyVariant(stage, id))).toMatchObject({ [MAIN]: { stocked: 7 } })
  })

  it("sends an edit again, unasked, once the request that was lost can no longer land", async () => {
    const stage = await openPushing(open)
    const id = makeProduct(stage, { name: "Lamp" })
    await runWell(stage, "full")
    stage.erp.faults.add({ kind: "reset", match: "product.template.web_save", when: "before" })
    await editProduct(stage, id, { title: "Edited" })
    await eventually(async () => {
      await stage.runtime.drain.untilIdle()
      expect(stage.erp.faults.hits["reset"]).toBe(1)
    })
    await rows(stage, "update erp_dirty set due_at = now() - interval '1 second'")
    await stage.runtime.drain.untilIdle()
    expect(template(stage, id)["name"]).toBe("Lamp")
    const [waiting] = await rows(
      stage,
      `select d.reason, d.due_at > (l.intents -> 'title' ->> 'until')::timestamptz as late,
         d.due_at < (l.intents -> 'title' ->> 'until')::timestamptz + interval '1 minute' as soon
       from erp_dirty d join erp_link l on l.erp_id = d.erp_id and l.entity = 'product'
       where d.stream = 'products'`,
    )
    expect(waiting).toEqual({ reason: "open_intent", late: true, soon: true })

    await rows(
      stage,
      `update erp_link set intents = jsonb_set(intents, '{title,until}', '"2000-01-01T00:00:00Z"')
       where entity = 'product'`,
    )
    await settle(stage)
    expect(template(stage, id)["name"]).toBe("Edited")
    expect((await linkOf(stage, "product", id)).intents).toEqual({})
    await expectQuiet(stage)
  })

  it("waits as long as a busy ERP asks, and completes", async () => {
    const stage = await open({ erp: { products: 10, variants: 1 } })
    stage.erp.faults.add({ kind: "status", status: 429, retryAfter: 1, match: PRODUCTS, times: 2 })
    const began = Date.now()
    await runWell(stage, "full")
    expect(Date.now() - began).toBeGreaterThan(1900)
    expect(await countOf(stage, "product")).toBe(10)
  })

  it("pauses on refused credentials, says what to do, and keeps the secret to itself", async () => {
    const stage = await open({ erp: { products: 5, variants: 1 } })
    await runWell(stage, "full")
    const said = listen(stage)
    stage.erp.accounts.revokeKey(stage.erp.accounts.bot)
    await run(stage)
    const view = given(await stage.sync.connection(CONNECTION))
    expect(view).toMatchObject({ state: "paused", reason: { code: "unauthorised" } })
    expect(view.reason?.remedy).toContain("API key")
    await expect(run(stage)).rejects.toThrow("is paused")
    const words = [...said(), JSON.stringify(view), JSON.stringify(await stage.sync.health())]
    expect(words.join("\n")).not.toContain(stage.erp.apiKey)
    expect(words.join("\n")).not.toContain(stage.erp.password)

    stage.erp.accounts.renewKey(stage.erp.accounts.bot)
    expect(await stage.sync.check(CONNECTION)).toMatchObject({ reason: null })
    await runWell(stage)
  })

  it("does not pause because a check got no answer", async () => {
    const stage = await open({ erp: { products: 5, variants: 1 } })
    await runWell(stage, "full")
    stage.erp.faults.add({ kind: "status", status: 503, times: 1000 })
    const view = await stage.sync.check(CONNECTION)
    expect(view).toMatchObject({ reason: null })
    expect(view.state).not.toBe("paused")
    expect(view.checks.some((check) => !check.ok)).toBe(true)

    stage.erp.faults.clear()
    await runWell(stage)
  })

  it("ends a cancelled run after its page; the next one goes on from there", async () => {
    const stage = await open({
      erp: { products: 30, variants: 1 },
      options: { settings: { page_size: 10 } },
    })
    const { catalog } = stage.runtime.context
    const original = catalog.createProducts
    catalog.createProducts = async (inputs, origin) => {
      catalog.createProducts = original
      const { runs } = await stage.sync.runs({ state: "running", limit: 1, offset: 0 })
      await Promise.all(runs.map(({ id }) => stage.sync.cancel(id)))
      return original.call(catalog, inputs, origin)
    }
    expect(await run(stage, "full")).toMatchObject({ state: "cancelled" })
    expect(await countOf(stage, "product")).toBe(10)
    await runWell(stage, "full")
    expect(await countOf(stage, "product")).toBe(30)
  })

  it("makes nothing twice when two drains work at once", async () => {
    const stage = await open({ erp: { products: 40, variants: 1 } })
    await runWell(stage, "full", ["categories"])
    await rows(stage, "delete from erp_run")
    const ids = stage.world.ids("product.template")
    await stage.runtime.ledger.markDirty(
      connectionId(CONNECTION),
      ids.map((id) => ({ stream: "products" as const, erp_id: erpId(id), reason: "test" })),
    )
    const { context, connections } = stage.runtime
    const other = new Drain({ ...context, owner: "another-process" }, connections)
    await stage.runtime.ledger.enqueueRun(connectionId(CONNECTION), {
      kind: "full",
      lane: "background",
      streams: ["products", "stock"],
      state: "queued",
      approved: true,
    })
    await Promise.all([stage.runtime.drain.untilIdle(), other.untilIdle()])
    await settle(stage)
    await runWell(stage, "full")
    expect(await countOf(stage, "product")).toBe(40)
    expect(await countOf(stage, "product_variant")).toBe(40)
    expect(await countOf(stage, "inventory_item")).toBe(40)
    expect(await parkedOf(stage)).toEqual([])
    expect(await productOf(stage, given(ids[0]))).toMatchObject({ status: "published" })
    await other.stop()
  })
}

/** Everything that is logged from now on. */
const listen = (stage: Stage): (() => string[]) => {
  const logger = stage.container.resolve(ContainerRegistrationKeys.LOGGER)
  const said: string[] = []
  const spies = (["debug", "info", "warn", "error"] as const).map((level) =>
    jest.spyOn(logger, level).mockImplementation((...words: unknown[]) => {
      said.push(words.map(String).join(" "))
    }),
  )
  return () => {
    spies.forEach((spy) => spy.mockRestore())
    return said
  }
}
