import { SyncError } from "../../../sync/errors"
import { ErpId, erpId } from "../../../sync/ids"
import type { RequestOptions } from "../../contract"
import { KEY_MODULE } from "../capabilities"
import type { OdooSession } from "../session"

/** What an external id may consist of; a dot would begin another part of its name. */
const KEY = /^[\w-]{1,100}$/

/** Models whose records are made under keys of ours. */
export type KeyedModel = "product.template" | "product.product"

const KEYED: readonly unknown[] = ["product.template", "product.product"] satisfies KeyedModel[]

/** The record of a model that an external id of ours names, or null. @throws SyncError */
export const findKey = (
  session: OdooSession,
  model: KeyedModel,
  key: string,
  options: RequestOptions,
): Promise<ErpId | null> => lookUp(session, [model], key, options)

/**
 * Asked of `check_object_reference`, the one method that tells a user without rights to external ids;
 * `load` would find it too, but stamps it.
 */
const lookUp = async (
  session: OdooSession,
  models: readonly unknown[],
  key: string,
  options: RequestOptions,
): Promise<ErpId | null> => {
  if (!KEY.test(key)) throw badKey(key)
  try {
    const { value } = await session.call(
      {
        model: "ir.model.data",
        method: "check_object_reference",
        // Archived ones too.
        args: { module: KEY_MODULE, xml_id: key, context: { active_test: false } },
      },
      options,
    )
    const [model, id] = Array.isArray(value) ? (value as unknown[]) : []
    if (models.includes(model) && typeof id === "number") return erpId(id)
    throw hidden(key)
  } catch (error) {
    if (error instanceof SyncError && /External ID not found/.test(error.message)) return null
    throw error
  }
}

/** Products and variants that exist under keys of ours, untouched. @throws SyncError */
export const findCreated = async (
  session: OdooSession,
  keys: readonly string[],
  options: RequestOptions,
): Promise<ReadonlyMap<string, ErpId>> => {
  const found = new Map<string, ErpId>()
  for (const key of keys) {
    const id = await lookUp(session, KEYED, key, options)
    if (id !== null) found.set(key, id)
  }
  return found
}

const badKey = (key: string): SyncError =>
  new SyncError({
    kind: "bug",
    code: "key_invalid",
    message: `"${key.slice(0, 100)}" cannot be an external id in Odoo.`,
    remedy: "This is a defect of the plugin; please report it.",
  })

const hidden = (key: string): SyncError =>
  new SyncError({
    kind: "data",
    code: "key_hidden",
    message: `Odoo has a record under ${KEY_MODULE}.${key}, but not one that this user may read.`,
    remedy: "Give the product to the connection's company, or delete it in Odoo.",
  })
