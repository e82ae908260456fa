import { model } from "@medusajs/framework/utils"

/** What ties one ERP record to one Medusa record, with the bases of every synced field. */
export const ErpLink = model
  .define("erp_link", {
    id: model.id({ prefix: "elnk" }).primaryKey(),
    connection_id: model.text(),
    entity: model.text(),
    erp_id: model.text(),
    parent_erp_id: model.text().nullable(),
    medusa_id: model.text(),
    state: model.enum(["creating", "linked", "gone", "tombstone"]),
    base_erp: model.json(),
    base_medusa: model.json(),
    fingerprint: model.text(),
    content_hash: model.json(),
    version: model.json(),
    intents: model.json(),
    replaced: model.json(),
    kept: model.json(),
    owners: model.json(),
    resolutions: model.json(),
    match_key: model.text().nullable(),
    // Both are bigint in the database, which the model language cannot say.
    seq: model.number(),
    stock_seq: model.number(),
    stock_read_at: model.dateTime().nullable(),
    agreed_at: model.dateTime().nullable(),
  })
  .indexes([
    { on: ["connection_id", "entity", "erp_id"], unique: true },
    {
      on: ["connection_id", "entity", "medusa_id"],
      unique: true,
      where: "state <> 'tombstone'",
    },
    { on: ["connection_id", "parent_erp_id"], where: "parent_erp_id is not null" },
    { on: ["medusa_id"] },
    { name: "IDX_erp_link_open_intents", on: ["connection_id"], where: "intents <> '{}'" },
  ])
