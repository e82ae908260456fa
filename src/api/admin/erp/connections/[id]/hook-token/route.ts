import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { syncOf } from "../../../../../../runtime"
import { explained } from "../../../answers"

/**
 * Makes a new token for the ERP's calls and shows it this once, with the address that the ERP calls; the
 * former token is refused from now on.
 */
export const POST = explained(async (req, res) => {
  const { id = "" } = req.params
  const token = await (await syncOf(req.scope)).rotateHookToken(id)
  const { admin } = req.scope.resolve(ContainerRegistrationKeys.CONFIG_MODULE)
  const backend = admin?.backendUrl
  const origin =
    backend && URL.canParse(backend)
      ? new URL(backend).origin
      : `${req.protocol}://${req.get("host") ?? "localhost"}`
  const path = `/hooks/erp/${encodeURIComponent(id)}/${token}`
  res.setHeader("Cache-Control", "no-store")
  res.status(201).json({ token, url: `${origin}${path}` })
})
