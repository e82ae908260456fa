import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { query } from "./database"
import { withLiveTargets } from "./lock-rows"
import { updateRows } from "./update-rows"
import { OpenWrite, ValueBatch } from "./value-batch"
import type { ScalarRow } from "./write-scalars"

/**
 * Puts locked variants under other products, as they are: with their ids, inventory items, price sets,
 * orders and carts, which Medusa's services, that only make a new variant, would leave behind. The values
 * of the former product's options do not go along: the structure of the new product assigns its own.
 */
export const writeParents = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  rows: ReadonlyMap<string, ScalarRow>,
  writes: readonly OpenWrite[],
): Promise<void> => {
  const due = writes.filter((write) => batch.isDue(write, rows.get(write.id)?.product_id ?? null))
  const moved = await withLiveTargets(tx, batch, "product", due, targetOf, (write) =>
    refuseMissing(batch, write),
  )
  if (moved.length === 0) {
    return
  }
  const ids = moved.map((write) => write.id)
  await query(tx, "delete from product_variant_option where variant_id = any(?)", [ids])
  await updateRows(
    tx,
    "product_variant",
    moved.map((write) => ({ id: write.id, set: { product_id: write.to } })),
  )
  for (const write of moved) {
    batch.settle(write, { outcome: "written" })
  }
  batch.rows += moved.length
  batch.events.add("variant_updated", ids)
  batch.events.add(
    "product_updated",
    moved.flatMap(({ from, to }) => [from, to].filter((id) => typeof id === "string")),
  )
}

const targetOf = ({ to }: OpenWrite): string => String(to)

/** A product that is gone takes nothing in. */
const refuseMissing = (batch: ValueBatch, write: OpenWrite): void =>
  batch.refuse(write, {
    code: "missing_product",
    message: `The product ${targetOf(write)} is not in the store any more.`,
    remedy: "Restore the product in Medusa, or move the variant back in the ERP.",
  })
