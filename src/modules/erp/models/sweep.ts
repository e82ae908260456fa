import { model } from "@medusajs/framework/utils"

/** Mark of a record that a sweep has seen in the ERP. */
export const ErpSweep = model.define("erp_sweep", {
  run_id: model.text().primaryKey(),
  entity: model.text().primaryKey(),
  erp_id: model.text().primaryKey(),
})
