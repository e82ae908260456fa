import type { RejectedRecord, Stream, StreamRecords } from "../../sync/canonical"
import { erpId } from "../../sync/ids"
import type { Cursor, Page, RequestOptions } from "../contract"
import { changedSince, Domain, Leaf, WITH_ARCHIVED } from "./domains"
import { countBeyond, FetchedPage, fetchPage, shortPage } from "./pages"
import type { PriceWatch } from "./pricelists/watch"
import { newestOwn, Row } from "./rows"
import type { OdooCaller, OdooSession } from "./session"
import { openStream, StreamReader } from "./streams"
import {
  advance,
  asStamp,
  atRest,
  DeltaCursor,
  FullCursor,
  latest,
  newestExpected,
  newestStamp,
  parseCursor,
  Stamp,
  startDelta,
} from "./windows"

/**
 * Pages of what changed since the cursor, everything when it is null, by ascending id. Each page's
 * cursor says all that the next one needs.
 * @throws SyncError
 */
export async function* pullPages<S extends Stream>(
  session: OdooSession,
  stream: S,
  cursor: Cursor | null,
  options: RequestOptions,
): AsyncGenerator<Page<S>> {
  yield* pagesOf(session, await openStream(session, stream, options), cursor, options)
}

/** The same of a stream that is open already. @throws SyncError */
export async function* pagesOf<S extends Stream>(
  session: OdooCaller,
  reader: StreamReader<S>,
  cursor: Cursor | null,
  options: RequestOptions,
): AsyncGenerator<Page<S>> {
  const watch = (await reader.watch?.(options)) ?? null
  let state = await begin(session, reader, cursor, watch, options)
  const moved = state.mode === "delta" ? await reader.moved?.(state.lo, options) : undefined
  const domain = domainOf(reader, state, watch, moved?.ids)
  const besides = latest(moved?.newest ?? null, watch?.newest ?? null)
  let limit = reader.rows
  for (;;) {
    const page = await fetchPage(
      session,
      {
        model: reader.model,
        domain,
        specification: reader.specification(state.mode === "delta"),
        after: state.after,
        limit,
      },
      options,
    )
    limit = page.limit
    const first = state.after === 0
    const done = state.done + page.rows.length + (page.oversized ? 1 : 0)
    const total = first && state.mode === "delta" ? page.length : state.total
    if (page.complete && total !== null && done < total) {
      const beyond = await countBeyond(session, reader.model, domain, page.last, options)
      if (beyond > 0) throw shortPage(`Odoo ${reader.model}: ${beyond} records did not come.`)
    }
    state = { ...stateAfter(state, page, first, besides), after: page.last, done, total }
    await reader.prepare?.(page.rows, options)
    if (state.mode === "delta") await reader.judge?.(page.rows, options)
    const end = page.complete ? await endOf(session, reader, state, options) : null
    yield {
      ...sorted(reader, page, state.mode === "delta"),
      cursor: end ? atRest(end.mark, state.prices) : state,
      complete: page.complete,
      done,
      total,
      ...(end?.regressed && { regressed: true }),
    }
    if (page.complete) return
  }
}

type State = FullCursor | DeltaCursor

const begin = async <S extends Stream>(
  session: OdooCaller,
  reader: StreamReader<S>,
  cursor: Cursor | null,
  watch: PriceWatch | null,
  options: RequestOptions,
): Promise<State> => {
  const stored = cursor === null ? null : parseCursor(cursor)
  // What is edited while the pages are read must differ from it at the next poll.
  const prices = watch && { prices: watch.state }
  if (stored?.mode === "rest") return { ...startDelta(stored.mark, stored.prices), ...prices }
  if (stored) return stored
  // Before the first page: what is edited while the pages are read, the delta that follows finds.
  const { newest, total, served_at } = await probe(session, reader, reader.scope, options)
  const seen = latest(newest, watch?.newest ?? null)
  const mark = { ...advance(null, { seen, served_at }), newest }
  return { v: 1, mode: "full", after: 0, done: 0, total, mark, ...prices }
}

/** The newest stamp of the stream's model and how many rows there are, in one request. */
const probe = async <S extends Stream>(
  session: OdooCaller,
  { model }: StreamReader<S>,
  domain: Domain,
  options: RequestOptions,
): Promise<{ newest: Stamp | null; total: number | null; served_at: Stamp | null }> => {
  const { value, served_at } = await session.call(
    {
      model,
      method: "web_search_read",
      args: {
        domain,
        specification: { write_date: {} },
        order: "write_date desc",
        limit: 1,
        context: { active_test: false },
      },
    },
    options,
  )
  const { records, length } = (value ?? {}) as { records?: Row[]; length?: unknown }
  return {
    newest: asStamp(records?.[0]?.["write_date"]),
    total: typeof length === "number" ? length : null,
    served_at,
  }
}

const domainOf = <S extends Stream>(
  reader: StreamReader<S>,
  state: State,
  watch: PriceWatch | null,
  besides?: readonly number[],
): Domain => {
  if (state.mode === "full") return reader.scope
  const scope = reader.inScope ? [WITH_ARCHIVED] : reader.scope
  const suspects = suspectsOf(state, watch)
  if (suspects === null) return scope
  return [...scope, ...changedSince(reader.watched, state.lo, besides, suspects)]
}

/** Conditions of records that may be others though none of their stamps tells; null: all may be. */
const suspectsOf = (
  { prices_before: before, lo }: DeltaCursor,
  watch: PriceWatch | null,
): readonly Leaf[] | null => {
  if (watch) return watch.suspects(before, lo)
  return before ? null : []
}

/** The state after a page. The watermark of a delta comes from its first answer alone. */
const stateAfter = (
  state: State,
  page: FetchedPage,
  first: boolean,
  besides: Stamp | null = null,
): State => {
  if (state.mode === "full") return state
  const newest = latest(newestOwn(page.rows), state.newest)
  if (!first) return { ...state, newest }
  const seen = latest(newestStamp(page.rows), besides)
  const observed = { seen, served_at: page.served_at }
  return { ...state, newest, mark: advance(state.before, observed) }
}

/**
 * The watermark at rest, and whether the newest record known has vanished: deleted, or the database
 * is an older copy.
 */
const endOf = async <S extends Stream>(
  session: OdooCaller,
  reader: StreamReader<S>,
  state: State,
  options: RequestOptions,
): Promise<{ mark: State["mark"]; regressed: boolean }> => {
  if (state.mode === "full") return { mark: state.mark, regressed: false }
  const known = state.before.newest
  const expected = newestExpected(state)
  const unseen = state.newest === null || (known !== null && state.newest < known)
  if (!unseen) return { mark: { ...state.mark, newest: state.newest }, regressed: false }
  if (!expected && state.done > 0) return { mark: state.mark, regressed: false }
  const { newest } = await probe(session, reader, archivedToo(reader), options)
  const regressed = known !== null && (newest === null || newest < known)
  return { mark: { ...state.mark, newest }, regressed }
}

const archivedToo = <S extends Stream>({ scope }: StreamReader<S>): Domain =>
  scope.includes(WITH_ARCHIVED) ? [WITH_ARCHIVED] : []

const sorted = <S extends Stream>(
  reader: StreamReader<S>,
  page: FetchedPage,
  delta: boolean,
): Pick<Page<S>, "records" | "rejected" | "gone"> => {
  const records: StreamRecords[S][] = []
  const rejected: RejectedRecord[] = page.oversized ? [page.oversized] : []
  const gone: Page["gone"] = []
  for (const row of page.rows) {
    if (delta && reader.inScope && !reader.inScope(row)) {
      gone.push(erpId(row.id))
      continue
    }
    const mapped = reader.map(row)
    if (mapped.record !== null) records.push(mapped.record)
    if (mapped.rejected) rejected.push(mapped.rejected)
  }
  return { records, rejected, gone }
}
