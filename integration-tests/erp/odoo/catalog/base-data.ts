import type { Accounts } from "../accounts"
import type { Env } from "../orm/env"
import { createRecords } from "../orm/records"
import { idOf, type Json, type JsonObject } from "../orm/values"

/** Ids of what every database has. */
export interface BaseData {
  readonly warehouses: readonly Warehouse[]
  readonly categories: readonly number[]
}

export interface Warehouse {
  readonly id: number
  readonly stock: number
  /** The stock location and its shelves. */
  readonly places: readonly number[]
}

const MODULES: Readonly<Record<string, string>> = {
  base: "installed",
  product: "installed",
  stock: "installed",
  sale_management: "installed",
  base_automation: "installed",
  website_sale: "uninstalled",
  mrp: "uninstalled",
}

function make(env: Env, model: string, vals: JsonObject): number {
  return createRecords(env, env.model(model), [vals])[0] ?? 0
}

function makeAt(env: Env, model: string, id: number, vals: JsonObject): void {
  const table = env.table(model)
  const last = table.ids[table.ids.length - 1] ?? 0
  if (id > last + 1) table.skipIds(id - last - 1)
  make(env, model, vals)
}

/** Copies: up to 18 places hang below "Physical", "Partners" and "Virtual Locations"; 19 has no such tops. */
function virtualLocations(env: Env): void {
  const old = env.version < 19
  const place = (name: string, usage: string, parent: number, company: Json): number =>
    make(env, "stock.location", {
      name,
      usage,
      location_id: parent || false,
      company_id: company,
    })
  const top = (name: string): number => (old ? place(name, "view", 0, false) : 0)
  const physical = top("Physical Locations")
  const partners = top("Partners")
  const virtual = top("Virtual Locations")
  place("Vendors", "supplier", partners, false)
  place("Customers", "customer", partners, false)
  place("Inter-company transit", "transit", physical, false)
  place("Inventory adjustment", "inventory", virtual, 1)
  place("Production", "production", virtual, 1)
}

function warehouse(env: Env, name: string, code: string, shelves: number): Warehouse {
  const id = make(env, "stock.warehouse", { name, code })
  const stock = idOf(env.row("stock.warehouse", id)?.["lot_stock_id"])
  const places = Array.from({ length: shelves }, (_, at) =>
    make(env, "stock.location", { name: `Shelf ${at + 1}`, location_id: stock }),
  )
  return { id, stock, places: [stock, ...places] }
}

function units(env: Env): void {
  const modern = env.version >= 19
  const unit = (name: string, factor: number, reference: Json) =>
    make(env, "uom.uom", {
      name,
      factor,
      ...(modern ? { relative_factor: factor, relative_uom_id: reference } : {}),
    })
  unit("Units", 1, false)
  unit(modern ? "Pack of 6" : "Dozens", modern ? 6 : 1 / 12, 1)
  unit("kg", 1, false)
  unit("m", 1, false)
}

function people(env: Env, accounts: Accounts): void {
  makeAt(env, "res.users", 1, { name: "OdooBot", login: "__system__", active: false })
  for (const { uid, name, login } of accounts.all) makeAt(env, "res.users", uid, { name, login })
}

/** The first categories of a new database differ: "Goods" on 19, "All" before. */
function categories(env: Env): number[] {
  const names = env.version >= 19 ? ["Goods", "Expenses", "Services"] : ["All"]
  return names.map((name) => make(env, "product.category", { name }))
}

/** Company, currencies, languages, users, units, warehouses: what a database has before its catalog. */
export function createBaseData(env: Env, accounts: Accounts): BaseData {
  make(env, "res.currency", { name: "USD", symbol: "$", full_name: "United States dollar" })
  make(env, "res.currency", { name: "EUR", symbol: "€", full_name: "Euro" })
  make(env, "res.company", { name: "My Company", currency_id: 1 })
  people(env, accounts)
  make(env, "res.lang", { name: "English (US)", code: "en_US", iso_code: "en", active: true })
  make(env, "res.lang", { name: "German / Deutsch", code: "de_DE", iso_code: "de", active: true })
  make(env, "res.lang", { name: "French / Français", code: "fr_FR", iso_code: "fr", active: true })
  make(env, "res.lang", { name: "Spanish / Español", code: "es_ES", iso_code: "es", active: false })
  for (const [name, state] of Object.entries(MODULES)) {
    const installed = state === "installed" ? `${env.version}.0.1.0` : false
    make(env, "ir.module.module", { name, shortdesc: name, state, latest_version: installed })
  }
  make(env, "account.tax", { name: "15%", amount: 15 })
  make(env, "account.tax", { name: "15% incl.", amount: 15, price_include: true })
  units(env)
  virtualLocations(env)
  const warehouses = [warehouse(env, "Main warehouse", "WH", 2), warehouse(env, "Outlet", "WH2", 1)]
  return { warehouses, categories: categories(env) }
}
