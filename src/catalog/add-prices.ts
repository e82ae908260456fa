import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { generateEntityId } from "@medusajs/framework/utils"
import { canonicalDecimal } from "../sync/decimal"
import { MedusaId, medusaId } from "../sync/ids"
import { readBasePrices } from "./base-prices"
import { query, queryByIds } from "./database"
import { keyOf, OpenWrite, ValueBatch } from "./value-batch"

/** Adds base prices of currencies that their variants do not have yet. */
export const addPrices = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  sets: Map<MedusaId, MedusaId>,
  writes: readonly OpenWrite[],
): Promise<void> => {
  const free = await stillMissing(tx, batch, sets, await lockSets(tx, batch, sets, writes))
  await createSets(
    tx,
    batch,
    sets,
    free.filter((write) => !sets.has(write.id)),
  )
  const rows = free.flatMap((write) => {
    const setId = sets.get(write.id)
    return setId && typeof write.to === "string"
      ? [{ write, id: generateEntityId(undefined, "price"), setId, amount: write.to }]
      : []
  })
  if (rows.length === 0) {
    return
  }
  await query(
    tx,
    `insert into price (id, price_set_id, currency_code, amount, raw_amount, rules_count)
     select v.id, v.price_set_id, v.currency, v.amount::numeric,
            jsonb_build_object('value', v.amount, 'precision', 20), 0
       from unnest(?::text[], ?::text[], ?::text[], ?::text[])
            as v(id, price_set_id, currency, amount)`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.setId),
      rows.map((row) => keyOf(row.write.field)),
      rows.map((row) => canonicalDecimal(row.amount)),
    ],
  )
  for (const { write, id } of rows) {
    batch.settle(write, { outcome: "written" })
    batch.events.add("price_created", [id])
    batch.events.add("variant_updated", [write.id])
    batch.repriced.add(write.id)
    batch.rows += 1
  }
}

/** Looks once more, in sets that are taken, whether somebody just added such a price. */
const stillMissing = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  sets: ReadonlyMap<MedusaId, MedusaId>,
  writes: readonly OpenWrite[],
): Promise<OpenWrite[]> => {
  const setIds = [...new Set(writes.flatMap((write) => sets.get(write.id) ?? []))]
  const prices = new Map(
    (await readBasePrices(tx, setIds)).map((row) => [
      `${row.price_set_id}:${row.currency}`,
      canonicalDecimal(row.amount),
    ]),
  )
  return writes.filter((write) => {
    const present = prices.get(`${sets.get(write.id)}:${keyOf(write.field)}`)
    if (present !== undefined) {
      batch.settle(write, { outcome: "moved", present })
    }
    return present === undefined
  })
}

/**
 * The writes whose price sets nobody else adds a price to until the transaction ends: the foreign key of
 * a new price waits for this lock. A set that another session holds is tried again.
 */
export const lockSets = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  sets: ReadonlyMap<MedusaId, MedusaId>,
  writes: readonly OpenWrite[],
): Promise<OpenWrite[]> => {
  const locked = await queryByIds(
    writes.flatMap((write) => sets.get(write.id) ?? []),
    (chunk) =>
      query<{ id: MedusaId }>(
        tx,
        "select id from price_set where id = any(?) order by id for update skip locked",
        [chunk],
      ),
  )
  const ids = new Set(locked.map((row) => row.id))
  return writes.filter((write) => {
    const setId = sets.get(write.id)
    const free = setId === undefined || ids.has(setId)
    if (!free) {
      batch.settle(write, { outcome: "locked" })
    }
    return free
  })
}

/** Price sets, and their links, of variants that have none. */
export const createSets = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  sets: Map<MedusaId, MedusaId>,
  writes: readonly OpenWrite[],
): Promise<void> => {
  const variantIds = [...new Set(writes.map((write) => write.id))]
  if (variantIds.length === 0) {
    return
  }
  const setIds = variantIds.map(() => medusaId(generateEntityId(undefined, "pset")))
  const linkIds = variantIds.map(() => generateEntityId(undefined, "pvps"))
  await query(tx, "insert into price_set (id) select unnest(?::text[])", [setIds])
  await query(
    tx,
    `insert into product_variant_price_set (id, variant_id, price_set_id)
     select * from unnest(?::text[], ?::text[], ?::text[])`,
    [linkIds, variantIds, setIds],
  )
  for (const [index, setId] of setIds.entries()) {
    const variantId = variantIds[index]
    if (variantId) {
      sets.set(variantId, setId)
    }
  }
  batch.events.add("price_set_created", setIds)
  batch.events.add("price_set_linked", linkIds)
}
