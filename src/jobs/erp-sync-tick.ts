import { MedusaContainer } from "@medusajs/framework/types"
import { runtimeOf, tick } from "../runtime"

/**
 * The fallback for every wake-up that was lost: once a minute it queues what is due and starts the
 * drain, which goes on after this job has returned.
 */
export default async function erpSyncTick(container: MedusaContainer): Promise<void> {
  await tick(await runtimeOf(container))
}

export const config = {
  name: "erp-sync-tick",
  schedule: "* * * * *",
}
