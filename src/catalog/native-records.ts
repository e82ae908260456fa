import { toSyncError } from "../sync/errors"
import { FieldValue } from "../sync/values"
import { CatalogEvent } from "./catalog-events"
import { creationError } from "./creation-errors"
import { OpenWrite, ValueBatch } from "./value-batch"
import { isWritable } from "./write-scalars"

const SCALARS = {
  product: ["title", "description", "status"],
  variant: ["title", "weight", "allow_backorder", "sku", "barcode"],
  category: ["name", "is_active"],
} as const

/** The writes of plain columns that are due; the others are settled. */
export const dueScalars = (
  batch: ValueBatch,
  entity: keyof typeof SCALARS,
  record: object,
  writes: readonly OpenWrite[],
): OpenWrite[] =>
  writes.filter(
    (write) =>
      SCALARS[entity].some((field) => field === write.field) &&
      isWritable(batch, write) &&
      batch.isDue(write, valueOf(record, write.field)),
  )

const valueOf = (record: object, field: string): FieldValue => {
  const value: unknown = Object.entries(record).find(([name]) => name === field)?.[1]
  return typeof value === "string" || typeof value === "boolean" ? value : null
}

export const patchOf = (writes: readonly OpenWrite[]): Record<string, FieldValue | number> =>
  Object.fromEntries(
    writes.map(({ field, to }) => [
      field,
      field === "weight" && typeof to === "string" ? Number(to) : to,
    ]),
  )

export const settleGone = (batch: ValueBatch, writes: readonly OpenWrite[]): void => {
  for (const write of writes) {
    batch.settle(write, { outcome: "gone" })
  }
}

/** Runs one service call for these writes; what Medusa refuses is refused, an outage is thrown. */
export const attempt = async (
  batch: ValueBatch,
  writes: readonly OpenWrite[],
  event: CatalogEvent,
  work: () => Promise<unknown>,
): Promise<void> => {
  const [first] = writes
  if (!first) {
    return
  }
  try {
    await work()
  } catch (cause) {
    const error = creationError(cause, { record: first.id, task: "write the record" })
    if (error.kind !== "data") {
      throw toSyncError(error)
    }
    for (const write of writes) {
      batch.settle(write, { outcome: "refused", error })
    }
    return
  }
  for (const write of writes) {
    batch.settle(write, { outcome: "written" })
  }
  batch.rows += 1
  batch.events.add(event, [first.id])
}
