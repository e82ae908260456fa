import { model } from "@medusajs/framework/utils"

/** Where the pull of a stream stands; opaque to all but the connector. */
export const ErpCursor = model.define("erp_cursor", {
  connection_id: model.text().primaryKey(),
  stream: model.text().primaryKey(),
  value: model.json(),
})
