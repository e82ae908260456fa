import { Stream, StreamRecord, StreamRecords } from "../sync/canonical"
import { SyncError, toSyncError } from "../sync/errors"
import { addTally, Batch, Connected, EngineContext, emptyTally, Finish, Tally } from "./context"
import { failedRecord } from "./page"
import { pushesStock, pushStock } from "./push-stock"
import { reconcileCategories } from "./reconcile-categories"
import { reconcileImages } from "./reconcile-images"
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
export const reconcile = async <Tx, S extends Stream>(
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
    stock: pushesStock(connected.rules) ? pushStock : reconcileStock,
    images: reconcileImages,
  }
  return isolate(context, connected, stream, withoutRepeats(batch), finish, reconcilers[stream])
}

/** An answer may name a record twice; the later one stands. */
const withoutRepeats = <R extends StreamRecord>(batch: Batch<R>): Batch<R> => {
  const records = new Map(batch.records.map((record) => [record.id, record]))
  return records.size === batch.records.length
    ? batch
    : { ...batch, records: [...records.values()] }
}

type Reconcile<Tx, R extends StreamRecord> = (
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<R>,
  finish: Finish<Tx>,
) => Promise<Tally>

/**
 * Nothing that one record causes stops the others: a batch that fails for a reason of its own is halved
 * until the record is found, and that one parks. What concerns the connection, or passes by itself, is
 * not the records' fault and is thrown.
 */
const isolate = async <Tx, R extends StreamRecord>(
  context: EngineContext<Tx>,
  connected: Connected,
  stream: Stream,
  batch: Batch<R>,
  finish: Finish<Tx>,
  work: Reconcile<Tx, R>,
): Promise<Tally> => {
  let finishing = false
  try {
    return await work(context, connected, batch, async (tx, tally) => {
      finishing = true
      await finish(tx, tally)
      finishing = false
    })
  } catch (error) {
    const failure = toSyncError(error)
    const size = batch.records.length + batch.missing.length
    if (finishing || failure.kind === "transient" || failure.kind === "config" || size === 0) {
      throw error
    }
    if (size === 1) {
      return parkCulprit(context, connected, stream, batch, finish, failure)
    }
    const [first, second] = halves(batch)
    const tally = await isolate(context, connected, stream, first, async () => undefined, work)
    const rest: Finish<Tx> = (tx, own) => finish(tx, addTally(tally, own))
    return addTally(tally, await isolate(context, connected, stream, second, rest, work))
  }
}

const halves = <R extends StreamRecord>(batch: Batch<R>): [Batch<R>, Batch<R>] => {
  const { records, missing } = batch
  const atRecord = Math.ceil(records.length / 2)
  const atMissing = records.length > 1 ? 0 : Math.floor(missing.length / 2)
  return [
    { ...batch, records: records.slice(0, atRecord), missing: missing.slice(0, atMissing) },
    {
      ...batch,
      records: records.slice(atRecord),
      missing: missing.slice(atMissing),
      rejected: [],
    },
  ]
}

const parkCulprit = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  stream: Stream,
  batch: Batch,
  finish: Finish<Tx>,
  failure: SyncError,
): Promise<Tally> => {
  const id = batch.records[0]?.id ?? batch.missing[0]
  context.log("error", `${connected.id}: ${stream} ${id}: ${failure.stack ?? failure.message}`)
  const tally: Tally = { ...emptyTally(), read: batch.records.length, parked: 1 }
  await context.ledger.transaction(async (tx) => {
    if (id !== undefined) {
      await context.ledger.park(tx, connected.id, [failedRecord(stream, id, failure)])
    }
    await finish(tx, tally)
  })
  return tally
}
