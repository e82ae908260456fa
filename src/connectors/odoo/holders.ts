import { erpId } from "../../sync/ids"
import type { KeyHolder, MatchKey, RequestOptions } from "../contract"
import { MAX_READ_BATCH } from "./defaults"
import { after, Domain, filterDomain } from "./domains"
import { Row } from "./rows"
import type { OdooSession } from "./session"

const TEMPLATE = "product_tmpl_id"
const FIELD: Readonly<Record<MatchKey, string>> = { sku: "default_code", barcode: "barcode" }

/**
 * Variants in the connection's scope, archived ones left out, that hold these keys: at most two of each
 * key, which is enough to know that it repeats.
 * @throws SyncError
 */
export const findHolders = async (
  session: OdooSession,
  by: MatchKey,
  values: readonly string[],
  options: RequestOptions,
): Promise<ReadonlyMap<string, KeyHolder[]>> => {
  const found = new Map<string, KeyHolder[]>()
  const field = FIELD[by]
  for (let start = 0; start < values.length; start += MAX_READ_BATCH) {
    let open = values.slice(start, start + MAX_READ_BATCH)
    let last = 0
    while (open.length > 0) {
      const limit = 2 * open.length
      const domain: Domain = [
        ["active", "=", true],
        ...filterDomain(session.settings.filter, "product_tmpl_id."),
        [field, "in", open],
        after(last),
      ]
      const args = { domain, fields: [field, TEMPLATE], order: "id", limit }
      const call = { model: "product.product", method: "search_read", args }
      const { value } = await session.call(call, options)
      const rows = Array.isArray(value) ? (value as Row[]) : []
      for (const row of rows) {
        const key = String(row[field])
        const held = found.get(key) ?? []
        const [product] = row[TEMPLATE] as [id: number, name: string]
        if (held.length < 2) {
          found.set(key, [...held, { variant_id: erpId(row.id), product_id: erpId(product) }])
        }
        last = row.id
      }
      // A full page leaves at least one key that is known to repeat: it is not asked for again.
      open = rows.length < limit ? [] : open.filter((key) => (found.get(key)?.length ?? 0) < 2)
    }
  }
  return found
}
