import { Modules } from "@medusajs/framework/utils"
import { ErpEventName } from "../../src/runtime"
import { beat, prune } from "../../src/runtime/tick"
import { HealthView } from "../../src/runtime/views"
import { ApiClient } from "./api-client"
import { given, rows } from "./catalog-fixtures"
import { makeProduct } from "./sync-shop"
import { CONNECTION, eventually, OpenStage, run, runWell, settle, Stage } from "./sync-stage"

interface Heard {
  name: string
  data: unknown
}

/** Collects events of these names from now on. */
const listen = (stage: Stage, ...names: ErpEventName[]): Heard[] => {
  const heard: Heard[] = []
  const bus = stage.container.resolve(Modules.EVENT_BUS)
  for (const name of names) {
    bus.subscribe(name, async (event: Heard) => {
      heard.push({ name: event.name, data: event.data })
    })
  }
  return heard
}

/** The names of such events so far, in order. */
export const eventNamesOf = (stage: Stage, ...names: ErpEventName[]) => {
  const heard = listen(stage, ...names)
  return async (): Promise<string[]> => {
    await eventually(async () => expect(heard.length).toBeGreaterThan(0))
    return heard.map(({ name }) => name)
  }
}

export const noticeTests = (open: OpenStage): void => {
  it("tells of runs that end, and shows failures in the admin's feed", async () => {
    // The images' run would tell of itself.
    const stage = await open({ options: { images: false } })
    makeProduct(stage)
    const heard = listen(stage, "erp.run.completed", "erp.run.failed", "erp.paused", "erp.resumed")
    await runWell(stage, "full")
    await eventually(async () =>
      expect(heard).toEqual([
        {
          name: "erp.run.completed",
          data: expect.objectContaining({ connection_id: CONNECTION, kind: "full" }),
        },
      ]),
    )
    heard.length = 0
    stage.erp.accounts.revokeKey(stage.erp.accounts.bot)
    await stage.runtime.connections.close()
    await run(stage, "full")
    await eventually(async () =>
      expect(heard.map(({ name }) => name).sort()).toEqual(["erp.paused", "erp.run.failed"]),
    )
    const notifications = stage.container.resolve(Modules.NOTIFICATION)
    const feed = await notifications.listNotifications({ channel: "feed" })
    expect(feed.map(({ data }) => (data as { title: string }).title).sort()).toEqual([
      `Connection ${CONNECTION} is paused`,
      `Synchronisation of ${CONNECTION} failed`,
    ])
    // What was told is not told again from the outbox.
    const { pending_events } = await stage.sync.health()
    expect(pending_events).toBe(0)
  })

  it("tells once that a connection goes on again", async () => {
    const stage = await open()
    await runWell(stage, "full")
    const { accounts } = stage.erp
    accounts.revokeKey(accounts.bot)
    await stage.runtime.connections.close()
    await run(stage, "full")
    const heard = listen(stage, "erp.paused", "erp.resumed")
    accounts.renewKey(accounts.bot)
    await stage.runtime.connections.close()
    const admin = await ApiClient.administrator(stage)
    for (let time = 0; time < 2; time += 1) {
      expect((await admin.post(`/connections/${CONNECTION}/check`)).status).toBe(200)
    }
    await eventually(async () =>
      expect(heard).toEqual([{ name: "erp.resumed", data: { connection_id: CONNECTION } }]),
    )
    await runWell(stage)
  })

  it("tells once that unusually many changes wait for a person, and shows it in the admin's feed", async () => {
    const stage = await open()
    const products = Array.from({ length: 16 }, () => makeProduct(stage))
    await runWell(stage, "full")
    const heard = listen(stage, "erp.guard.tripped")
    for (const id of products) stage.world.write("product.template", id, { list_price: 1 })
    for (let pass = 0; pass < 2; pass += 1) {
      await runWell(stage, "full")
      await settle(stage)
    }
    await eventually(async () =>
      expect(heard).toEqual([
        {
          name: "erp.guard.tripped",
          data: {
            connection_id: CONNECTION,
            stream: "products",
            changes: 16,
            message: expect.stringContaining("16 at once"),
          },
        },
      ]),
    )
    const notifications = stage.container.resolve(Modules.NOTIFICATION)
    const feed = await notifications.listNotifications({ channel: "feed" })
    expect(feed.map(({ data }) => data)).toEqual([
      expect.objectContaining({ title: `Changes of ${CONNECTION} wait for approval` }),
    ])
  })

  it("turns health red by a stream that fails, and grey by one that is late, although others go well", async () => {
    const stage = await open()
    makeProduct(stage)
    await runWell(stage, "full")
    await runWell(stage, "delta", ["prices"])
    await beat(stage.runtime, "tick")
    const present = async () => {
      const { status, warnings } = await stage.sync.health()
      return { status, warnings, state: (await stage.sync.connection(CONNECTION))?.state }
    }
    expect(await present()).toEqual({ status: "ok", warnings: [], state: "in_sync" })
    const { prices } = stage.options
    stage.options.prices = [{ erp: "pricelist:Nobody", currency: "usd", rounding: "half-up" }]
    await stage.runtime.connections.close()
    await run(stage, "delta", ["prices", "stock"])
    await runWell(stage, "delta", ["stock"])
    expect(await present()).toMatchObject({ status: "failing", state: "needs_you" })
    stage.options.prices = prices
    await stage.runtime.connections.close()
    await runWell(stage, "delta", ["prices"])
    expect(await present()).toMatchObject({ status: "ok", state: "in_sync" })

    // Runs are kept for a month; since when a stream stands still is known for longer.
    await rows(stage, "update erp_run set finished_at = finished_at - interval '40 days'")
    await prune(stage.runtime.ledger, { journal_ms: 1000, runs_ms: 30 * 86_400_000 })
    await runWell(stage, "delta", ["categories", "products", "prices"])
    const { connections } = await stage.sync.health()
    expect(connections[0]?.lag_seconds.stock).toBeGreaterThan(39 * 86_400)
    expect((await present()).warnings).toContainEqual(expect.stringContaining("stock of odoo-main"))
    expect(await present()).toMatchObject({ status: "degraded", state: "in_sync" })
  })

  it.each([
    { kind: "conflict", reason: "manual" },
    { kind: "drift", reason: "rules_changed" },
  ])("needs a person where a field stands open: %j", async ({ kind, reason }) => {
    const stage = await open()
    makeProduct(stage)
    await runWell(stage, "full")
    await beat(stage.runtime, "tick")
    await rows(
      stage,
      `insert into erp_difference (connection_id, link_id, field, entity, kind, reason)
       select connection_id, id, 'title', entity, ?, ? from erp_link where entity = 'product'`,
      [kind, reason],
    )
    expect((await stage.sync.connection(CONNECTION))?.state).toBe("needs_you")
    expect((await stage.sync.health()).status).toBe("degraded")
  })

  it("shows in health when each instance last claimed something", async () => {
    const stage = await open()
    await beat(stage.runtime)
    const admin = await ApiClient.administrator(stage)
    const claimed = async (): Promise<string | null> => {
      const { health } = (await admin.get("/health")).body as { health: HealthView }
      return given(health.instances.find(({ id }) => id === stage.runtime.owner)).last_claim_at
    }
    const before = await stage.runtime.ledger.now()
    await runWell(stage, "full")
    const first = await claimed()
    expect((first ?? "") > before).toBe(true)
    await stage.runtime.drain.untilIdle()
    expect(await claimed()).toBe(first)
  })
}
