import { model } from "@medusajs/framework/utils"

/** A field that both sides changed and that waits for a person. */
export const ErpConflict = model
  .define("erp_conflict", {
    id: model.id({ prefix: "ecnf" }).primaryKey(),
    connection_id: model.text(),
    link_id: model.text(),
    field: model.text(),
    erp_value: model.json().nullable(),
    medusa_value: model.json().nullable(),
    state: model.enum(["open", "resolved"]).default("open"),
    resolution: model.text().nullable(),
    resolved_at: model.dateTime().nullable(),
  })
  .indexes([{ on: ["link_id", "field"], unique: true, where: "state = 'open'" }])
