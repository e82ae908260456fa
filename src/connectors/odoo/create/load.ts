import { SyncError } from "../../../sync/errors"
import { ErpId, erpId } from "../../../sync/ids"
import type { Creation, CreationOutcome, RequestOptions } from "../../contract"
import { shown } from "../../door"
import type { OdooSession } from "../session"
import type { KeyedModel } from "./keys"
import type { LoadTable } from "./table"

/** Odoo's columns by the field that the engine knows; what is not among them blames the product. */
const FIELDS: Readonly<Record<string, string>> = {
  name: "title",
  description_sale: "description",
  categ_id: "category",
  list_price: "price",
  default_code: "sku",
  barcode: "barcode",
  weight: "weight",
}

/** What Odoo did not like, of which field. */
export interface LoadRefusal {
  field: string
  message: string
}

/**
 * One record through `load`, which creates by external id and answers what it did not like in its
 * messages, under a good status.
 * @throws SyncError
 */
export const loadRecord = async (
  session: OdooSession,
  model: KeyedModel,
  { fields, data }: LoadTable,
  options: RequestOptions,
): Promise<ErpId | LoadRefusal> => {
  const call = { model, method: "load", args: { fields, data } }
  const { value } = await session.call(call, { ...options, write: true })
  const { ids, messages } = (value ?? {}) as { ids?: unknown; messages?: unknown }
  const [id] = Array.isArray(ids) ? (ids as unknown[]) : []
  if (typeof id === "number") return erpId(id)
  const [first] = Array.isArray(messages) ? (messages as Record<string, unknown>[]) : []
  if (first === undefined) throw unreadable(model, value)
  return { field: blamed(first), message: String(first["message"]) }
}

/** One product with its attribute lines. @throws SyncError */
export const loadProduct = async (
  session: OdooSession,
  creation: Creation,
  table: LoadTable,
  options: RequestOptions,
): Promise<ErpId | CreationOutcome> => {
  const loaded = await loadRecord(session, "product.template", table, options)
  if (typeof loaded === "string") return loaded
  const { field, message } = loaded
  return {
    outcome: "invalid",
    field,
    value: shown(valueOf(creation, field)),
    message: `Odoo did not take the new product. It said: ${message}`,
    remedy: "Correct the product in the store as the message says.",
  }
}

const blamed = ({ field, message }: Record<string, unknown>): string => {
  const named = typeof field === "string" ? FIELDS[field] : undefined
  return named ?? (/barcode/i.test(String(message)) ? "barcode" : "*")
}

const valueOf = (creation: Creation, field: string): unknown => {
  const [variant] = creation.variants
  switch (field) {
    case "title":
      return creation.title
    case "description":
      return creation.description
    case "category":
      return creation.category_ids
    case "price":
      return variant?.prices
    case "sku":
    case "barcode":
    case "weight":
      return variant?.[field]
    default:
      return creation.key
  }
}

const unreadable = (model: string, value: unknown): SyncError =>
  new SyncError({
    kind: "transient",
    code: "malformed_page",
    message: `Odoo ${model}.load answered ${shown(value)}.`,
    remedy: "It is looked at again. If it lasts, a proxy or a customisation alters Odoo's answers.",
    outcome_unknown: true,
  })
