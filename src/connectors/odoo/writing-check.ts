import type { CheckItem, RequestOptions } from "../contract"
import type { Normalisers } from "./capabilities"
import { unitOf } from "./map-product"
import type { Row } from "./rows"
import type { OdooSession } from "./session"

const WRITTEN = ["product.category", "product.template", "product.product", "stock.quant"] as const

/** Says what the user may write. Information only: whoever does not write back needs no right. */
export const writingItem = async (
  session: OdooSession,
  major: number,
  options: RequestOptions,
): Promise<CheckItem[]> => {
  const missing: string[] = []
  try {
    for (const model of WRITTEN) {
      const call =
        major >= 18
          ? { model, method: "has_access", ids: [], args: { operation: "write" } }
          : {
              model,
              method: "check_access_rights",
              args: { operation: "write", raise_exception: false },
            }
      const { value } = await session.call(call, options)
      if (value !== true) missing.push(model)
    }
  } catch (error) {
    if (options.signal?.aborted) throw error
    session.log("debug", "The user's rights to write cannot be seen.")
    return []
  }
  const can = missing.length === 0
  return [
    {
      code: "writing",
      ok: true,
      message: can
        ? "The user may write products, categories and stock."
        : `The user may not write ${missing.join(", ")}: edits of the store would be refused there.`,
      remedy: can ? "" : "For write-back, give the user the groups that the guide names.",
    },
  ]
}

/** What this Odoo does to numbers: its digits and its unit of weight are settings. @throws SyncError */
export const probeNormalisers = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<Normalisers> => {
  const variant = await session.fields("product.product", options)
  const quant = await session.fields("stock.quant", options)
  const args = { domain: [], fields: ["weight_uom_name"], limit: 1 }
  const call = { model: "product.template", method: "search_read", args }
  const { value } = variant.has("weight_uom_name")
    ? await session.call(call, options)
    : { value: [] }
  const [row] = Array.isArray(value) ? (value as Row[]) : []
  const weight = variant.get("weight")?.digits ?? null
  const price = variant.get("lst_price")?.digits ?? null
  const quantity = quant.get("quantity")?.digits ?? null
  return {
    ...(weight !== null && {
      "variant.weight": { digits: weight, unit: row ? unitOf(row) : "kg" },
    }),
    ...(price !== null && { "variant.price": { digits: price } }),
    ...(quantity !== null && { "stock.on_hand": { digits: quantity } }),
  }
}
