import { Modules } from "@medusajs/framework/utils"
import { ErpEventName } from "../../src/runtime"
import { makeProduct } from "./sync-shop"
import { CONNECTION, eventually, OpenStage, run, runWell, Stage } from "./sync-stage"

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
    const stage = await open()
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
}
