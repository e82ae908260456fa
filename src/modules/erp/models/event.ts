import { model } from "@medusajs/framework/utils"

/** An event of a committed write that is not confirmed as emitted. */
export const ErpEvent = model.define("erp_event", {
  id: model.id({ prefix: "eevt" }).primaryKey(),
  group_id: model.text(),
  name: model.text(),
  data: model.json(),
  /** When it was last handed out for emission. */
  tried_at: model.dateTime().nullable(),
})
