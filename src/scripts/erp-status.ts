import { ExecArgs } from "@medusajs/framework/types"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { syncOf } from "../runtime"

/** `medusa exec <path>/scripts/erp-status.js`: prints the health of the sync as one line of JSON. */
export default async function erpStatus({ container }: ExecArgs): Promise<void> {
  const sync = await syncOf(container)
  container.resolve(ContainerRegistrationKeys.LOGGER).info(JSON.stringify(await sync.health()))
}
