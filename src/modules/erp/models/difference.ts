import { model } from "@medusajs/framework/utils"

/** A field on which both sides differ and which is left so; there since `created_at`. */
export const ErpDifference = model
  .define("erp_difference", {
    connection_id: model.text(),
    link_id: model.text().primaryKey(),
    field: model.text().primaryKey(),
    entity: model.text(),
    kind: model.enum(["drift", "pending", "conflict"]),
    reason: model.text(),
    message: model.text().nullable(),
    erp_value: model.json().nullable(),
    medusa_value: model.json().nullable(),
  })
  .indexes([
    { on: ["connection_id", "kind", "created_at"] },
    { on: ["connection_id", "kind", "reason"] },
    { on: ["created_at"] },
  ])
