import { ExecArgs } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, MedusaError } from "@medusajs/framework/utils"
import { syncOf } from "../runtime"

/**
 * `medusa exec <path>/scripts/erp-explain.js <SKU, title, barcode or id>`: prints all that is known about
 * a record, both sides read now, as JSON.
 */
export default async function erpExplain({ container, args }: ExecArgs): Promise<void> {
  const q = args.join(" ").trim()
  if (q === "") {
    throw new MedusaError(
      MedusaError.Types.INVALID_DATA,
      "Usage: medusa exec <path>/scripts/erp-explain.js <SKU, title, barcode or id>",
    )
  }
  const sync = await syncOf(container)
  container
    .resolve(ContainerRegistrationKeys.LOGGER)
    .info(JSON.stringify(await sync.explain(q), null, 2))
}
