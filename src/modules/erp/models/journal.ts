import { model } from "@medusajs/framework/utils"

/** Append-only: who changed what, from what to what, by which rule. */
export const ErpJournal = model
  .define("erp_journal", {
    id: model.id({ prefix: "ejrn" }).primaryKey(),
    connection_id: model.text(),
    run_id: model.text().nullable(),
    entity: model.text(),
    erp_id: model.text(),
    medusa_id: model.text().nullable(),
    field: model.text(),
    side: model.enum(["erp", "medusa"]),
    kind: model.text(),
    from_value: model.json().nullable(),
    to_value: model.json().nullable(),
    rule: model.text(),
  })
  .indexes([
    { on: ["connection_id", "entity", "erp_id"] },
    { on: ["medusa_id"] },
    { on: ["created_at"] },
  ])
