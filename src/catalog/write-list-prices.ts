import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { generateEntityId } from "@medusajs/framework/utils"
import { MedusaId, medusaId } from "../sync/ids"
import { listOfField, PriceTier, tierRows, tiersText } from "../sync/price-tiers"
import { createSets, lockSets } from "./add-prices"
import { readPriceSets } from "./base-prices"
import { groupBy, query } from "./database"
import { ListPriceRow, readListPrices } from "./list-prices"
import { withLiveTargets } from "./lock-rows"
import { OpenWrite, ValueBatch } from "./value-batch"

/**
 * Writes the tiers of locked variants in price lists, each list and currency by itself: base prices,
 * prices with rules of their own, other lists, currencies and variants are not touched.
 */
export const writeListPrices = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  writes: readonly OpenWrite[],
): Promise<void> => {
  if (writes.length === 0) {
    return
  }
  const listed = await withLiveTargets(tx, batch, "price_list", writes, listOf, (write) =>
    batch.refuseMissingList(write, listOf(write)),
  )
  const sets = new Map<MedusaId, MedusaId>(
    (await readPriceSets(tx, idsOf(listed))).map((row) => [row.variant_id, row.id]),
  )
  const free = await lockSets(tx, batch, sets, listed)
  const lists = [...new Set(free.map(listOf))]
  const setIds = free.flatMap((write) => sets.get(write.id) ?? [])
  const rows = groupBy(await readListPrices(tx, setIds, lists), keyOfRow)
  const locked = await readListPrices(tx, setIds, lists, "for no key update skip locked")
  const held = new Map(locked.map((row) => [row.id, row]))
  const due = free.flatMap((write): DueTiers[] => {
    const seen = rows.get(`${sets.get(write.id)}:${keyOfWrite(write)}`) ?? []
    const own = seen.flatMap((row) => held.get(row.id) ?? [])
    if (own.length < seen.length) {
      batch.settle(write, { outcome: "locked" })
      return []
    }
    return batch.isDue(write, tiersText(own))
      ? [{ write, rows: own, tiers: tierRows(write.to) }]
      : []
  })
  await createSets(
    tx,
    batch,
    sets,
    due.flatMap(({ write }) => (write.to !== null && !sets.has(write.id) ? [write] : [])),
  )
  await applyTiers(tx, batch, sets, due)
}

const idsOf = (writes: readonly OpenWrite[]): MedusaId[] => writes.map((write) => write.id)
const listOf = ({ field }: OpenWrite): MedusaId => medusaId(listOfField(field).price_list_id)
const keyOfRow = (row: ListPriceRow): string =>
  `${row.price_set_id}:${row.price_list_id}:${row.currency}`
const keyOfWrite = ({ field }: OpenWrite): string => field.slice("price_list:".length)

interface DueTiers {
  write: OpenWrite
  rows: ListPriceRow[]
  tiers: Required<PriceTier>[]
}

/** A tier keeps the row that begins where it does; further rows of that beginning are doubles and go. */
const applyTiers = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  sets: ReadonlyMap<MedusaId, MedusaId>,
  due: readonly DueTiers[],
): Promise<void> => {
  const changed: { id: MedusaId; tier: Required<PriceTier> }[] = []
  const added: AddedTier[] = []
  const gone: MedusaId[] = []
  for (const { write, rows, tiers } of due) {
    const { price_list_id, currency } = listOfField(write.field)
    const kept = new Set<MedusaId>()
    for (const tier of tiers) {
      const row = rows.find((entry) => !kept.has(entry.id) && beginsAt(entry, tier))
      const price_set_id = sets.get(write.id)
      if (row) {
        kept.add(row.id)
        if (tiersText([row]) !== tiersText([tier])) {
          changed.push({ id: row.id, tier })
        }
      } else if (price_set_id) {
        const id = generateEntityId(undefined, "price")
        added.push({ id, tier, price_set_id, price_list_id, currency })
      }
    }
    gone.push(...rows.filter((row) => !kept.has(row.id)).map((row) => row.id))
    batch.settle(write, { outcome: "written" })
    batch.events.add("variant_updated", [write.id])
    batch.repriced.add(write.id)
  }
  await changeRows(tx, batch, changed)
  await deleteRows(tx, batch, gone)
  await addRows(tx, batch, added)
}

const beginsAt = (row: ListPriceRow, tier: PriceTier): boolean =>
  Number(row.min_quantity ?? 0) === Number(tier.min_quantity ?? 0)

interface AddedTier {
  id: string
  tier: Required<PriceTier>
  price_set_id: MedusaId
  price_list_id: string
  currency: string
}

/** A quantity that may be none: an array of texts has no nulls here. */
const QUANTITY = (column: string): string => `nullif(v.${column}, '')::numeric`

/** Its exact twin; null beside null. */
const TWIN = (column: string): string =>
  `case when v.${column} = '' then null
    else jsonb_build_object('value', v.${column}, 'precision', 20) end`

const changeRows = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  changed: readonly { id: MedusaId; tier: Required<PriceTier> }[],
): Promise<void> => {
  if (changed.length === 0) {
    return
  }
  await query(
    tx,
    `update price set amount = v.amount::numeric, raw_amount = ${TWIN("amount")},
            min_quantity = ${QUANTITY("min")}, raw_min_quantity = ${TWIN("min")},
            max_quantity = ${QUANTITY("max")}, raw_max_quantity = ${TWIN("max")}, updated_at = now()
       from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as v(id, amount, min, max)
      where price.id = v.id`,
    [changed.map(({ id }) => id), ...columnsOf(changed)],
  )
  batch.events.add(
    "price_updated",
    changed.map(({ id }) => id),
  )
  batch.rows += changed.length
}

const columnsOf = (rows: readonly { tier: Required<PriceTier> }[]): string[][] => [
  rows.map(({ tier }) => tier.amount),
  rows.map(({ tier }) => tier.min_quantity ?? ""),
  rows.map(({ tier }) => tier.max_quantity ?? ""),
]

const deleteRows = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  ids: MedusaId[],
): Promise<void> => {
  if (ids.length > 0) {
    await query(tx, "delete from price where id = any(?)", [ids])
    batch.events.add("price_deleted", ids)
    batch.rows += ids.length
  }
}

const addRows = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  added: readonly AddedTier[],
): Promise<void> => {
  if (added.length === 0) {
    return
  }
  await query(
    tx,
    `insert into price (id, price_set_id, price_list_id, currency_code, amount, raw_amount,
                        min_quantity, raw_min_quantity, max_quantity, raw_max_quantity, rules_count)
     select v.id, v.price_set_id, v.price_list_id, v.currency, v.amount::numeric, ${TWIN("amount")},
            ${QUANTITY("min")}, ${TWIN("min")}, ${QUANTITY("max")}, ${TWIN("max")}, 0
       from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
            as v(id, price_set_id, price_list_id, currency, amount, min, max)`,
    [
      added.map(({ id }) => id),
      added.map(({ price_set_id }) => price_set_id),
      added.map(({ price_list_id }) => price_list_id),
      added.map(({ currency }) => currency),
      ...columnsOf(added),
    ],
  )
  batch.events.add(
    "price_created",
    added.map(({ id }) => id),
  )
  batch.rows += added.length
}
