import { model } from "@medusajs/framework/utils"

/** A key that needs a look. Its generation moves with every mark, so that no mark is lost. */
export const ErpDirty = model.define("erp_dirty", {
  connection_id: model.text().primaryKey(),
  stream: model.text().primaryKey(),
  erp_id: model.text().primaryKey(),
  generation: model.number(),
  due_at: model.dateTime(),
  reason: model.text(),
  claims: model.number().default(0),
  losses: model.number().default(0),
  lease_owner: model.text().nullable(),
  lease_until: model.dateTime().nullable(),
})
