import { Buffer } from "node:buffer"

import type { Capabilities, Hint, HookAnswer, HookCall, Hooks } from "../contract"
import { erpId } from "../../sync/ids"

/** Odoo sends the chosen fields of one record; more than this is not one of its calls. */
const LARGEST_BODY = 64 * 1024

/**
 * Odoo's "Send Webhook Notification" of an automation rule, which an administrator makes in Odoo. It
 * sends one record per call, several times per save, on 17 even before the commit and of edits that
 * are rolled back; so a call says no more than which record needs a look.
 */
export const odooHooks = ({ hook_refusal: refusal }: Capabilities): Hooks => ({
  receive: (call) => Promise.resolve(receive(call, refusal)),
})

const receive = (call: HookCall, refusal: Capabilities["hook_refusal"]): HookAnswer => {
  const refuse = (reason: string): HookAnswer => ({ accepted: false, ...refusal, reason })
  if (call.method.toUpperCase() !== "POST")
    return refuse(`Odoo calls with POST, not ${call.method}.`)
  if (call.body.byteLength > LARGEST_BODY) {
    return refuse(`The body has ${call.body.byteLength} bytes; Odoo sends ${LARGEST_BODY} at most.`)
  }
  const record = recordIn(call.body)
  if (record === null) return refuse("The body is not a record of Odoo with `_model` and `_id`.")
  const hints = hintsOf(record)
  return hints === null
    ? refuse(`Records of ${record.model.slice(0, 100)} are not synchronized.`)
    : { accepted: true, hints, status: 200, body: "" }
}

interface HookedRecord {
  model: string
  id: number
  fields: Record<string, unknown>
}

const recordIn = (body: Buffer): HookedRecord | null => {
  const fields = parsed(body)
  if (typeof fields !== "object" || fields === null) return null
  const { _model: model, _id: id } = fields as Record<string, unknown>
  if (typeof model !== "string") return null
  const number = idOf(id)
  return number === null ? null : { model, id: number, fields: fields as Record<string, unknown> }
}

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString("utf8"))
  } catch {
    // Not JSON at all.
    return null
  }
}

const idOf = (value: unknown): number | null =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null

/** What needs a look when a record changed; null for a model that nothing depends on. */
const hintsOf = ({ model, id, fields }: HookedRecord): Hint[] | null => {
  const hint = (stream: Hint["stream"], of: number | null): Hint => ({
    stream,
    id: of === null ? null : erpId(of),
  })
  switch (model) {
    case "product.template":
      return [hint("products", id)]
    case "product.product": {
      const product = idOf(fields["product_tmpl_id"])
      return [
        ...(product === null ? [] : [hint("products", product)]),
        hint("prices", id),
        hint("stock", id),
      ]
    }
    case "stock.quant":
      return [hint("stock", idOf(fields["product_id"]))]
    case "product.category":
      return [hint("categories", id)]
    case "product.pricelist.item":
      return [hint("prices", null)]
    case "product.template.attribute.value":
      return [hint("products", null), hint("prices", null)]
    case "product.attribute":
    case "product.attribute.value":
    case "product.template.attribute.line":
      return [hint("products", null)]
    default:
      return null
  }
}
