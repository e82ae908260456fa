import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { inSavepoint, isLockFailure, query, sqlState, UNIQUE_VIOLATION } from "./database"
import { ownItems, OwnItem } from "./own-items"
import { findHolders, refuseTaken } from "./taken-values"
import { updateRows } from "./update-rows"
import { OpenWrite, ValueBatch } from "./value-batch"

/** Columns of a variant that no two live variants may share. */
export type UniqueField = "sku" | "barcode"

/** How often a batch is tried as a whole when others take its values meanwhile. */
const ROUNDS = 3

/** A locked variant's unique values. */
export interface UniqueRow {
  id: string
  sku: string | null
  barcode: string | null
}

/**
 * Writes SKUs or barcodes of locked variants. A value that another live record holds is refused, alone;
 * values may be swapped within the batch. A SKU goes to the variant's own inventory item too.
 */
export const writeUnique = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  field: UniqueField,
  rows: ReadonlyMap<string, UniqueRow>,
  writes: readonly OpenWrite[],
): Promise<void> => {
  const due = writes.filter((write) => batch.isDue(write, rows.get(write.id)?.[field] ?? null))
  const items = field === "sku" ? await lockItems(tx, batch, due) : new Map<string, OwnItem>()
  const change: UniqueChange = { field, rows, items }
  let open = due.filter((write) => batch.isOpen(write))
  for (let round = 0; round < ROUNDS && open.length > 0; round += 1) {
    open = refuseTaken(batch, change, open, await findHolders(tx, field, open))
    try {
      await inSavepoint(tx, (savepoint) => apply(savepoint, change, open))
      settle(batch, change, open)
      return
    } catch (error) {
      if (isLockFailure(error)) {
        break
      }
      if (sqlState(error) !== UNIQUE_VIOLATION) {
        throw error
      }
    }
  }
  await writeOneByOne(tx, batch, change, open)
}

export interface UniqueChange {
  field: UniqueField
  rows: ReadonlyMap<string, UniqueRow>
  /** The own item of each variant, for SKUs. */
  items: ReadonlyMap<string, OwnItem>
}

const lockItems = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  writes: readonly OpenWrite[],
): Promise<Map<string, OwnItem>> => {
  const { items, busy } = await ownItems(
    tx,
    writes.map((write) => write.id),
  )
  for (const write of writes.filter((entry) => busy.has(entry.id))) {
    batch.settle(write, { outcome: "locked" })
  }
  return items
}

/** Values that change hands are given up first: the unique indexes are checked row by row. */
const apply = async (
  tx: Knex.Transaction,
  { field, rows, items }: UniqueChange,
  writes: readonly OpenWrite[],
): Promise<void> => {
  const wanted = new Set(writes.map((write) => write.to))
  const leaving = writes.filter((write) => {
    const held = rows.get(write.id)?.[field] ?? null
    return held !== null && held !== write.to && wanted.has(held)
  })
  await clear(tx, "product_variant", field, leaving)
  await updateRows(
    tx,
    "product_variant",
    writes.map((write) => ({ id: write.id, set: { [field]: write.to } })),
  )
  const own = writes.flatMap((write) => {
    const item = items.get(write.id)
    return item && item.sku !== write.to ? [{ id: item.id, held: item.sku, to: write.to }] : []
  })
  await clear(
    tx,
    "inventory_item",
    "sku",
    own.filter((item) => item.held !== null && wanted.has(item.held)),
  )
  await updateRows(
    tx,
    "inventory_item",
    own.map((item) => ({ id: item.id, set: { sku: item.to } })),
  )
}

const clear = async (
  tx: Knex.Transaction,
  table: "product_variant" | "inventory_item",
  column: UniqueField,
  records: readonly { id: string }[],
): Promise<void> => {
  if (records.length > 0) {
    await query(tx, `update ${table} set ${column} = null where id = any(?)`, [
      records.map((record) => record.id),
    ])
  }
}

const settle = (batch: ValueBatch, { items }: UniqueChange, writes: readonly OpenWrite[]): void => {
  for (const write of writes) {
    batch.settle(write, { outcome: "written" })
    batch.events.add("variant_updated", [write.id])
    const item = items.get(write.id)
    const renamed = item && item.sku !== write.to
    batch.events.add("item_updated", renamed ? [item.id] : [])
    batch.rows += renamed ? 2 : 1
  }
}

/** The slow way, when another session is just writing one of these values. */
const writeOneByOne = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  change: UniqueChange,
  writes: readonly OpenWrite[],
): Promise<void> => {
  for (const write of writes) {
    const [open] = refuseTaken(batch, change, [write], await findHolders(tx, change.field, [write]))
    if (!open) {
      continue
    }
    try {
      await inSavepoint(tx, (savepoint) => apply(savepoint, change, [open]))
      settle(batch, change, [open])
    } catch (error) {
      if (!isLockFailure(error) && sqlState(error) !== UNIQUE_VIOLATION) {
        throw error
      }
      batch.settle(open, { outcome: "locked" })
    }
  }
}
