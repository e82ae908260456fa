import {
  HIDDEN,
  boolean,
  char,
  datetime,
  float,
  inert,
  many2one,
  metaFields,
  QUANTITY,
  selection,
  type FieldDraft,
} from "../orm/fields"
import type { OdooVersion, Selection } from "../orm/schema"
import { related, templateOf, TRACKING, USAGES } from "./stock-models"

const MOVE_STATES: Selection = [
  ["draft", "New"],
  ["waiting", "Waiting Another Move"],
  ["confirmed", "Waiting"],
  ["partially_available", "Partially Available"],
  ["assigned", "Available"],
  ["done", "Done"],
  ["cancel", "Cancelled"],
]

/** The fields of `stock.move.line`: done lines are only ever added, they survive when quants vanish. */
export function moveLineFields(version: OdooVersion): FieldDraft[] {
  const usage = (field: string) =>
    related(version, (env, row) => env.row("stock.location", row[field])?.["usage"] ?? false)
  return [
    ...metaFields(),
    char("display_name", "Display Name", {
      ...HIDDEN,
      searchable: version >= 18,
      compute: (_env, row) => `stock.move.line,${row.id}`,
    }),
    many2one("product_id", "Product", "product.product"),
    many2one("location_id", "From", "stock.location", { required: true }),
    many2one("location_dest_id", "To", "stock.location", { required: true }),
    many2one("product_uom_id", "Unit of Measure", "uom.uom", { required: true, default: 1 }),
    float("quantity", "Quantity", QUANTITY),
    float("quantity_product_uom", "Quantity in Product UoM", { ...QUANTITY, readonly: true }),
    selection("state", "Status", MOVE_STATES, { readonly: true, default: "draft" }),
    datetime("date", "Date", { required: true, default: (env) => env.tx.now }),
    char("reference", "Reference"),
    boolean("picked", "Picked"),
    many2one("company_id", "Company", "res.company", { readonly: true, default: 1 }),
    many2one("lot_id", "Lot/Serial Number", "stock.lot"),
    char("lot_name", "Lot/Serial Number Name"),
    selection("location_usage", "Source Location Type", USAGES, usage("location_id")),
    selection(
      "location_dest_usage",
      "Destination Location Type",
      USAGES,
      usage("location_dest_id"),
    ),
    selection("tracking", "Product with Tracking", TRACKING, {
      ...related(version, (env, row) => templateOf(env, row)?.["tracking"] ?? false),
    }),
    ...inert(`
      consume_line_ids m2m>stock.move.line stored
      description_picking text
      is_entire_pack boolean stored 19+
      is_inventory boolean ro
      is_locked boolean ro
      lots_visible boolean ro
      move_id m2o>stock.move stored
      allowed_uom_ids m2m>uom.uom ro 19+
      move_partner_id m2o>res.partner ro 19+
      origin char ro
      package_history_id m2o>stock.package.history stored 19+
      picking_location_dest_id m2o>stock.location ro
      picking_location_id m2o>stock.location ro
      picking_type_entire_packs boolean ro -18
      picking_type_use_create_lots boolean ro
      picking_type_use_existing_lots boolean ro
      product_packaging_qty float ro -18
      product_uom_category_id m2o>uom.category ro -18
      result_package_dest_name char ro 19+
      scrap_id m2o>stock.scrap ro 19+
      owner_id m2o>res.partner stored
      package_id m2o>stock.package stored
      package_level_id m2o>stock.package_level stored -18
      picking_code selection=incoming,outgoing,internal ro
      picking_id m2o>stock.picking stored
      picking_partner_id m2o>res.partner ro
      picking_type_id m2o>stock.picking.type ro
      produce_line_ids m2m>stock.move.line stored
      product_category_name char ro
      quant_id m2o>stock.quant
      result_package_id m2o>stock.package stored
      scheduled_date datetime ro 18+
    `),
  ]
}
