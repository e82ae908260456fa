import { ValueWrite } from "../engine/ports"
import { CatalogContext } from "./context"
import { writeNativeCategories, writeNativeProducts } from "./native-products"
import { writeNativeVariants } from "./native-variants"
import { ValueBatch } from "./value-batch"
import type { WrittenValues } from "./write-values"

/**
 * The writer for a Medusa whose tables are not those that were tested: reads, compares, and writes
 * through Medusa's services, record by record. An edit that falls between the reading and the writing
 * of a record (some milliseconds) is overwritten, nothing is locked, and what is written stands even
 * if the ledger's transaction is rolled back: the next plan finds it.
 */
export const writeValuesNatively = async (
  context: CatalogContext,
  writes: readonly ValueWrite[],
): Promise<WrittenValues> => {
  const batch = new ValueBatch(writes)
  await writeNativeProducts(context, batch)
  await writeNativeVariants(context, batch)
  await writeNativeCategories(context, batch)
  // The services told of the rows themselves; the workflows that would have told of records did not run.
  return { outcomes: batch.outcomes, events: batch.events.toWorkflowEvents(), writes: batch.rows }
}
