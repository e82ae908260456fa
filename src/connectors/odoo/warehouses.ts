import { SyncError } from "../../sync/errors"
import type { RequestOptions } from "../contract"
import type { Warehouses } from "./map-stock"
import { idIn, Row } from "./rows"
import type { OdooSession } from "./session"

export interface Warehouse {
  id: number
  code: string
  name: string
  /** The location that all of the warehouse's locations lie under. */
  view: number
  /** Where its stock lies unless it has shelves of its own. */
  stock: number
}

/** The company's warehouses, by code. */
export const listWarehouses = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<Warehouse[]> => {
  const { company } = await session.place(options)
  const { value } = await session.call(
    {
      model: "stock.warehouse",
      method: "search_read",
      args: {
        domain: [["company_id", "=", company.id]],
        fields: ["code", "name", "view_location_id", "lot_stock_id"],
        order: "id",
        load: null,
      },
    },
    options,
  )
  return (value as Row[]).map((row) => ({
    id: row.id,
    code: String(row["code"]),
    name: String(row["name"]),
    view: idIn(row["view_location_id"], "view_location_id") ?? 0,
    stock: idIn(row["lot_stock_id"], "lot_stock_id") ?? 0,
  }))
}

/**
 * Where stock lies, kept while the connector lives: asked for when first needed, and again when a
 * quant names a location made since.
 */
export class StockPlaces {
  readonly #session: OdooSession
  #known: Promise<Places> | null = null

  constructor(session: OdooSession) {
    this.#session = session
  }

  /** @throws SyncError `config` when the settings name a warehouse that there is not */
  async load(options: RequestOptions): Promise<Warehouses> {
    return (await this.#places(options)).warehouses
  }

  /** The same, with all of the given locations in it that Odoo has. */
  async covering(locations: ReadonlySet<number>, options: RequestOptions): Promise<Warehouses> {
    const known = await this.#places(options)
    if ([...locations].every((id) => known.seen.has(id))) return known.warehouses
    this.#known = null
    const fresh = await this.#places(options)
    // What even a fresh answer does not name is in no warehouse of this company.
    for (const id of locations) fresh.seen.add(id)
    return fresh.warehouses
  }

  #places(options: RequestOptions): Promise<Places> {
    this.#known ??= readPlaces(this.#session, options).catch((error: unknown) => {
      this.#known = null
      throw error
    })
    return this.#known
  }
}

interface Places {
  warehouses: Warehouses
  /** Every location known of, those outside the warehouses too. */
  seen: Set<number>
}

const readPlaces = async (session: OdooSession, options: RequestOptions): Promise<Places> => {
  const all = await listWarehouses(session, options)
  const wanted = session.settings.warehouses ?? all.map(({ code }) => code)
  const missing = wanted.filter((code) => !all.some((warehouse) => warehouse.code === code))
  if (missing.length > 0) throw noSuchWarehouse(missing, all)
  const chosen = all.filter(({ code }) => wanted.includes(code))
  const { value } = await session.call(
    {
      model: "stock.location",
      method: "search_read",
      // Archived ones too, since quants may still lie there.
      args: {
        domain: [["active", "in", [true, false]]],
        fields: ["parent_path", "usage"],
        order: "id",
      },
    },
    options,
  )
  const rows = value as Row[]
  const codeOfView = new Map(chosen.map(({ view, code }) => [String(view), code]))
  const locations = rows.flatMap(({ id, usage, parent_path: path }) => {
    // The innermost view wins: a warehouse may lie inside another's.
    const steps = String(path).split("/")
    const code = codeOfView.get(steps.findLast((step) => codeOfView.has(step)) ?? "")
    return usage !== "internal" || code === undefined ? [] : [[id, code] as const]
  })
  return {
    warehouses: {
      codes: chosen.map(({ code }) => code),
      locations: new Map(locations),
      main: new Map(chosen.map(({ code, stock }) => [code, stock])),
    },
    seen: new Set(rows.map(({ id }) => id)),
  }
}

const noSuchWarehouse = (missing: readonly string[], all: readonly Warehouse[]): SyncError =>
  new SyncError({
    kind: "config",
    code: "warehouse_unknown",
    message: `Odoo has no warehouse with code ${missing.join(", ")}; there are: ${all.map(({ code }) => code).join(", ")}.`,
    remedy: "Correct `warehouses`: the short names under Inventory, Configuration, Warehouses.",
    scope: "stream",
  })
