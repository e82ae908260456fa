import type { RejectedRecord } from "../../sync/canonical"
import { SyncError } from "../../sync/errors"
import { erpId } from "../../sync/ids"
import type { RequestOptions } from "../contract"
import { refuse } from "../door"
import { after, Domain } from "./domains"
import { OdooCall, triedOf } from "./protocol"
import { Row, rowsOf } from "./rows"
import type { OdooCaller } from "./session"
import type { Specification } from "./specifications"
import type { Stamp } from "./windows"

export interface PageRequest {
  model: string
  domain: Domain
  specification: Specification
  /** Rows with greater ids only. */
  after: number
  limit: number
}

export interface FetchedPage {
  rows: Row[]
  /** A record that alone is larger than an answer may be. */
  oversized: RejectedRecord | null
  /** Where the next page begins. */
  last: number
  /** No row lies beyond. */
  complete: boolean
  /** Matching rows from here on, these included. */
  length: number
  /** What was asked for in the end: less than requested once an answer was too large. */
  limit: number
  served_at: Stamp | null
}

/**
 * Reads the next rows by id. An answer that is too large, or that Odoo cannot make in time, is asked
 * for again in quarters, down to one record.
 * @throws SyncError
 */
export const fetchPage = async (
  session: OdooCaller,
  request: PageRequest,
  options: RequestOptions,
): Promise<FetchedPage> => {
  try {
    return await askFor(session, request, options)
  } catch (error) {
    if (!(error instanceof SyncError) || !SMALLER_MAY_HELP.has(error.code)) throw error
    if (request.limit > 1) {
      const limit = Math.ceil(request.limit / 4)
      session.log("warn", `${error.message} Asking for ${limit} records at once instead.`)
      return fetchPage(session, { ...request, limit }, options)
    }
    if (error.code !== "response_too_large") throw error
    return skipOversized(session, request, error, options)
  }
}

const SMALLER_MAY_HELP: ReadonlySet<string> = new Set(["response_too_large", "timeout"])

/** How many rows match beyond an id: asked when fewer came than were announced. */
export const countBeyond = async (
  session: OdooCaller,
  model: string,
  domain: Domain,
  id: number,
  options: RequestOptions,
): Promise<number> => {
  const args = { domain: [...domain, after(id)], context: { active_test: false } }
  const { value } = await session.call({ model, method: "search_count", args }, options)
  if (typeof value === "number") return value
  throw shortPage(`Odoo ${model}.search_count answered ${JSON.stringify(value)}.`)
}

export const shortPage = (message: string): SyncError =>
  new SyncError({
    kind: "transient",
    code: "short_page",
    message,
    remedy: "It is asked again. If it lasts, a proxy or a customisation alters Odoo's answers.",
  })

const askFor = async (
  session: OdooCaller,
  request: PageRequest,
  options: RequestOptions,
): Promise<FetchedPage> => {
  const { model, domain, specification, limit } = request
  const call: OdooCall = {
    model,
    method: "web_search_read",
    args: {
      domain: [...domain, after(request.after)],
      specification,
      order: "id",
      limit,
      context: { active_test: false },
    },
  }
  const asking = { ...options, leave: SMALLER_MAY_HELP }
  const { value, served_at } = await session.call(call, asking)
  const { rows, length } = rowsOf(value, { tried: triedOf(call), limit, after: request.after })
  return {
    rows,
    length,
    limit,
    served_at,
    oversized: null,
    last: rows.at(-1)?.id ?? request.after,
    // Odoo counts what matches from here on, so a full page can be the last one.
    complete: rows.length === length,
  }
}

const skipOversized = async (
  session: OdooCaller,
  request: PageRequest,
  error: SyncError,
  options: RequestOptions,
): Promise<FetchedPage> => {
  const page = await askFor(session, { ...request, specification: { write_date: {} } }, options)
  const [row] = page.rows
  if (!row) return page
  const named = `the record with id ${row.id} of ${request.model} in Odoo`
  const subject = { id: erpId(row.id), version: null, named }
  return { ...page, rows: [], oversized: refuse(subject, "", "", error.message) }
}
