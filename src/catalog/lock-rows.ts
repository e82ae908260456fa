import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { Database, query, queryByIds } from "./database"
import { OpenWrite, ValueBatch } from "./value-batch"

interface LockableRow {
  id: string
}

/**
 * Takes the live rows of these writes without waiting and returns them by id. Writes of rows that
 * another session holds, or that are gone, are settled.
 */
export const lockRows = async <Row extends LockableRow>(
  tx: Knex.Transaction,
  batch: ValueBatch,
  table: "product" | "product_variant" | "product_category",
  columns: string,
  writes: readonly OpenWrite[],
): Promise<Map<string, Row>> => {
  const ids = writes.map((write) => write.id)
  const rows = await queryByIds(ids, (chunk) =>
    query<Row>(
      tx,
      `select ${columns} from ${table} where id = any(?) and deleted_at is null
        order by id for no key update skip locked`,
      [chunk],
    ),
  )
  const locked = new Map(rows.map((row) => [row.id, row]))
  const missed = writes.filter((write) => !locked.has(write.id))
  const alive = await liveIds(
    tx,
    table,
    missed.map((write) => write.id),
  )
  for (const write of missed) {
    batch.settle(write, { outcome: alive.has(write.id) ? "locked" : "gone" })
  }
  return locked
}

/** Which of these rows are there and not soft-deleted. */
export const liveIds = async (
  db: Database,
  table: "product" | "product_variant" | "product_category" | "price_list",
  ids: readonly string[],
): Promise<Set<string>> => {
  const rows = await queryByIds(ids, (chunk) =>
    query<LockableRow>(db, `select id from ${table} where id = any(?) and deleted_at is null`, [
      chunk,
    ]),
  )
  return new Set(rows.map((row) => row.id))
}

/**
 * The writes whose target, the record that they tie theirs to, can be referred to now: it is kept from
 * being deleted until the transaction ends. A target that another session holds is tried again; one that
 * is gone is refused.
 */
export const withLiveTargets = async (
  tx: Knex.Transaction,
  batch: ValueBatch,
  table: "product" | "product_category" | "price_list",
  writes: readonly OpenWrite[],
  targetOf: (write: OpenWrite) => string,
  refuse: (write: OpenWrite) => void,
): Promise<OpenWrite[]> => {
  const targets = [...new Set(writes.map(targetOf))]
  // The foreign key takes this very lock; taken here first, it never waits.
  const usable = new Set(
    (
      await queryByIds(targets, (chunk) =>
        query<LockableRow>(
          tx,
          `select id from ${table} where id = any(?) and deleted_at is null
            for key share skip locked`,
          [chunk],
        ),
      )
    ).map((row) => row.id),
  )
  const missed = targets.filter((id) => !usable.has(id))
  const alive = await liveIds(tx, table, missed)
  return writes.filter((write) => {
    if (usable.has(targetOf(write))) {
      return true
    }
    if (alive.has(targetOf(write))) {
      batch.settle(write, { outcome: "locked" })
    } else {
      refuse(write)
    }
    return false
  })
}
