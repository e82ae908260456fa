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
  /** When edits of the store were let into the ERP; null: they wait. */
  push_approved_at: model.dateTime().nullable(),
  rules_fingerprint: model.text().nullable(),
  /** SHA-256 of the token in the address that the ERP calls. */
  hook_token_hash: model.text().nullable(),
  hook_token_at: model.dateTime().nullable(),
  /** How many calls were accepted, and how many refused for which reason. */
  hook_counters: model.json(),
  /** When the first link was made. */
  linked_at: model.dateTime().nullable(),
})
