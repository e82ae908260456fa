import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { generateEntityId } from "@medusajs/framework/utils"
import { groupBy, query, queryByIds } from "./database"
import { keyOf, OpenWrite, ValueBatch } from "./value-batch"
import { Pair, writePairs } from "./write-pairs"

interface TagRow {
  id: string
  value: string
}

/**
 * Gives locked products tags and takes them away, one at a time; those that no write names stay as they
 * are. A tag that the store does not have is made, and stays when nothing has it any more.
 */
export const writeTags = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  writes: readonly OpenWrite[],
): Promise<void> => {
  if (writes.length === 0) {
    return
  }
  const tags = await lockTags(tx, writes.map(valueOf))
  const present = await presentPairs(tx, writes)
  const due = writes.filter((write) => {
    const tag = tags.get(valueOf(write))
    return batch.isDue(write, tag && present.has(pairKey(write.id, tag.id)) ? true : null)
  })
  const groups = groupBy(due, (write) => write.to === true)
  const added = groups.get(true) ?? []
  const made = await makeTags(tx, batch, new Set(added.map(valueOf)), tags)
  await writePairs(tx, batch, withTags(batch, added, made), ADD)
  await writePairs(tx, batch, withTags(batch, groups.get(false) ?? [], tags), REMOVE)
}

const ADD = `insert into product_tags (product_id, product_tag_id)
             select * from unnest(?::text[], ?::text[]) on conflict do nothing`
const REMOVE = `delete from product_tags
                 where (product_id, product_tag_id) in (select * from unnest(?::text[], ?::text[]))`

/** Live tags by value, kept from being deleted until the transaction ends; without waiting for any. */
const lockTags = async (
  tx: Knex.Transaction,
  values: readonly string[],
): Promise<Map<string, TagRow>> => {
  const rows = await queryByIds([...new Set(values)], (chunk) =>
    query<TagRow>(
      tx,
      `select id, value from product_tag where value = any(?) and deleted_at is null
        order by id for key share skip locked`,
      [chunk],
    ),
  )
  return new Map(rows.map((row) => [row.value, row]))
}

const presentPairs = async (
  tx: Knex.Transaction,
  writes: readonly OpenWrite[],
): Promise<ReadonlySet<string>> => {
  const ids = [...new Set(writes.map((write) => write.id))]
  const rows = await queryByIds(ids, (chunk) =>
    query<{ product_id: string; product_tag_id: string }>(
      tx,
      "select product_id, product_tag_id from product_tags where product_id = any(?)",
      [chunk],
    ),
  )
  return new Set(rows.map((row) => pairKey(row.product_id, row.product_tag_id)))
}

/** What is not there is made; what another session makes at this moment, or holds, is not among them. */
const makeTags = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  values: ReadonlySet<string>,
  known: ReadonlyMap<string, TagRow>,
): Promise<Map<string, TagRow>> => {
  const missing = [...values].filter((value) => !known.has(value))
  if (missing.length === 0) {
    return new Map(known)
  }
  const rows = await query<TagRow>(
    tx,
    `insert into product_tag (id, value) select * from unnest(?::text[], ?::text[])
     on conflict do nothing returning id, value`,
    [missing.map(() => generateEntityId(undefined, "ptag")), missing],
  )
  batch.rows += rows.length
  batch.events.add(
    "tag_created",
    rows.map((row) => row.id),
  )
  return new Map([...known, ...rows.map((row): [string, TagRow] => [row.value, row])])
}

/** The pairs of those whose tag is at hand; the rest is tried again. */
const withTags = (
  batch: ValueBatch,
  writes: readonly OpenWrite[],
  tags: ReadonlyMap<string, TagRow>,
): Pair[] =>
  writes.flatMap((write) => {
    const tag = tags.get(valueOf(write))
    if (tag) {
      return [{ write, id: tag.id }]
    }
    batch.settle(write, { outcome: "locked" })
    return []
  })

const valueOf = (write: OpenWrite): string => keyOf(write.field)

const pairKey = (product: string, tag: string): string => `${product}:${tag}`
