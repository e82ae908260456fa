import type { StreamRecords } from "../../sync/canonical"
import { erpId } from "../../sync/ids"
import { admit, Refusal } from "../door"
import { decimalSum } from "../decimal"
import { isKit, Kits, NO_KITS } from "./kits"
import { isTracked, Mapped } from "./map-product"
import { idIn, Row, rowsIn } from "./rows"

export interface Warehouses {
  /** Codes of the warehouses whose stock is read, in order. */
  codes: readonly string[]
  /** Warehouse code by the id of each internal location inside it. */
  locations: ReadonlyMap<number, string>
  /** The location of each warehouse that its stock is counted in, by code. */
  main: ReadonlyMap<string, number>
}

/**
 * A variant's row with its quants as canonical stock: per warehouse the sum over its internal
 * locations, lots, packages and owners. A warehouse without quants holds 0; of a kit it holds what can be
 * made there. Goods that Odoo keeps no stock of have no levels.
 */
export const mapStock = (
  row: Row,
  warehouses: Warehouses,
  kits: Kits = NO_KITS,
): Mapped<StreamRecords["stock"]> => {
  const subject = {
    id: erpId(row.id),
    version: null,
    named: `the stock of the product variant with id ${row.id} in Odoo`,
  }
  const tracked = isTracked(row)
  return admit("stock", subject, () => ({
    id: subject.id,
    product_id: erpId(String(idIn(row["product_tmpl_id"], "product_id"))),
    // Quants vanish and merge without a stamp, so no version covers stock.
    version: null,
    tracked,
    levels: tracked ? levelsOf(row, warehouses, kits) : [],
  }))
}

/** Ids of the locations that a variant's quants lie in; a broken row names none, and is refused later. */
export const locationsIn = (row: Row): number[] => {
  const quants = row["stock_quant_ids"]
  const held = Array.isArray(quants)
    ? quants.map((quant: Row | null) => quant?.["location_id"])
    : []
  return held.filter((id): id is number => typeof id === "number")
}

const levelsOf = (row: Row, warehouses: Warehouses, kits: Kits) =>
  isKit(row) ? kitLevels(row, warehouses, kits) : quantLevels(row, warehouses)

const kitLevels = (row: Row, { codes, locations }: Warehouses, kits: Kits) =>
  codes.map((warehouse) => {
    const empty = ![...locations.values()].includes(warehouse)
    const { quantity, free } =
      kits.get(row.id)?.get(warehouse) ?? (empty ? NOTHING : { quantity: null, free: null })
    return {
      warehouse,
      on_hand: decimalSum([figure(quantity, "qty_available")], null),
      available: decimalSum([figure(free, "free_qty")], null),
    }
  })

const NOTHING = { quantity: 0, free: 0 }

const figure = (value: unknown, field: string): number => {
  if (typeof value === "number" && Number.isFinite(value)) return value
  throw new Refusal("levels", value, `${field} of a kit is not a number`)
}

const quantLevels = (row: Row, { codes, locations }: Warehouses) => {
  const quants = rowsIn(row["stock_quant_ids"], "levels").map((quant) => ({
    warehouse: locations.get(idIn(quant["location_id"], "levels") ?? 0),
    quantity: numberIn(quant, "quantity"),
    reserved: numberIn(quant, "reserved_quantity"),
  }))
  const rounding = (row["uom_id"] as Record<string, unknown> | null)?.["rounding"]
  const step = typeof rounding === "number" ? rounding : null
  return codes.map((warehouse) => {
    const held = quants.filter((quant) => quant.warehouse === warehouse)
    const quantities = held.map(({ quantity }) => quantity)
    const reservations = held.map(({ reserved }) => -reserved)
    return {
      warehouse,
      on_hand: decimalSum(quantities, step),
      available: decimalSum([...quantities, ...reservations], step),
    }
  })
}

const numberIn = (quant: Row, field: string): number => {
  const value = quant[field]
  if (typeof value === "number" && Number.isFinite(value)) return value
  throw new Refusal("levels", value, `${field} of quant ${quant.id} is not a number`)
}
