import { SyncError } from "../sync/errors"
import { CatalogContext } from "./context"
import { query } from "./database"

/**
 * Keeps other workers of the sync off these records while `work` runs through Medusa's workflows, which
 * commit in pieces: one that finds the pieces of another would take them for those of a killed run. The
 * locks belong to a transaction of their own, so that they end with the process that holds them.
 *
 * @param work gets the ids that nobody else is working on
 */
export const withRecordLocks = <T>(
  { db }: CatalogContext,
  ids: readonly string[],
  work: (free: ReadonlySet<string>) => Promise<T>,
): Promise<T> =>
  db.transaction(async (tx) => {
    const rows = await query<{ id: string; free: boolean }>(
      tx,
      `select id, pg_try_advisory_xact_lock(hashtextextended('medusa-plugin-erp-sync:' || id, 0)) as free
         from unnest(?::text[]) as record(id)`,
      [[...new Set(ids)]],
    )
    return work(new Set(rows.filter((row) => row.free).map((row) => row.id)))
  })

/** Another worker, perhaps one that lost its lease, is at this record. */
export const recordBusy = (record: string): SyncError =>
  new SyncError({
    kind: "transient",
    code: "record_busy",
    record,
    message: "Another worker is creating or changing this record.",
    remedy: "Nothing to do: it is tried again.",
  })
