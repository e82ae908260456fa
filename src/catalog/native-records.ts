import { toSyncError } from "../sync/errors"
import { FieldValue, Values } from "../sync/values"
import { asColumn, attributeColumns } from "./attributes"
import { CatalogEvent } from "./catalog-events"
import { creationError } from "./creation-errors"
import { familyOf, keyOf, OpenWrite, ValueBatch } from "./value-batch"
import { isWritable } from "./write-scalars"

const SCALARS: Record<"product" | "variant" | "category", readonly string[]> = {
  product: ["title", "description", "status"],
  variant: ["title", "weight", "allow_backorder", "sku", "barcode"],
  category: ["name", "is_active"],
}

const isAttribute = (entity: keyof typeof SCALARS, field: string): boolean =>
  entity !== "category" &&
  (familyOf(field) === "metadata" || attributeColumns(entity).includes(field))

/** A record as the catalog reads it. */
type RecordLike = { readonly attributes?: Values } & object

/** The writes of plain columns that are due; the others are settled. */
export const dueScalars = (
  batch: ValueBatch,
  entity: keyof typeof SCALARS,
  record: RecordLike,
  writes: readonly OpenWrite[],
): OpenWrite[] =>
  writes.filter(
    (write) =>
      (SCALARS[entity].includes(write.field) || isAttribute(entity, write.field)) &&
      isWritable(batch, write) &&
      batch.isDue(write, valueOf(record, write.field)),
  )

const valueOf = (record: RecordLike, field: string): FieldValue => {
  const value: unknown =
    Object.entries(record).find(([name]) => name === field)?.[1] ?? record.attributes?.[field]
  return typeof value === "string" || typeof value === "boolean" ? value : null
}

/** What a service takes; it removes a key of the metadata that is given an empty text. */
export const patchOf = (
  writes: readonly OpenWrite[],
): Record<string, FieldValue | number | Record<string, FieldValue>> => {
  const keys = writes.filter(({ field }) => familyOf(field) === "metadata")
  const columns = writes.filter(({ field }) => familyOf(field) !== "metadata")
  return {
    ...Object.fromEntries(
      columns.map(({ field, to }) => [
        field,
        field === "weight" && typeof to === "string" ? Number(to) : asColumn(field, to),
      ]),
    ),
    ...(keys.length > 0 && {
      metadata: Object.fromEntries(keys.map(({ field, to }) => [keyOf(field), to ?? ""])),
    }),
  }
}

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
  if (first && (await carriedOut(batch, writes, work))) {
    batch.events.add(event, [first.id])
  }
}

/** The same; whether it was written, for who tells of another record than the writes'. */
export const carriedOut = async (
  batch: ValueBatch,
  writes: readonly OpenWrite[],
  work: () => Promise<unknown>,
): Promise<boolean> => {
  const [first] = writes
  if (!first) {
    return false
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
    return false
  }
  for (const write of writes) {
    batch.settle(write, { outcome: "written" })
  }
  batch.rows += 1
  return true
}
