import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { canonicalDecimal } from "../sync/decimal"
import { MedusaId } from "../sync/ids"
import { addPrices } from "./add-prices"
import { BasePriceRow, readBasePrices, readPriceSets } from "./base-prices"
import { groupBy, query } from "./database"
import { keyOf, OpenWrite, ValueBatch } from "./value-batch"

/**
 * Writes base prices of locked variants, each currency by itself: price lists, rules, quantities and
 * other currencies are not touched. The last base price of a currency is never deleted.
 */
export const writePrices = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  writes: readonly OpenWrite[],
): Promise<void> => {
  const sets = new Map<MedusaId, MedusaId>(
    (await readPriceSets(tx, variantIdsOf(writes))).map((row) => [row.variant_id, row.id]),
  )
  const setIds = [...sets.values()]
  const prices = groupBy(await readBasePrices(tx, setIds), priceKey)
  const locking = "for no key update skip locked"
  const locked = new Map((await readBasePrices(tx, setIds, locking)).map((row) => [row.id, row]))
  const due = writes.flatMap((write) => {
    const seen = prices.get(`${sets.get(write.id)}:${keyOf(write.field)}`) ?? []
    const rows = seen.flatMap((row) => locked.get(row.id) ?? [])
    if (rows.length < seen.length) {
      batch.settle(write, { outcome: "locked" })
      return []
    }
    return batch.isDue(write, rows[0] ? canonicalDecimal(rows[0].amount) : null)
      ? [{ write, rows }]
      : []
  })
  await setPrices(tx, batch, due)
  await deletePrices(tx, batch, due)
  const missing = due.filter(({ write, rows }) => write.to !== null && rows.length === 0)
  await addPrices(
    tx,
    batch,
    sets,
    missing.map(({ write }) => write),
  )
}

interface DuePrice {
  write: OpenWrite
  /** The base prices of the currency, the one the store uses first. */
  rows: BasePriceRow[]
}

const variantIdsOf = (writes: readonly OpenWrite[]): OpenWrite["id"][] =>
  writes.map((write) => write.id)

const priceKey = (row: BasePriceRow): string => `${row.price_set_id}:${row.currency}`

const setPrices = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  due: readonly DuePrice[],
): Promise<void> => {
  const changes = due.flatMap(({ write, rows: [used, ...others] }) =>
    used && typeof write.to === "string" ? [{ write, used, others, to: write.to }] : [],
  )
  if (changes.length === 0) {
    return
  }
  await query(
    tx,
    `update price set amount = v.amount::numeric, updated_at = now(),
            raw_amount = jsonb_build_object('value', v.amount, 'precision', 20)
       from unnest(?::text[], ?::text[]) as v(id, amount) where price.id = v.id`,
    [changes.map(({ used }) => used.id), changes.map(({ to }) => canonicalDecimal(to))],
  )
  // Rows of the same price set, list, currency and quantities are one price: the doubles go.
  await deleteRows(
    tx,
    batch,
    changes.flatMap(({ others }) => others),
  )
  for (const { write, used } of changes) {
    settle(batch, write)
    batch.events.add("price_updated", [used.id])
  }
}

const deletePrices = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  due: readonly DuePrice[],
): Promise<void> => {
  for (const { write, rows } of due) {
    if (write.to === null && rows.length === 1) {
      batch.refuseLastPrice(write)
    }
  }
  const gone = due.filter(({ write, rows }) => write.to === null && rows.length > 1)
  await deleteRows(
    tx,
    batch,
    gone.flatMap(({ rows }) => rows.slice(0, 1)),
  )
  for (const { write } of gone) {
    settle(batch, write)
  }
}

const deleteRows = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  rows: readonly BasePriceRow[],
): Promise<void> => {
  if (rows.length > 0) {
    const ids = rows.map((row) => row.id)
    await query(tx, "delete from price where id = any(?)", [ids])
    batch.events.add("price_deleted", ids)
    batch.rows += ids.length
  }
}

const settle = (batch: ValueBatch, write: OpenWrite): void => {
  batch.settle(write, { outcome: "written" })
  batch.events.add("variant_updated", [write.id])
  batch.repriced.add(write.id)
  batch.rows += write.to === null ? 0 : 1
}
