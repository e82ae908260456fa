import type { Env } from "../orm/env"
import {
  boolean,
  char,
  date,
  datetime,
  float,
  inert,
  integer,
  many2many,
  many2one,
  metaFields,
  one2many,
  QUANTITY,
  selection,
  type FieldDraft,
  HIDDEN,
} from "../orm/fields"
import { roundDigits } from "../orm/floats"
import type { FieldOptions, OdooVersion, Selection } from "../orm/schema"
import { numberOf, textOf, type Row, type Value } from "../orm/values"
import { isOutdated } from "./stock-counts"

export const USAGES: Selection = [
  ["supplier", "Vendor Location"],
  ["view", "View"],
  ["internal", "Internal Location"],
  ["customer", "Customer Location"],
  ["inventory", "Inventory Loss"],
  ["production", "Production"],
  ["transit", "Transit Location"],
]

/** A value of the product or its template, shown on stock rows; sortable since 18. */
export function related(
  version: OdooVersion,
  compute: (env: Env, row: Row) => Value,
): FieldOptions {
  return { store: false, readonly: true, searchable: true, sortable: version >= 18, compute }
}

function productOf(env: Env, row: Row): Row | undefined {
  return env.row("product.product", row["product_id"])
}

export function templateOf(env: Env, row: Row): Row | undefined {
  return env.row("product.template", productOf(env, row)?.["product_tmpl_id"])
}

export const TRACKING: Selection = [
  ["serial", "By Unique Serial Number"],
  ["lot", "By Lots"],
  ["none", "By Quantity"],
]

export function quantFields(version: OdooVersion): FieldDraft[] {
  const managers = "stock.group_stock_manager"
  return [
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      searchable: version >= 18,
      compute: quantName,
    }),
    many2one("product_id", "Product", "product.product", { required: true }),
    many2one("location_id", "Location", "stock.location", { required: true }),
    many2one("lot_id", "Lot/Serial Number", "stock.lot"),
    many2one("package_id", "Package", version >= 19 ? "stock.package" : "stock.quant.package"),
    many2one("owner_id", "Owner", "res.partner"),
    many2one("company_id", "Company", "res.company", { readonly: true, default: 1 }),
    float("quantity", "Quantity", { ...QUANTITY, readonly: true }),
    float("reserved_quantity", "Reserved Quantity", { ...QUANTITY, readonly: true }),
    float("available_quantity", "Available Quantity", {
      ...QUANTITY,
      ...HIDDEN,
      compute: (_env, row) =>
        roundDigits(numberOf(row["quantity"]) - numberOf(row["reserved_quantity"]), 2),
    }),
    float("inventory_quantity", "Counted Quantity", QUANTITY),
    float("inventory_quantity_auto_apply", "Inventoried Quantity", {
      ...QUANTITY,
      ...HIDDEN,
      readonly: false,
      groups: managers,
      compute: (_env, row) => numberOf(row["quantity"]),
    }),
    float("inventory_diff_quantity", "Difference", { ...QUANTITY, readonly: true }),
    boolean("inventory_quantity_set", "Inventory Quantity Set"),
    boolean("is_outdated", "Quantity has been moved since last count", {
      ...HIDDEN,
      searchable: true,
      compute: (_env, row) => isOutdated(row),
    }),
    date("inventory_date", "Scheduled"),
    datetime("in_date", "Incoming Date", { readonly: true, default: (env) => env.tx.now }),
    many2one("user_id", "User", "res.users"),
    many2one("product_tmpl_id", "Product Template", "product.template", {
      ...related(version, (env, row) => productOf(env, row)?.["product_tmpl_id"] ?? false),
    }),
    many2one("product_uom_id", "Unit", "uom.uom", {
      ...related(version, (env, row) => templateOf(env, row)?.["uom_id"] ?? false),
    }),
    many2one("product_categ_id", "Product Category", "product.category", {
      ...related(version, (env, row) => templateOf(env, row)?.["categ_id"] ?? false),
    }),
    selection("tracking", "Tracking", TRACKING, {
      ...related(version, (env, row) => templateOf(env, row)?.["tracking"] ?? false),
    }),
    // Copies: a quant can be sorted and grouped by its warehouse since 18, not on 17.
    many2one("warehouse_id", "Warehouse", "stock.warehouse", {
      ...related(
        version,
        (env, row) => env.row("stock.location", row["location_id"])?.["warehouse_id"] ?? false,
      ),
    }),
    boolean("on_hand", "On Hand", { ...HIDDEN, searchable: true, compute: () => true }),
    ...inert(`
      accounting_date date stored
      cost_method selection=standard,fifo,average ro
      currency_id m2o>res.currency ro
      cyclic_inventory_frequency integer ro
      is_favorite boolean ro 18+
      last_count_date date ro
      lot_properties properties ro
      priority selection=0,1 ro -17
      sn_duplicated boolean ro
      storage_category_id m2o>stock.storage.category ro
      value monetary ro
    `),
  ]
}

export function quantName(env: Env, row: Row): string | false {
  return textOf(env.row("stock.location", row["location_id"])?.["complete_name"])
}

export function warehouseFields(version: OdooVersion): FieldDraft[] {
  return [
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      searchable: version >= 18,
      compute: (_env, row) => textOf(row["name"]),
    }),
    char("name", "Warehouse", { required: true }),
    char("code", "Short Name", { required: true }),
    boolean("active", "Active", { default: true }),
    integer("sequence", "Sequence", { default: 10 }),
    many2one("company_id", "Company", "res.company", { readonly: true, default: 1 }),
    many2one("view_location_id", "View Location", "stock.location", { required: true }),
    many2one("lot_stock_id", "Location Stock", "stock.location", { required: true }),
    ...inert(`
      delivery_route_id m2o>stock.route stored
      delivery_steps selection=ship_only,pick_ship,pick_pack_ship stored
      crossdock_route_id m2o>stock.route stored -18
      in_type_id m2o>stock.picking.type stored
      mto_pull_id m2o>stock.rule stored
      pack_type_id m2o>stock.picking.type stored
      pick_type_id m2o>stock.picking.type stored
      qc_type_id m2o>stock.picking.type stored 18+
      store_type_id m2o>stock.picking.type stored 18+
      xdock_type_id m2o>stock.picking.type stored 18+
      int_type_id m2o>stock.picking.type stored
      out_type_id m2o>stock.picking.type stored
      partner_id m2o>res.partner stored
      reception_route_id m2o>stock.route stored
      reception_steps selection=one_step,two_steps,three_steps stored
      resupply_route_ids o2m>stock.route stored
      resupply_wh_ids m2m>stock.warehouse stored
      route_ids m2m>stock.route stored
      wh_input_stock_loc_id m2o>stock.location stored
      wh_output_stock_loc_id m2o>stock.location stored
      wh_pack_stock_loc_id m2o>stock.location stored
      wh_qc_stock_loc_id m2o>stock.location stored
    `),
  ]
}

export function locationFields(version: OdooVersion): FieldDraft[] {
  return [
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      searchable: version >= 18,
      compute: (_env, row) => textOf(row["complete_name"]),
    }),
    char("name", "Location Name", { required: true }),
    char("complete_name", "Full Location Name", { readonly: true }),
    boolean("active", "Active", { default: true }),
    selection("usage", "Location Type", USAGES, { required: true, default: "internal" }),
    many2one("location_id", "Parent Location", "stock.location"),
    one2many("child_ids", "Contains", "stock.location", "location_id"),
    many2many("child_internal_location_ids", "Internal locations", "stock.location", {
      ...HIDDEN,
      compute: () => [],
    }),
    char("parent_path", "Parent Path"),
    many2one("company_id", "Company", "res.company", { default: 1 }),
    many2one("warehouse_id", "Warehouse", "stock.warehouse", { readonly: true }),
    char("barcode", "Barcode"),
    // The flag for scrap locations is gone in 19.
    boolean("scrap_location", "Is a Scrap Location?", { until: 18 }),
    boolean("return_location", "Is a Return Location?", { until: 17 }),
    boolean("replenish_location", "Replenishments"),
    date("last_inventory_date", "Last Inventory", { readonly: true }),
    date("next_inventory_date", "Next Expected", { readonly: true }),
    one2many("quant_ids", "Quants", "stock.quant", "location_id"),
    ...inert(`
      comment html stored -18
      cyclic_inventory_frequency integer stored
      forecast_weight float ro
      incoming_move_line_ids o2m>stock.move.line stored
      outgoing_move_line_ids o2m>stock.move.line stored
      valuation_account_id m2o>account.account stored 19+
      valuation_in_account_id m2o>account.account stored -18
      valuation_out_account_id m2o>account.account stored -18
      is_empty boolean ro 18+
      is_valued_external boolean ro 19+
      is_valued_internal boolean ro 19+
      net_weight float ro
      posx integer stored -18
      posy integer stored -18
      posz integer stored -18
      putaway_rule_ids o2m>stock.putaway.rule stored
      removal_strategy_id m2o>product.removal stored
      storage_category_id m2o>stock.storage.category stored
      warehouse_view_ids o2m>stock.warehouse stored
    `),
  ]
}
