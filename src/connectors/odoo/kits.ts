import type { RequestOptions } from "../contract"
import { type Domain, WITH_ARCHIVED } from "./domains"
import type { Warehouses } from "./map-stock"
import { readAll } from "./pricelists/read-all"
import type { Row } from "./rows"
import type { OdooSession } from "./session"
import type { Fields } from "./specifications"

/** Only a database with the Manufacturing app has it. */
export const KIT_FIELD = "is_kits"

export const isKit = (row: Row): boolean => row[KIT_FIELD] === true

/** What can be made of a kit's components, as Odoo computed it. */
export interface KitFigures {
  quantity: unknown
  free: unknown
}

/** By variant, and by the warehouse's code. */
export type Kits = ReadonlyMap<number, ReadonlyMap<string, KitFigures>>

export const NO_KITS: Kits = new Map()

/**
 * Figures of the kits among these variants, one request a warehouse. A kit (a bill of materials of that
 * type) has no stock of its own: Odoo computes how many could be made of what its components have in the
 * very locations that other goods are summed over.
 * @throws SyncError
 */
export const readKits = async (
  session: OdooSession,
  rows: readonly Row[],
  warehouses: Warehouses,
  options: RequestOptions,
): Promise<Kits> => {
  const ids = rows.filter(isKit).map(({ id }) => id)
  const kits = new Map(ids.map((id) => [id, new Map<string, KitFigures>()]))
  if (ids.length === 0) return kits
  for (const code of warehouses.codes) {
    const location = [...warehouses.locations].flatMap(([id, held]) => (held === code ? [id] : []))
    if (location.length === 0) continue
    const args = {
      domain: [WITH_ARCHIVED, ["id", "in", ids]],
      fields: ["qty_available", "free_qty"],
      order: "id",
      context: { location },
    }
    const call = { model: "product.product", method: "search_read", args }
    const { value } = await session.call(call, options)
    for (const row of Array.isArray(value) ? (value as Row[]) : []) {
      const { qty_available: quantity, free_qty: free } = row
      kits.get(row.id)?.set(code, { quantity, free })
    }
  }
  return kits
}

/**
 * All kits: what a component's stock does to them no stamp of theirs tells, so that a delta of stock looks
 * at each of them.
 * @throws SyncError
 */
export const kitIds = async (
  session: OdooSession,
  fields: Fields,
  options: RequestOptions,
): Promise<number[]> => {
  if (!fields.has(KIT_FIELD)) return []
  const domain: Domain = [WITH_ARCHIVED, [KIT_FIELD, "=", true]]
  const { rows } = await readAll(session, "product.product", domain, {}, options)
  return rows.map(({ id }) => id)
}
