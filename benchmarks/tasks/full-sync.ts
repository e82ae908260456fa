import { MedusaContainer } from "@medusajs/framework/types"
import { runtimeOf, syncOf } from "../../src/runtime"

export interface SyncMeasure {
  milliseconds: number
  /** Highest resident memory above that at the start, in MB. */
  growth_mb: number
  rss_mb: number
  state: string
  counters: { writes: number; events: number; created: number; unchanged: number; parked: number }
}

const MB = 1024 * 1024

/** One whole sync of everything, through the engine, in this process. */
export const fullSync = async (container: MedusaContainer): Promise<SyncMeasure> => {
  const sync = await syncOf(container)
  const { drain } = await runtimeOf(container)
  await sync.check("odoo-main")
  global.gc?.()
  const before = process.memoryUsage().rss
  let highest = before
  const sampler = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss)
  }, 100)
  const started = performance.now()
  const queued = await sync.sync("odoo-main", { kind: "full" })
  await drain.untilIdle()
  const milliseconds = performance.now() - started
  clearInterval(sampler)
  const run = await sync.run(queued.id)
  if (run?.state !== "completed") {
    throw new Error(`The run ended as ${run?.state}: ${run?.error?.message}`)
  }
  return {
    milliseconds,
    growth_mb: (highest - before) / MB,
    rss_mb: highest / MB,
    state: run.state,
    counters: run.counters,
  }
}
