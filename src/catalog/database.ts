import type { Knex } from "@medusajs/framework/mikro-orm/knex"

/** The pool, or a transaction of it. */
export type Database = Knex | Knex.Transaction

/** Ids per statement: enough to be set-based, few enough for a plan on the indexes. */
const IDS_PER_STATEMENT = 2_000

/** Runs one statement and returns its rows; `?` takes text, numbers, booleans, null and arrays. */
export const query = async <Row>(
  db: Database,
  sql: string,
  bindings: readonly Binding[] = [],
): Promise<Row[]> => {
  const { rows } = await db.raw<{ rows: Row[] }>(sql, bindings)
  return rows
}

export type Binding = string | number | boolean | null | string[]

/** Runs a read for any number of ids, a few thousand at a time, and joins the rows. */
export const queryByIds = async <Row>(
  ids: readonly string[],
  read: (chunk: string[]) => Promise<Row[]>,
): Promise<Row[]> => {
  const rows: Row[] = []
  for (const chunk of chunksOf([...new Set(ids)], IDS_PER_STATEMENT)) {
    rows.push(...(await read(chunk)))
  }
  return rows
}

export const chunksOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )

/** Rows by a key, in their order. */
export const groupBy = <K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> => {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) {
      group.push(item)
    } else {
      groups.set(key, [item])
    }
  }
  return groups
}

/** A failure inside undoes only what was done inside; the transaction goes on. */
export const inSavepoint = <T>(
  tx: Knex.Transaction,
  work: (savepoint: Knex.Transaction) => Promise<T>,
): Promise<T> => tx.transaction(work)

/**
 * Bounds every wait for a lock of another session while `work` runs, and restores the transaction's
 * own setting afterwards.
 */
export const withLockTimeout = async <T>(
  tx: Knex.Transaction,
  milliseconds: number,
  work: () => Promise<T>,
): Promise<T> => {
  const [before] = await query<{ value: string }>(
    tx,
    "select current_setting('lock_timeout') as value",
  )
  await setLockTimeout(tx, `${milliseconds}ms`)
  const result = await work()
  await setLockTimeout(tx, before?.value ?? "0")
  return result
}

const setLockTimeout = (tx: Knex.Transaction, value: string): Promise<unknown> =>
  query(tx, "select set_config('lock_timeout', ?, true)", [value])

/** PostgreSQL's five-character code of a failure, wherever in the chain of causes it stands. */
export const sqlState = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) {
    return undefined
  }
  if ("code" in error && typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code)) {
    return error.code
  }
  return sqlState(error.cause)
}

export const UNIQUE_VIOLATION = "23505"

/** The codes of a row that another session holds: waited too long, or a deadlock was broken. */
export const isLockFailure = (error: unknown): boolean =>
  ["55P03", "40P01"].includes(sqlState(error) ?? "")
