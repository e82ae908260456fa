import type { Env } from "../orm/env"
import { createRecords, patchRow, plainCreate, plainWrite, rowsOf } from "../orm/records"
import type { Model } from "../orm/schema"
import { ancestors, descendants, parentPath } from "../orm/trees"
import { idOf, textOf, type JsonObject, type Row } from "../orm/values"

const LOCATION = "stock.location"
const WAREHOUSE = "stock.warehouse"

/** The warehouse above a location, through the warehouse's view location. */
function warehouseOf(env: Env, model: Model, id: number): number | false {
  const above = ancestors(env, model, [id])
  const warehouses = env.table(WAREHOUSE)
  return (
    warehouses.ids.find((warehouse) =>
      above.has(idOf(warehouses.get(warehouse)?.["view_location_id"])),
    ) ?? false
  )
}

/** Copies: the full name of a view does not start with its parent's. */
function fullName(env: Env, row: Row): string {
  const name = textOf(row["name"]) || ""
  const parent = env.row(LOCATION, row["location_id"])
  const above = parent === undefined ? false : textOf(parent["complete_name"])
  return above !== false && row["usage"] !== "view" ? `${above}/${name}` : name
}

/** Stores what is computed of locations and of everything below them. */
function refresh(env: Env, model: Model, ids: readonly number[]): void {
  for (const id of descendants(env, model, ids)) {
    const row = env.row(LOCATION, id)
    if (row === undefined) continue
    patchRow(env, LOCATION, id, {
      complete_name: fullName(env, row),
      parent_path: parentPath(env, model, row),
      warehouse_id: warehouseOf(env, model, id),
    })
  }
}

export function createLocations(env: Env, model: Model, list: readonly JsonObject[]): number[] {
  return list.flatMap((vals) => {
    const ids = plainCreate(env, model, [vals])
    refresh(env, model, ids)
    return ids
  })
}

export function writeLocations(
  env: Env,
  model: Model,
  ids: readonly number[],
  vals: JsonObject,
): void {
  plainWrite(env, model, ids, vals)
  if ("name" in vals || "location_id" in vals || "usage" in vals) refresh(env, model, ids)
}

/** The top under which warehouses hang up to 18; 19 has none. */
function physicalLocations(env: Env): number | false {
  const table = env.table(LOCATION)
  const found = table.ids.find((id) => table.get(id)?.["name"] === "Physical Locations")
  return found ?? false
}

/** Creates warehouses with their locations: a view, the stock, and the docks of longer routes, archived. */
export function createWarehouses(env: Env, model: Model, list: readonly JsonObject[]): number[] {
  const locations = env.model(LOCATION)
  return list.map((vals) => {
    const place = (name: string, location_id: number | false, more: JsonObject = {}): number =>
      createRecords(env, locations, [{ name, location_id, usage: "internal", ...more }])[0] ?? 0
    const view = place(String(vals["code"]), physicalLocations(env), { usage: "view" })
    const stock = place("Stock", view, { replenish_location: true })
    for (const dock of ["Input", "Quality Control", "Output", "Packing Zone"]) {
      place(dock, view, { active: false })
    }
    const [id = 0] = plainCreate(env, model, [
      { ...vals, view_location_id: view, lot_stock_id: stock },
    ])
    refresh(env, locations, [view])
    return id
  })
}

/** Renaming a warehouse's short name renames its view location. */
export function writeWarehouses(
  env: Env,
  model: Model,
  ids: readonly number[],
  vals: JsonObject,
): void {
  plainWrite(env, model, ids, vals)
  const { code } = vals
  if (code === undefined) return
  const views = rowsOf(env, WAREHOUSE, ids).map((row) => idOf(row["view_location_id"]))
  writeLocations(env, env.model(LOCATION), views, { name: code })
}
