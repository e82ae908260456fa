import assert from "node:assert/strict"

import type { RejectedRecord, Stream, StreamRecords } from "../../sync/canonical"
import { SyncError } from "../../sync/errors"
import type { Connector, Cursor, Page, RequestOptions } from "../contract"
import type { ConformanceSubject, ConnectOptions } from "./subject"

/** Runs with a connector of its own, and closes it whatever happens. */
export const withConnector = async <T>(
  subject: ConformanceSubject,
  options: ConnectOptions,
  run: (connector: ReturnType<ConformanceSubject["connect"]>) => Promise<T>,
): Promise<T> => {
  const connector = subject.connect(options)
  try {
    return await run(connector)
  } finally {
    await connector.close()
  }
}

export interface Pulled<S extends Stream> {
  records: StreamRecords[S][]
  rejected: RejectedRecord[]
  gone: string[]
  cursor: Cursor | null
  pages: Page<S>[]
}

/** Everything of a pull, with the pages that it came in. */
export const pullAll = async <S extends Stream>(
  connector: Connector,
  stream: S,
  cursor: Cursor | null,
  options?: RequestOptions,
): Promise<Pulled<S>> => {
  const pulled: Pulled<S> = { records: [], rejected: [], gone: [], cursor, pages: [] }
  for await (const page of connector.pull(stream, cursor, options)) {
    pulled.records.push(...page.records)
    pulled.rejected.push(...page.rejected)
    pulled.gone.push(...page.gone)
    pulled.cursor = page.cursor
    pulled.pages.push(page)
  }
  return pulled
}

export const keysAll = async (connector: Connector, stream: Stream) => {
  const keys: { id: string; version: string | null }[] = []
  for await (const page of connector.keys(stream, null)) keys.push(...page.keys)
  return keys
}

/** The next page alone, its cursor sent through JSON as a database would. */
export const nextPage = async <S extends Stream>(
  connector: Connector,
  stream: S,
  cursor: Cursor | null,
): Promise<Page<S>> => {
  for await (const page of connector.pull(stream, cursor)) {
    return { ...page, cursor: JSON.parse(JSON.stringify(page.cursor)) as Cursor }
  }
  assert.fail(`The pull of ${stream} ended without a page.`)
}

export const byId = <R extends { id: string }>(records: readonly R[]): Map<string, R> =>
  new Map(records.map((record) => [record.id, record]))

/** The SyncError that the promise rejects with; anything else fails the case. */
export const syncErrorOf = async (promise: Promise<unknown>): Promise<SyncError> => {
  try {
    await promise
  } catch (error) {
    if (error instanceof SyncError) return error
    assert.fail(`It rejected with something else than a SyncError: ${String(error)}`)
  }
  assert.fail("It resolved where a SyncError was expected.")
}
