import { z } from "@medusajs/framework/zod"
import { decimalSchema, STREAMS } from "../../../sync/canonical"
import { GUARDED } from "../../../sync/guards"

/** The most rows that one answer holds, and the most ids that one request names. */
export const MOST = 500

/** Which part of a list. */
export const page = {
  limit: z.coerce.number().int().min(1).max(MOST).default(20),
  offset: z.coerce.number().int().min(0).default(0),
}

const RUN_STATES = [
  "queued",
  "awaiting_approval",
  "running",
  "completed",
  "failed",
  "cancelled",
] as const

export const listRunsSchema = z.object({
  ...page,
  connection_id: z.string().optional(),
  state: z.enum(RUN_STATES).optional(),
})
export type ListRuns = z.infer<typeof listRunsSchema>

export const listParkedSchema = z.object({
  ...page,
  connection_id: z.string().optional(),
  reason: z.string().optional(),
  /** Only what was set aside. */
  ignored: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional(),
})
export type ListParked = z.infer<typeof listParkedSchema>

export const listRecordsSchema = z.object({
  entity: z.enum(["product", "variant", "category"]),
  medusa_id: z.string().min(1),
})
export type ListRecords = z.infer<typeof listRecordsSchema>

export const startSyncSchema = z.object({
  /** All streams of the connection when left out. */
  stream: z.enum(STREAMS).optional(),
  mode: z.enum(["delta", "full"]),
})
export type StartSync = z.infer<typeof startSyncSchema>

export const retryParkedSchema = z.object({ ids: z.array(z.string().min(1)).min(1).max(MOST) })
export type RetryParked = z.infer<typeof retryParkedSchema>

/** All that is held back when left out. */
export const approveMassChangeSchema = z.object({
  kind: z.enum(GUARDED).optional(),
  /** The side that would be written. */
  side: z.enum(["erp", "medusa"]).optional(),
})
export type ApproveMassChange = z.infer<typeof approveMassChangeSchema>

export const acknowledgeSchema = z.object({
  demands: z
    .array(
      z.object({
        /** The order's line item in Medusa. */
        line_item_id: z.string().min(1),
        kind: z.enum(["reserved", "issued"]),
        /** In inventory units; the whole line when null or left out. */
        quantity: decimalSchema
          .refine((quantity) => !quantity.startsWith("-"), "quantity is negative")
          .nullish(),
        /** The stock location, where a line is served from several. */
        location_id: z.string().min(1).optional(),
      }),
    )
    .min(1)
    .max(MOST),
})
export type Acknowledge = z.infer<typeof acknowledgeSchema>
