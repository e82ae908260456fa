import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { groupBy, query, queryByIds } from "./database"
import { withLiveTargets } from "./lock-rows"
import { keyOf, OpenWrite, ValueBatch } from "./value-batch"
import { Pair, writePairs } from "./write-pairs"

interface Membership {
  product_id: string
  product_category_id: string
}

/**
 * Adds locked products to categories and takes them out, one membership at a time; those that no
 * write names stay as they are.
 */
export const writeMemberships = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  writes: readonly OpenWrite[],
): Promise<void> => {
  const present = new Set((await readMemberships(tx, writes)).map(pairKey))
  const due = writes.filter((write) =>
    batch.isDue(write, present.has(pairKey(membershipOf(write))) ? true : null),
  )
  const groups = groupBy(due, (write) => write.to === true)
  await addMemberships(tx, batch, groups.get(true) ?? [])
  await removeMemberships(tx, batch, groups.get(false) ?? [])
}

const readMemberships = (
  tx: Knex.Transaction,
  writes: readonly OpenWrite[],
): Promise<Membership[]> =>
  queryByIds(
    writes.map((write) => write.id),
    (chunk) =>
      query<Membership>(
        tx,
        "select product_id, product_category_id from product_category_product where product_id = any(?)",
        [chunk],
      ),
  )

const addMemberships = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  writes: OpenWrite[],
): Promise<void> => {
  const added = await withLiveTargets(
    tx,
    batch,
    "product_category",
    writes,
    (write) => keyOf(write.field),
    (write) => batch.refuseMissingCategory(write),
  )
  await writePairs(
    tx,
    batch,
    added.map(pairOf),
    `insert into product_category_product (product_id, product_category_id)
     select * from unnest(?::text[], ?::text[]) on conflict do nothing`,
  )
}

const removeMemberships = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  writes: OpenWrite[],
): Promise<void> => {
  const [productIds, categoryIds] = columnsOf(writes)
  const locked = new Set(
    (
      await query<Membership>(
        tx,
        `select product_id, product_category_id from product_category_product
          where (product_id, product_category_id) in (select * from unnest(?::text[], ?::text[]))
            for update skip locked`,
        [productIds, categoryIds],
      )
    ).map(pairKey),
  )
  const removed = writes.filter((write) => {
    const free = locked.has(pairKey(membershipOf(write)))
    if (!free) {
      batch.settle(write, { outcome: "locked" })
    }
    return free
  })
  await writePairs(
    tx,
    batch,
    removed.map(pairOf),
    `delete from product_category_product
      where (product_id, product_category_id) in (select * from unnest(?::text[], ?::text[]))`,
  )
}

const columnsOf = (writes: OpenWrite[]): [string[], string[]] => [
  writes.map((write) => write.id),
  writes.map((write) => keyOf(write.field)),
]

const pairOf = (write: OpenWrite): Pair => ({ write, id: keyOf(write.field) })

const membershipOf = (write: OpenWrite): Membership => ({
  product_id: write.id,
  product_category_id: keyOf(write.field),
})

const pairKey = (pair: Membership): string => `${pair.product_id}:${pair.product_category_id}`
