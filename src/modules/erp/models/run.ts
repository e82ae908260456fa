import { model } from "@medusajs/framework/utils"

/** One execution over some streams, with its position; at most one runs per connection and lane. */
export const ErpRun = model
  .define("erp_run", {
    id: model.id({ prefix: "erun" }).primaryKey(),
    connection_id: model.text(),
    kind: model.enum(["full", "delta", "sweep"]),
    lane: model.enum(["interactive", "background"]),
    streams: model.array(),
    stream: model.text().nullable(),
    state: model.enum([
      "queued",
      "awaiting_approval",
      "running",
      "completed",
      "failed",
      "cancelled",
    ]),
    cursor: model.json().nullable(),
    done: model.number().default(0),
    total: model.number().nullable(),
    counters: model.json(),
    cancel_requested: model.boolean().default(false),
    approved: model.boolean().default(false),
    error: model.json().nullable(),
    claims: model.number().default(0),
    lease_owner: model.text().nullable(),
    lease_until: model.dateTime().nullable(),
    started_at: model.dateTime().nullable(),
    stream_started_at: model.dateTime().nullable(),
    finished_at: model.dateTime().nullable(),
  })
  .indexes([
    { on: ["connection_id", "lane"], unique: true, where: "state = 'running'" },
    { on: ["connection_id", "created_at"] },
    { on: ["finished_at"], where: "finished_at is not null" },
  ])
