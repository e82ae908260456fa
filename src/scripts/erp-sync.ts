import { ExecArgs } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, MedusaError } from "@medusajs/framework/utils"
import { runtimeOf, syncOf } from "../runtime"

/**
 * `medusa exec <path>/scripts/erp-sync.js <connection> [delta|full]`: synchronises one connection now,
 * in this process, and prints the run as one line of JSON.
 */
export default async function erpSync({ container, args }: ExecArgs): Promise<void> {
  const [id, kind = "delta"] = args
  if (!id || (kind !== "delta" && kind !== "full")) {
    throw new MedusaError(
      MedusaError.Types.INVALID_DATA,
      "Usage: medusa exec <path>/scripts/erp-sync.js <connection> [delta|full]",
    )
  }
  const sync = await syncOf(container)
  const run = await sync.sync(id, { kind })
  const { drain } = await runtimeOf(container)
  await drain.untilIdle()
  container.resolve(ContainerRegistrationKeys.LOGGER).info(JSON.stringify(await sync.run(run.id)))
}
