import { createStep, StepResponse } from "@medusajs/framework/workflows-sdk"
import { syncOf } from "../../runtime"
import type { Stream } from "../../sync/canonical"

export interface StartErpSyncInput {
  connection_id: string
  /** All streams when left out. */
  streams?: Stream[]
  kind: "delta" | "full"
}

/** Queues the run and wakes a worker; cancelling it is the way back. */
export const startErpSyncStep = createStep(
  "start-erp-sync",
  async (input: StartErpSyncInput, { container }) => {
    const sync = await syncOf(container)
    const run = await sync.sync(input.connection_id, {
      kind: input.kind,
      ...(input.streams ? { streams: input.streams } : {}),
    })
    return new StepResponse({ run_id: run.id, state: run.state }, run.id)
  },
  async (runId, { container }) => {
    if (runId) {
      const sync = await syncOf(container)
      await sync.cancel(runId)
    }
  },
)
