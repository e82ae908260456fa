import { model } from "@medusajs/framework/utils"

/** A record and field that cannot be synced now; `*` is the whole record. */
export const ErpParked = model
  .define("erp_parked", {
    id: model.id({ prefix: "eprk" }).primaryKey(),
    connection_id: model.text(),
    stream: model.text(),
    entity: model.text(),
    erp_id: model.text(),
    field: model.text(),
    /** The key of the dirty set under which the record is looked at again. */
    key: model.text(),
    reason: model.text(),
    message: model.text(),
    value: model.text().nullable(),
    remedy: model.text(),
    version: model.text().nullable(),
    waits_for_entity: model.text().nullable(),
    waits_for_erp_id: model.text().nullable(),
    looked_at: model.dateTime(),
    /** When a person set it aside; until the record changes. */
    ignored_at: model.dateTime().nullable(),
  })
  .indexes([
    {
      name: "IDX_erp_parked_record_unique",
      on: ["connection_id", "stream", "entity", "erp_id", "field"],
      unique: true,
    },
    {
      name: "IDX_erp_parked_waits_for",
      on: ["connection_id", "waits_for_entity", "waits_for_erp_id"],
      where: "waits_for_erp_id is not null",
    },
    { on: ["connection_id", "looked_at"] },
  ])
