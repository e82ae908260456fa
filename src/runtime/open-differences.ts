import { DifferenceFilter, DifferenceRow } from "../modules/erp/ledger"
import { Side } from "../sync/values"
import { Runtime } from "./runtime"
import { DifferenceCount, DifferenceView, LinkFieldView } from "./two-way-views"

/** Rows of an export that are in memory at once. */
const EXPORTED = 500

export interface Differences {
  /** Oldest first, with how many there are of each kind and reason in the connection. */
  differences(filter: DifferenceFilter & { limit: number; offset: number }): Promise<{
    differences: DifferenceView[]
    count: number
    counts: DifferenceCount[]
  }>
  /** All of them, a few hundred at a time. */
  exportDifferences(filter: DifferenceFilter): AsyncGenerator<DifferenceView[]>
  /**
   * Has the value of one side stand for these conflicts; the rest of the ids are no open conflicts. The
   * look that does it comes after the delay: until then the decision can be taken back.
   */
  resolve(ids: LinkFieldView[], side: Side, delayMs: number): Promise<LinkFieldView[]>
  /**
   * Looks at these fields again, and sends to the ERP what it refused before; returns how many keys that
   * are.
   */
  retry(ids: LinkFieldView[]): Promise<number>
  /** Takes decisions back that no look has applied yet. */
  takeBack(ids: LinkFieldView[]): Promise<LinkFieldView[]>
}

/** What stands open between both sides. */
export const differencesOf = (runtime: Runtime): Differences => {
  const { ledger } = runtime
  return {
    async differences(filter) {
      const { differences, count } = await ledger.listDifferences(filter)
      const counts = await ledger.countDifferences(filter.connection_id)
      return { differences: differences.map(differenceView), count, counts: summed(counts) }
    },
    async *exportDifferences(filter) {
      let last: DifferenceRow | null = null
      for (;;) {
        const rows: DifferenceRow[] = await ledger.differencesAfter(filter, last, EXPORTED)
        last = rows.at(-1) ?? null
        if (last === null) return
        yield rows.map(differenceView)
      }
    },
    async resolve(ids, side, delayMs) {
      const resolved = await ledger.resolve(ids, side)
      await ledger.markFields(resolved, "resolved", delayMs)
      runtime.wake(null)
      return resolved
    },
    async retry(ids) {
      await ledger.forgetRefusals(ids)
      const marked = await ledger.markFields(ids, "retried")
      runtime.wake(null)
      return marked
    },
    takeBack: (ids) => ledger.takeBack(ids),
  }
}

export const differenceView = (row: DifferenceRow): DifferenceView => ({
  connection_id: row.connection_id,
  link_id: row.link_id,
  entity: row.entity,
  erp_id: row.erp_id,
  medusa_id: row.medusa_id,
  title: row.title,
  sku: row.sku,
  field: row.field,
  kind: row.kind,
  reason: row.reason,
  message: row.message,
  erp: row.erp,
  medusa: row.medusa,
  resolution: row.resolution,
  since: row.since,
  updated_at: row.updated_at,
})

/** Counts of all connections together. */
const summed = (counts: DifferenceCount[]): DifferenceCount[] => {
  const sums = new Map<string, DifferenceCount>()
  for (const { kind, reason, count } of counts) {
    const key = `${kind} ${reason}`
    sums.set(key, { kind, reason, count: (sums.get(key)?.count ?? 0) + count })
  }
  return [...sums.values()]
}
