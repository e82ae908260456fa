import { Modules } from "@medusajs/framework/utils"
import { ErpEventName } from "../../src/runtime"
import { beat } from "../../src/runtime/tick"
import { HealthView } from "../../src/runtime/views"
import { ApiClient } from "./api-client"
import { given } from "./catalog-fixtures"
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
