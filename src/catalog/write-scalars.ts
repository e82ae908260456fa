import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { FieldValue } from "../sync/values"
import { CatalogEvent } from "./catalog-events"
import { RowPatch, updateRows, WritableTable } from "./update-rows"
import { OpenWrite, ValueBatch } from "./value-batch"

/** A locked row with the columns that may be written. */
export interface ScalarRow {
  id: string
  [column: string]: FieldValue
}

/** Columns that Medusa needs filled. */
const REQUIRED = new Set(["title", "name", "status", "is_active", "allow_backorder"])

/** Writes the due plain columns of locked rows. */
export const writeScalars = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  table: WritableTable,
  event: CatalogEvent,
  rows: ReadonlyMap<string, ScalarRow>,
  writes: readonly OpenWrite[],
): Promise<void> => {
  const patches = new Map<string, RowPatch>()
  for (const write of writes) {
    const row = rows.get(write.id)
    if (!row || !isWritable(batch, write) || !batch.isDue(write, row[write.field] ?? null)) {
      continue
    }
    const patch = patches.get(write.id) ?? { id: write.id, set: {} }
    patch.set[write.field] = write.to
    patches.set(write.id, patch)
    batch.settle(write, { outcome: "written" })
  }
  await updateRows(tx, table, [...patches.values()])
  batch.rows += patches.size
  batch.events.add(event, patches.keys())
}

/** Refuses a blank where Medusa needs a value. */
export const isWritable = (batch: ValueBatch, write: OpenWrite): boolean => {
  if (write.to !== null || !REQUIRED.has(write.field)) {
    return true
  }
  batch.refuse(write, {
    code: "required_field",
    message: `Medusa does not allow an empty ${write.field}.`,
    remedy: "Fill the field in the ERP, or let Medusa own it.",
  })
  return false
}
