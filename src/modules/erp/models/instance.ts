import { model } from "@medusajs/framework/utils"

/** Health of one Medusa process that takes part in the sync. */
export const ErpInstance = model.define("erp_instance", {
  id: model.text().primaryKey(),
  mode: model.text(),
  host: model.text(),
  started_at: model.dateTime(),
  last_tick_at: model.dateTime().nullable(),
  last_claim_at: model.dateTime().nullable(),
  /** How far its clock was ahead of the database's when it last said that it is alive. */
  clock_ahead_ms: model.float().nullable(),
})
