import { Database, groupBy, query, queryByIds } from "./database"
import { OpenWrite, ValueBatch } from "./value-batch"
import type { UniqueChange, UniqueField } from "./write-unique"

/** A live record that holds a value. */
export interface Holder {
  value: string
  kind: "variant" | "item"
  id: string
}

/** The live variants, and for SKUs the live inventory items, that hold a value these writes want. */
export const findHolders = async (
  db: Database,
  field: UniqueField,
  writes: readonly OpenWrite[],
): Promise<Holder[]> => {
  const values = writes.flatMap((write) => (typeof write.to === "string" ? [write.to] : []))
  const variants = await queryByIds(values, (chunk) =>
    query<Holder>(
      db,
      `select ${field} as value, 'variant' as kind, id from product_variant
        where ${field} = any(?) and deleted_at is null`,
      [chunk],
    ),
  )
  const items =
    field === "sku"
      ? await queryByIds(values, (chunk) =>
          query<Holder>(
            db,
            `select sku as value, 'item' as kind, id from inventory_item
              where sku = any(?) and deleted_at is null`,
            [chunk],
          ),
        )
      : []
  return [...variants, ...items]
}

/**
 * Refuses the writes whose value stays with another record and returns the rest. Refusing one may keep
 * its own present value taken, hence the loop.
 */
export const refuseTaken = (
  batch: ValueBatch,
  change: UniqueChange,
  writes: readonly OpenWrite[],
  holders: readonly Holder[],
): OpenWrite[] => {
  const byValue = groupBy(holders, (holder) => holder.value)
  let open = [...writes]
  for (;;) {
    const leaving = leavingRecords(change, open)
    const claimed = new Set<string>()
    const kept = open.filter((write) => {
      if (typeof write.to !== "string") {
        return true
      }
      const holder = (byValue.get(write.to) ?? []).find(
        (entry) => !leaving.has(entry.id) && !isHarmless(change, write, entry),
      )
      if (!holder && !claimed.has(write.to)) {
        claimed.add(write.to)
        return true
      }
      refuseDuplicate(batch, change.field, write, holder)
      return false
    })
    if (kept.length === open.length) {
      return kept
    }
    open = kept
  }
}

/** Variants and own items that give up the value they hold now. */
const leavingRecords = ({ field, rows, items }: UniqueChange, writes: OpenWrite[]): Set<string> =>
  new Set(
    writes.flatMap((write) => {
      const held = rows.get(write.id)?.[field] ?? null
      const item = items.get(write.id)
      return [
        ...(held !== null && held !== write.to ? [write.id] : []),
        ...(item && item.sku !== null && item.sku !== write.to ? [item.id] : []),
      ]
    }),
  )

/** The record itself, its own item, or an item when the variant has none to rename. */
const isHarmless = ({ items }: UniqueChange, write: OpenWrite, holder: Holder): boolean => {
  const item = items.get(write.id)
  return holder.kind === "item" ? !item || item.id === holder.id : holder.id === write.id
}

const refuseDuplicate = (
  batch: ValueBatch,
  field: UniqueField,
  write: OpenWrite,
  holder: Holder | undefined,
): void => {
  const name = field === "sku" ? "SKU" : "barcode"
  const where = holder
    ? `the ${holder.kind === "item" ? "inventory item" : "variant"} ${holder.id} has it`
    : "another variant of the same batch has it"
  batch.refuse(write, {
    code: `duplicate_${field}`,
    message: `The ${name} ${String(write.to)} is taken: ${where}.`,
    remedy: `Give every product its own ${name} in the ERP, or change the other record in Medusa.`,
  })
}
