import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { query } from "./database"
import { OpenWrite, ValueBatch } from "./value-batch"

/** A product, and the category or tag that a write gives it or takes away. */
export interface Pair {
  write: OpenWrite
  id: string
}

/**
 * Adds pairs of products and what belongs to them, or takes them out.
 * @param statement takes the products' ids and those of the others, as two arrays
 */
export const writePairs = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  pairs: readonly Pair[],
  statement: string,
): Promise<void> => {
  if (pairs.length === 0) {
    return
  }
  const products = pairs.map(({ write }) => write.id)
  await query(tx, statement, [products, pairs.map(({ id }) => id)])
  for (const { write } of pairs) {
    batch.settle(write, { outcome: "written" })
  }
  batch.rows += pairs.length
  batch.events.add("product_updated", products)
}
