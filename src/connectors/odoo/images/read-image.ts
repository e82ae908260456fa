import { createHash } from "node:crypto"
import type { ErpId } from "../../../sync/ids"
import { SyncError } from "../../../sync/errors"
import type { ImageContent, RequestOptions } from "../../contract"
import { orNull } from "../rows"
import type { OdooSession } from "../session"
import { IMAGE_PLACES, placeOf } from "./places"

/**
 * The bytes of one image, over RPC: Odoo's own image addresses answer a placeholder to whoever is not
 * logged in with a session. Null when the record or its image is gone, or out of sale by itself.
 * @throws SyncError
 */
export const readImage = async (
  session: OdooSession,
  productId: ErpId,
  key: string,
  options: RequestOptions,
): Promise<ImageContent | null> => {
  const place = placeOf(Number(productId), key)
  if (place === null) return null
  const { model, field, id } = place
  const { value } = await session.call(
    { model, method: "read", ids: [id], args: { fields: [field, ...(BESIDES[model] ?? [])] } },
    options,
  )
  if (!Array.isArray(value)) throw unreadable(model, field, id)
  // Odoo leaves out a record that is no more.
  const [row] = value as Record<string, unknown>[]
  const content = row === undefined ? null : orNull(row[field])
  if (content === null) return null
  if (!(await isShown(session, model, row ?? {}, productId, options))) return null
  // With `bin_size` somewhere in the way Odoo answers a size instead: "182.43 Kb".
  if (typeof content !== "string" || !BASE64.test(content)) throw unreadable(model, field, id)
  const bytes = Buffer.from(content, "base64")
  return { bytes, checksum: createHash("sha1").update(bytes).digest("hex") }
}

/** What says, beside the picture, whether it is shown: the variant's own state, or whose variant's it is. */
const BESIDES: Readonly<Record<string, readonly string[]>> = {
  [IMAGE_PLACES.variant.model]: ["active"],
  [IMAGE_PLACES.extra.model]: ["product_variant_id"],
}

/** A listing leaves out an archived variant, unless its product is archived as well: so does an answer. */
const isShown = async (
  session: OdooSession,
  model: string,
  row: Record<string, unknown>,
  productId: ErpId,
  options: RequestOptions,
): Promise<boolean> => {
  const isActive = async (of: string, id: number): Promise<boolean> => {
    const call = { model: of, method: "read", ids: [id], args: { fields: ["active"] } }
    const { value } = await session.call(call, options)
    const [found] = Array.isArray(value) ? (value as Record<string, unknown>[]) : []
    return found?.["active"] === true
  }
  const owner = [row["product_variant_id"]].flat()[0]
  const onSale =
    model === IMAGE_PLACES.variant.model
      ? row["active"] === true
      : typeof owner !== "number" || (await isActive(IMAGE_PLACES.variant.model, owner))
  return onSale || !(await isActive(IMAGE_PLACES.template.model, Number(productId)))
}

const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/

const unreadable = (model: string, field: string, id: number): SyncError =>
  new SyncError({
    kind: "transient",
    code: "malformed_image",
    message: `Odoo ${model} ${id}: its ${field} did not come as a picture.`,
    remedy: "It is asked again. If it lasts, a proxy or a customisation alters Odoo's answers.",
  })
