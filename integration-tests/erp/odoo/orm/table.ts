import type { Row, Value } from "./values"

type Key = string | number

const NOTHING: readonly number[] = []

function lowerBound(ids: readonly number[], id: number): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ids[middle] ?? 0) < id) low = middle + 1
    else high = middle
  }
  return low
}

/** Inserts into a sorted list; appending, the usual case, costs nothing. */
function insertSorted(ids: number[], id: number): void {
  const last = ids[ids.length - 1]
  if (last === undefined || last < id) {
    ids.push(id)
    return
  }
  const at = lowerBound(ids, id)
  if (ids[at] !== id) ids.splice(at, 0, id)
}

function removeSorted(ids: number[], id: number): void {
  const at = lowerBound(ids, id)
  if (ids[at] === id) ids.splice(at, 1)
}

function keysOf(value: Value | undefined): readonly Key[] {
  if (typeof value === "number" || typeof value === "string") return [value]
  return Array.isArray(value) ? (value as readonly number[]) : []
}

function addToIndex(index: Map<Key, number[]>, key: Key, id: number): void {
  const ids = index.get(key)
  if (ids === undefined) index.set(key, [id])
  else insertSorted(ids, id)
}

function unindex(index: Map<Key, number[]>, key: Key, id: number): void {
  const ids = index.get(key)
  if (ids === undefined) return
  removeSorted(ids, id)
  if (ids.length === 0) index.delete(key)
}

/** The rows of one model: a map by id, the ids in order, and indexes of the columns that are looked up. */
export class Table {
  private readonly rows = new Map<number, Row>()
  private readonly sorted: number[] = []
  private readonly indexes: ReadonlyArray<readonly [string, Map<Key, number[]>]>
  private sequence = 0
  private readonly written = new Map<number, number>()

  constructor(
    readonly name: string,
    indexed: readonly string[],
  ) {
    this.indexes = indexed.map((field) => [field, new Map<Key, number[]>()] as const)
  }

  get size(): number {
    return this.rows.size
  }

  get(id: number): Row | undefined {
    return this.rows.get(id)
  }

  /** All ids, ascending. */
  get ids(): readonly number[] {
    return this.sorted
  }

  /** Position of the first id that is not below `id`. */
  position(id: number): number {
    return lowerBound(this.sorted, id)
  }

  /** Ids, ascending, of the rows that hold `key` in an indexed column (or in its list). */
  find(field: string, key: Key): readonly number[] {
    return this.indexOf(field)?.get(key) ?? NOTHING
  }

  hasIndex(field: string): boolean {
    return this.indexOf(field) !== undefined
  }

  /** A fresh id. Like a PostgreSQL sequence it never goes back: a rolled back insert leaves a gap. */
  nextId(): number {
    this.sequence += 1
    return this.sequence
  }

  /** Leaves a gap of `count` ids, as failed inserts do. */
  skipIds(count: number): void {
    this.sequence += count
  }

  /** Committed writes of a row, its creation and those without a change included. */
  writes(id: number): number {
    return this.written.get(id) ?? 0
  }

  countWrites(id: number, by: 1 | -1): void {
    this.written.set(id, this.writes(id) + by)
  }

  put(row: Row): void {
    const before = this.rows.get(row.id)
    this.rows.set(row.id, row)
    if (before === undefined) {
      insertSorted(this.sorted, row.id)
      if (row.id > this.sequence) this.sequence = row.id
    }
    for (const [field, index] of this.indexes) {
      const old = before?.[field]
      const now = row[field]
      if (before !== undefined && old === now) continue
      if (before !== undefined) for (const key of keysOf(old)) unindex(index, key, row.id)
      if (typeof now === "number") addToIndex(index, now, row.id)
      else for (const key of keysOf(now)) addToIndex(index, key, row.id)
    }
  }

  remove(id: number): void {
    const before = this.rows.get(id)
    if (before === undefined) return
    this.rows.delete(id)
    removeSorted(this.sorted, id)
    for (const [field, index] of this.indexes) {
      for (const key of keysOf(before[field])) unindex(index, key, id)
    }
  }

  private indexOf(field: string): Map<Key, number[]> | undefined {
    return this.indexes.find(([name]) => name === field)?.[1]
  }
}
