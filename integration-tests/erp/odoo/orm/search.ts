import { visibleToCompanies } from "./access"
import { activePredicate } from "./conditions"
import { conjuncts, type Domain, type Leaf } from "./domain"
import type { Env } from "./env"
import { idDirection, rowOrder, type RowOrder } from "./order"
import type { Model } from "./schema"
import type { Table } from "./table"
import { isList, type Row } from "./values"

export interface SearchOptions {
  readonly order?: string
  readonly offset?: number
  /** 0 means no limit, as in Odoo. */
  readonly limit?: number
}

/** Rows to look at: a sorted list of ids and the part of it that can match. */
interface Candidates {
  readonly ids: readonly number[]
  readonly from: number
  readonly to: number
}

function sortedUnique(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b)
}

function firstNotBelow(ids: readonly number[], id: number): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ids[middle] ?? 0) < id) low = middle + 1
    else high = middle
  }
  return low
}

function wantedIds(leaf: Leaf): number[] | undefined {
  if (leaf.operator === "=" && typeof leaf.value === "number") return [leaf.value]
  if (leaf.operator !== "in" || !isList(leaf.value)) return undefined
  const ids = leaf.value.filter((item): item is number => typeof item === "number")
  return ids.length === leaf.value.length ? ids : undefined
}

/** What an index offers for one condition. */
function indexed(table: Table, leaf: Leaf): number[] | undefined {
  const wanted = wantedIds(leaf)
  if (wanted === undefined) return undefined
  if (leaf.path === "id") return wanted
  if (!table.hasIndex(leaf.path)) return undefined
  return wanted.flatMap((id) => table.find(leaf.path, id))
}

function idBounds(leaves: readonly Leaf[]): { low: number; high: number } {
  let low = 0
  let high = Number.MAX_SAFE_INTEGER
  for (const { path, operator, value } of leaves) {
    if (path !== "id" || typeof value !== "number") continue
    if (operator === ">") low = Math.max(low, Math.floor(value) + 1)
    if (operator === ">=") low = Math.max(low, Math.ceil(value))
    if (operator === "<") high = Math.min(high, Math.ceil(value))
    if (operator === "<=") high = Math.min(high, Math.floor(value) + 1)
  }
  return { low, high }
}

function candidates(table: Table, domain: Domain): Candidates {
  const leaves = conjuncts(domain).filter((part): part is Leaf => part.kind === "leaf")
  let best: readonly number[] | undefined
  for (const leaf of leaves) {
    const found = indexed(table, leaf)
    if (found !== undefined && (best === undefined || found.length < best.length)) best = found
  }
  const { low, high } = idBounds(leaves)
  const ids = best === undefined ? table.ids : sortedUnique(best)
  return { ids, from: firstNotBelow(ids, low), to: firstNotBelow(ids, high) }
}

/** Keeps the first `count` rows of an order without sorting everything. */
function best(rows: readonly Row[], compare: RowOrder, count: number): Row[] {
  if (count >= rows.length || count > 64) return [...rows].sort(compare).slice(0, count)
  const top: Row[] = []
  for (const row of rows) {
    const last = top[top.length - 1]
    if (top.length === count && last !== undefined && compare(row, last) >= 0) continue
    let at = top.length
    for (let below = top[at - 1]; below !== undefined; below = top[at - 1]) {
      if (compare(row, below) >= 0) break
      at -= 1
    }
    top.splice(at, 0, row)
    if (top.length > count) top.pop()
  }
  return top
}

/**
 * Finds rows. Archived ones are hidden unless the domain speaks of `active` or the context has
 * `active_test: false`. A search ordered by id stops as soon as it has enough.
 */
export function searchRows(
  env: Env,
  model: Model,
  domain: Domain,
  options: SearchOptions = {},
): Row[] {
  const table = env.table(model)
  const test = activePredicate(env, model, domain)
  const visible = visibleToCompanies(env, model)
  const order = options.order ?? model.order
  const offset = options.offset ?? 0
  const limit = options.limit === undefined || options.limit <= 0 ? Infinity : options.limit
  const enough = offset + limit
  const { ids, from, to } = candidates(table, domain)
  const direction = idDirection(order)
  const compare = direction === undefined ? rowOrder(env, model, order) : undefined

  const matches: Row[] = []
  const count = to - from
  for (let step = 0; step < count; step += 1) {
    const id = ids[direction === "down" ? to - 1 - step : from + step]
    const row = id === undefined ? undefined : table.get(id)
    if (row === undefined || !test(row) || visible?.(row) === false) continue
    matches.push(row)
    if (compare === undefined && matches.length >= enough) break
  }
  const ordered = compare === undefined ? matches : best(matches, compare, enough)
  return offset === 0 && ordered.length <= limit ? ordered : ordered.slice(offset, enough)
}

/** Counts matching rows, at most `limit` when one is given. */
export function countRows(env: Env, model: Model, domain: Domain, limit?: number): number {
  return searchRows(env, model, domain, { order: "id", ...(limit ? { limit } : {}) }).length
}
