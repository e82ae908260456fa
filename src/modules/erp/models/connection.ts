import { model } from "@medusajs/framework/utils"

/** One ERP instance and company, as configured; the row outlives its options. */
export const ErpConnection = model.define("erp_connection", {
  id: model.text().primaryKey(),
  erp: model.text(),
  state: model.enum(["active", "paused"]).default("active"),
  reason: model.json().nullable(),
  identity: model.json().nullable(),
  check: model.json().nullable(),
  checked_at: model.dateTime().nullable(),
  approved_at: model.dateTime().nullable(),
  /** Until when destructive changes beyond the guard may pass. */
  changes_approved_until: model.dateTime().nullable(),
  /** When the first link was made. */
  linked_at: model.dateTime().nullable(),
})
