import type { Stream } from "../../sync/canonical"
import { SyncError } from "../../sync/errors"
import type { ErpId } from "../../sync/ids"
import { erpId } from "../../sync/ids"
import type { ReadResult, RequestOptions } from "../contract"
import { MAX_READ_BATCH } from "./defaults"
import { Domain } from "./domains"
import { countBeyond, fetchPage, shortPage } from "./pages"
import { Row } from "./rows"
import type { OdooSession } from "./session"
import { openStream } from "./streams"

/**
 * Present state of the given records. What Odoo does not answer for is missing: it omits silently
 * what is deleted, and what the filter leaves out.
 * @throws SyncError
 */
export const readRecords = async <S extends Stream>(
  session: OdooSession,
  stream: S,
  ids: readonly ErpId[],
  options: RequestOptions,
): Promise<ReadResult<S>> => {
  if (ids.length > MAX_READ_BATCH) throw tooMany(ids.length)
  const reader = await openStream(session, stream, options)
  const result: ReadResult<S> = { records: [], rejected: [], missing: [] }
  const answered = new Set<ErpId>()
  const wanted = ids.map(Number).filter(Number.isInteger)
  const domain = [...reader.scope, ["id", "in", wanted] as const]
  let after = 0
  let limit = Math.max(wanted.length, 1)
  for (let complete = wanted.length === 0; !complete;) {
    const { model } = reader
    const specification = reader.specification(false)
    const page = await fetchPage(session, { model, domain, specification, after, limit }, options)
    await reader.prepare?.(page.rows, options)
    for (const row of page.rows) take(row)
    if (page.oversized) {
      result.rejected.push(page.oversized)
      answered.add(page.oversized.id)
    }
    ;({ complete, limit, last: after } = page)
  }
  const missing = ids.filter((id) => !answered.has(id))
  await confirmMissing(session, reader.model, reader.scope, missing, options)
  return { ...result, missing }

  function take(row: Row): void {
    const { record, rejected } = reader.map(row)
    if (record !== null) result.records.push(record)
    if (rejected) result.rejected.push(rejected)
    answered.add(erpId(row.id))
  }
}

/** A record may only be called missing when a second, independent question says so too. */
export const confirmMissing = async (
  session: OdooSession,
  model: string,
  scope: Domain,
  missing: readonly ErpId[],
  options: RequestOptions,
): Promise<void> => {
  const ids = missing.map(Number).filter(Number.isInteger)
  if (ids.length === 0) return
  const domain = [...scope, ["id", "in", ids] as const]
  const there = await countBeyond(session, model, domain, 0, options)
  if (there > 0) throw shortPage(`Odoo ${model}: ${there} of ${ids.length} records did not come.`)
}

const tooMany = (count: number): SyncError =>
  new SyncError({
    kind: "bug",
    code: "batch_too_large",
    message: `${count} records were asked for at once; ${MAX_READ_BATCH} are allowed.`,
    remedy: "This is a defect of the plugin; please report it.",
  })
