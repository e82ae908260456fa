import { Stream, StreamRecord, StreamRecords } from "../sync/canonical"
import { Batch, Connected, EngineContext, Finish, Tally } from "./context"
import { reconcileCategories } from "./reconcile-categories"
import { reconcilePrices } from "./reconcile-prices"
import { reconcileProducts } from "./reconcile-products"
import { reconcileStock } from "./reconcile-stock"

type Reconcilers<Tx> = {
  [S in Stream]: (
    context: EngineContext<Tx>,
    connected: Connected,
    batch: Batch<StreamRecords[S]>,
    finish: Finish<Tx>,
  ) => Promise<Tally>
}

/**
 * Reconciles a batch of one stream with the store. The one step behind every pull, hint, retry and
 * sweep: what is read decides, never what was said.
 * @param finish called in the batch's last transaction, with what the batch came to
 */
export const reconcile = <Tx, S extends Stream>(
  context: EngineContext<Tx>,
  connected: Connected,
  stream: S,
  batch: Batch<StreamRecords[S]>,
  finish: Finish<Tx>,
): Promise<Tally> => {
  const reconcilers: Reconcilers<Tx> = {
    categories: reconcileCategories,
    products: reconcileProducts,
    prices: reconcilePrices,
    stock: reconcileStock,
  }
  return reconcilers[stream](context, connected, withoutRepeats(batch), finish)
}

/** An answer may name a record twice; the later one stands. */
const withoutRepeats = <R extends StreamRecord>(batch: Batch<R>): Batch<R> => {
  const records = new Map(batch.records.map((record) => [record.id, record]))
  return records.size === batch.records.length
    ? batch
    : { ...batch, records: [...records.values()] }
}
