import { ErpVariantStock } from "../sync/canonical"
import { equalDecimals, isZero } from "../sync/decimal"
import { MedusaId } from "../sync/ids"
import { Rules } from "../sync/rules"
import { mappingsByLocation, StockTarget } from "../sync/stock"
import { LockedLevel } from "../sync/stock-types"
import { FieldValue } from "../sync/values"
import { brokenFence, originOf } from "./commit"
import { addTally, Batch, Connected, EngineContext, emptyTally, Finish, Tally } from "./context"
import { guardAbsentStock, tellZeroes } from "./guard-stock"
import { isSameStock } from "./freshness"
import { flushEvents } from "./outbox"
import { emptyPage, parkRejected } from "./page"
import { DirtyKey, JournalEntry, LinkPatch } from "./ports"
import { Demand, indexLevels, readDemand, targetOf } from "./stock-targets"
import { findStockable, pairsOf, Stockable } from "./stockable"

/** At most this many levels are locked in one transaction, so that a checkout never waits. */
const LEVELS_AT_ONCE = 200

/**
 * Brings stock levels to their targets. Stock is a target, not a merge: it is computed from the ERP's
 * figure and the web demand that the figure does not know of, inside the transaction that locks the
 * level; `reserved_quantity` is never touched.
 */
export const reconcileStock = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpVariantStock>,
  finish: Finish<Tx>,
): Promise<Tally> => {
  const page = emptyPage(await context.ledger.now())
  parkRejected(page, "stock", "variant", batch)
  const { stockable, parked, dirty, skipped } = await findStockable(context, connected, batch)
  const moving = await withoutSettled(context, connected, batch, stockable)
  const { allowed: changed, parked: held } = await guardAbsentStock(context, connected, moving)
  let zeroes = 0
  let tally: Tally = {
    ...page.tally,
    read: page.tally.read + batch.records.length,
    unchanged: skipped + (stockable.length - changed.length),
  }
  const size = Math.max(1, Math.floor(LEVELS_AT_ONCE / Math.max(1, mappedLocations(connected))))
  for (let start = 0; start < changed.length; start += size) {
    const chunk = changed.slice(start, start + size)
    const written = await writeChunk(context, connected, batch, chunk)
    tally = addTally(tally, written.tally)
    dirty.push(...written.dirty)
    zeroes += written.zeroes
  }
  await tellZeroes(context, connected, zeroes)
  const looked = [...batch.records.map((record) => record.id), ...batch.missing]
  const settled = looked.map((id) => ({ entity: "variant" as const, erp_id: id, except: [] }))
  await context.ledger.transaction(async (tx) => {
    const all = [...page.parked, ...parked, ...held]
    await context.ledger.unpark(tx, connected.id, "stock", [
      ...settled,
      ...page.healed.map((record) => ({ ...record, except: all.map((entry) => entry.field) })),
    ])
    await context.ledger.park(tx, connected.id, all)
    tally = { ...tally, parked: tally.parked + all.length }
    await finish(tx, tally)
    // After the claims of this look ended: a mark with a delay would else find its key due already.
    await context.ledger.markDirty(connected.id, dirty, tx)
  })
  return tally
}

const mappedLocations = (connected: Connected): number => mappingsByLocation(connected.rules).size

/** Leaves out, without a lock, what stands at its target already. */
const withoutSettled = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  stockable: Stockable[],
): Promise<Stockable[]> => {
  if (stockable.length === 0) {
    return []
  }
  const levels = indexLevels(await context.catalog.readLevels(pairsOf(stockable)))
  const demand = await readDemand(context, connected, batch, stockable, null)
  return stockable.filter(
    (entry) =>
      entry.link.stock_read_at === null ||
      [...entry.figures].some(([location, figure]) => {
        const level = levels.get(`${entry.inventory_item_id}/${location}`)
        const target = targetOf(connected.rules, entry, location, figure, demand, batch.read_at)
        return (
          !level?.id ||
          target.recheck_at !== null ||
          !equalDecimals(level.stocked, target.stocked) ||
          entry.link.base_erp[`stock:${location}`] !== figure
        )
      }),
  )
}

/**
 * Locks the levels of a chunk, computes their targets, writes what differs, and records it with the
 * links.
 * @returns with what needs another look, to be marked when the batch is finished
 */
const writeChunk = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  chunk: Stockable[],
): Promise<{ tally: Tally; dirty: DirtyKey[]; zeroes: number }> => {
  const groupId = originOf(batch).group_id
  const items = [...new Set(chunk.map((entry) => entry.inventory_item_id))]
  const done = await context.catalog.withInventoryLock(items, () =>
    context.ledger.transaction(async (tx) => {
      const locked = await context.ledger.lockLinks(
        tx,
        chunk.map((entry) => entry.link.id),
      )
      const current = chunk.filter(({ link }) => isSameStock(link, locked.get(link.id)))
      const levels = indexLevels(await context.catalog.lockLevels(tx, pairsOf(current)))
      const demand = await readDemand(context, connected, batch, current, tx)
      const plan = planChunk(connected.rules, batch, current, levels, demand)
      const result = await context.catalog.writeLevels(tx, plan.writes)
      const { lost } = await context.ledger.patchLinks(tx, plan.patches)
      if (lost.length > 0) {
        throw brokenFence(lost)
      }
      await context.ledger.journal(tx, connected.id, plan.journal)
      const ids = await context.ledger.queueEvents(tx, groupId, result.events)
      const moved = chunk.filter((entry) => !current.includes(entry))
      const dirty = [...plan.dirty, ...moved.map((entry) => again(entry, "moved", 1000))]
      return { ids, result, updated: plan.updated, zeroes: plan.zeroes, dirty }
    }),
  )
  await flushEvents(context, groupId, done.ids, done.result.events)
  return {
    tally: {
      ...emptyTally(),
      updated: done.updated,
      unchanged: chunk.length - done.updated,
      writes: done.result.writes,
      events: done.result.events.length,
    },
    dirty: done.dirty,
    zeroes: done.zeroes,
  }
}

const again = (entry: Stockable, reason: string, delayMs: number): DirtyKey => ({
  stream: "stock",
  erp_id: entry.erp_id,
  reason,
  delay_ms: delayMs,
})

interface ChunkPlan {
  writes: { level: LockedLevel; to: string }[]
  patches: LinkPatch[]
  journal: JournalEntry[]
  dirty: DirtyKey[]
  updated: number
  /** Levels that the ERP stated to be 0 now. */
  zeroes: number
}

const planChunk = (
  rules: Rules,
  batch: Batch,
  entries: Stockable[],
  levels: Map<string, LockedLevel>,
  demand: Demand,
): ChunkPlan => {
  const plan: ChunkPlan = { writes: [], patches: [], journal: [], dirty: [], updated: 0, zeroes: 0 }
  for (const entry of entries) {
    const baseErp: Record<string, FieldValue> = {}
    const baseMedusa: Record<string, FieldValue> = {}
    let busy = false
    let moved = false
    for (const [location, figure] of entry.figures) {
      const level = levels.get(`${entry.inventory_item_id}/${location}`)
      if (!level) {
        busy = true
        continue
      }
      const target = targetOf(rules, entry, location, figure, demand, batch.read_at)
      if (level.id === null || !equalDecimals(level.stocked, target.stocked)) {
        moved = true
        plan.zeroes += isStatedZero(entry, level, target) ? 1 : 0
        plan.writes.push({ level, to: target.stocked })
        plan.journal.push(journalOf(entry, batch, location, level, target, figure))
      }
      if (target.recheck_at !== null) {
        const delay = Date.parse(target.recheck_at) - Date.parse(batch.read_at)
        plan.dirty.push(again(entry, "demand_settles", Math.max(1000, delay)))
      }
      baseErp[`stock:${location}`] = figure
      baseMedusa[`stock:${location}`] = target.stocked
    }
    if (busy) {
      plan.dirty.push(again(entry, "locked", 1000))
    }
    plan.updated += moved ? 1 : 0
    plan.patches.push({
      id: entry.link.id,
      expected: { lane: "stock", seq: entry.link.stock_seq },
      base_erp: baseErp,
      base_medusa: baseMedusa,
      ...(busy ? {} : { stock_read_at: batch.read_at, agreed: true }),
    })
  }
  return plan
}

const isStatedZero = (entry: Stockable, level: LockedLevel, target: StockTarget): boolean =>
  !entry.absent &&
  entry.link.state === "linked" &&
  level.id !== null &&
  isZero(target.stocked) &&
  !isZero(level.stocked)

const journalOf = (
  entry: Stockable,
  batch: Batch,
  location: MedusaId,
  level: LockedLevel,
  target: StockTarget,
  figure: string,
): JournalEntry => ({
  run_id: batch.run_id,
  entity: "variant",
  erp_id: entry.erp_id,
  medusa_id: entry.link.medusa_id,
  field: `stock:${location}`,
  side: "medusa",
  kind: "write",
  from: level.id === null ? null : level.stocked,
  to: target.stocked,
  rule:
    entry.link.base_erp[`stock:${location}`] === figure
      ? "stock_restored"
      : entry.absent
        ? "absent_in_erp"
        : "erp_changed",
})
