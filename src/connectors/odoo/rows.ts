import { SyncError } from "../../sync/errors"
import { Refusal } from "../door"
import { asStamp, latest, Stamp } from "./windows"

/** A record as Odoo's `web_read` returns it: names as Odoo's, types not to be trusted. */
export type Row = Record<string, unknown> & { id: number }

export interface RowPage {
  rows: Row[]
  /** How many records match in all, these included. */
  length: number
}

/**
 * The rows of a `web_search_read`, in the order and number that were asked for. Anything else is a
 * broken answer, never a page.
 * @throws SyncError `malformed_page` or `short_page`, transient
 */
export const rowsOf = (
  value: unknown,
  asked: { tried: string; limit: number; after: number },
): RowPage => {
  const { records, length } = (value ?? {}) as Record<string, unknown>
  const rows = records
  if (!Array.isArray(rows) || typeof length !== "number" || !rows.every(isRow)) {
    throw broken("malformed_page", `${asked.tried}: the answer is not a page of records.`)
  }
  const ascending = rows.every(
    (row, at) => row.id > (at === 0 ? asked.after : (rows[at - 1]?.id ?? 0)),
  )
  if (!ascending || rows.length > asked.limit) {
    throw broken("malformed_page", `${asked.tried}: the records are not those asked for.`)
  }
  if (length < rows.length || (rows.length < asked.limit && length > rows.length)) {
    throw broken(
      "short_page",
      `${asked.tried}: ${rows.length} of ${length} records came, ${asked.limit} were asked for.`,
    )
  }
  return { rows, length }
}

const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && Number.isInteger((value as Row).id)

const broken = (code: string, message: string): SyncError =>
  new SyncError({
    kind: "transient",
    code,
    message,
    remedy: "It is asked again. If it lasts, a proxy or a customisation alters Odoo's answers.",
  })

/** Odoo writes `false` for an empty field of any type but numbers and booleans. */
export const orNull = (value: unknown): unknown => (value === false ? null : value)

/** Related records that were read with their own fields. @throws Refusal */
export const rowsIn = (value: unknown, field: string): Row[] => {
  if (Array.isArray(value) && value.every(isRow)) return value
  throw new Refusal(field, value, "expected a list of records")
}

/** What can be made out of rows before they are mapped; one that cannot be read is refused by its own mapping. */
export const fromReadable = <T>(rows: readonly Row[], of: (row: Row) => T[]): T[] =>
  rows.flatMap((row) => {
    try {
      return of(row)
    } catch (error) {
      if (error instanceof Refusal) return []
      throw error
    }
  })

/** Id of a related record, whichever way it was read; null when empty. @throws Refusal */
export const idIn = (value: unknown, field: string): number | null => {
  if (value === false || value === null || value === undefined) return null
  const id = isRow(value) ? value.id : value
  if (typeof id === "number" && Number.isInteger(id)) return id
  throw new Refusal(field, value, "expected a record's id")
}

/** The newest own stamp of some rows: the record's version, when they make up one record. */
export const newestOwn = (rows: readonly Record<string, unknown>[]): Stamp | null =>
  rows.reduce<Stamp | null>((newest, row) => latest(newest, asStamp(row["write_date"])), null)
