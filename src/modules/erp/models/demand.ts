import { model } from "@medusajs/framework/utils"

/** Web demand that the ERP is known to count: an acknowledgement, never a guess. */
export const ErpDemand = model
  .define("erp_demand", {
    connection_id: model.text().primaryKey(),
    line_item_id: model.text().primaryKey(),
    inventory_item_id: model.text().primaryKey(),
    location_id: model.text().primaryKey(),
    /** `reserved` or `issued`. */
    kind: model.text().primaryKey(),
    /** Decimal text in inventory units; null is the whole line. */
    quantity: model.text().nullable(),
    known_at: model.dateTime(),
  })
  .indexes([
    { name: "IDX_erp_demand_pair", on: ["connection_id", "inventory_item_id", "location_id"] },
  ])
