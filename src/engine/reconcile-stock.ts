import { ErpVariantStock } from "../sync/canonical"
import { equalDecimals } from "../sync/decimal"
import { ErpId, MedusaId } from "../sync/ids"
import { Rules, StockMapping } from "../sync/rules"
import { MedusaVariant } from "../sync/snapshot"
import {
  DemandAt,
  demandSince,
  figureFor,
  mappingsByLocation,
  StockTarget,
  stockTarget,
} from "../sync/stock"
import { LockedLevel } from "../sync/stock-types"
import { FieldValue, Link } from "../sync/values"
import { brokenFence, originOf } from "./commit"
import { addTally, Batch, Connected, EngineContext, emptyTally, Finish, Tally } from "./context"
import { flushEvents } from "./outbox"
import { emptyPage, parkRejected } from "./page"
import { DirtyKey, JournalEntry, LinkPatch, ParkedRecord } from "./ports"

/** At most this many levels are locked in one transaction, so that a checkout never waits. */
const LEVELS_AT_ONCE = 200

/** One variant with its inventory item, as far as its stock can be set at all. */
interface Stockable {
  erp_id: ErpId
  link: Link
  inventory_item_id: MedusaId
  /** The ERP's figure per location; zero everywhere for a variant that is out of sale. */
  figures: Map<MedusaId, string>
  basis: Map<MedusaId, StockMapping["basis"]>
}

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
  const changed = await withoutSettled(context, connected, batch, stockable)
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
  }
  const looked = [...batch.records.map((record) => record.id), ...batch.missing]
  const settled = looked.map((id) => ({ entity: "variant" as const, erp_id: id, except: [] }))
  await context.ledger.transaction(async (tx) => {
    const all = [...page.parked, ...parked]
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

interface Found {
  stockable: Stockable[]
  parked: ParkedRecord[]
  dirty: DirtyKey[]
  skipped: number
}

const findStockable = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpVariantStock>,
): Promise<Found> => {
  const found: Found = { stockable: [], parked: [], dirty: [], skipped: 0 }
  const locations = mappingsByLocation(connected.rules)
  const records = new Map<ErpId, ErpVariantStock | null>([
    ...batch.missing.map((id) => [id, null] as const),
    ...batch.records.map((record) => [record.id, record] as const),
  ])
  if (locations.size === 0) {
    return { ...found, skipped: records.size }
  }
  const links = await context.ledger.linksByErp(connected.id, "variant", [...records.keys()])
  const variants = await context.catalog.readVariants(links.map((link) => link.medusa_id))
  found.skipped = records.size - links.length
  for (const link of links) {
    const record = records.get(link.erp_id) ?? null
    const variant = variants.get(link.medusa_id)
    // A figure older than one that was applied already says nothing new.
    const outdated =
      link.stock_read_at !== null && Date.parse(link.stock_read_at) > Date.parse(batch.read_at)
    const open =
      link.state === "linked" || (link.state === "gone" && connected.rules.gone === "draft")
    if (!variant || variant.deleted || !open || outdated || (!record && link.state === "linked")) {
      found.skipped += 1
      if (!record && link.state === "linked" && link.parent_erp_id !== null) {
        found.dirty.push({
          stream: "products",
          erp_id: link.parent_erp_id,
          reason: "stock_missing",
        })
      }
      continue
    }
    const entry = stockableOf(link, record, variant, locations, found)
    if (entry) {
      found.stockable.push(entry)
    } else {
      found.skipped += 1
    }
  }
  return found
}

const stockableOf = (
  link: Link,
  record: ErpVariantStock | null,
  variant: MedusaVariant,
  locations: Map<MedusaId, StockMapping[]>,
  found: Found,
): Stockable | null => {
  const tracked = link.state === "gone" || record?.tracked === true
  if (!tracked || !variant.manage_inventory) {
    if (record?.tracked && !variant.manage_inventory && link.parent_erp_id !== null) {
      found.dirty.push({ stream: "products", erp_id: link.parent_erp_id, reason: "untracked" })
    }
    return null
  }
  const [item, ...more] = variant.inventory_items
  const reason = !item
    ? "no_inventory_item"
    : more.length > 0 || item.required_quantity !== 1
      ? "kit"
      : item.shared
        ? "shared_inventory_item"
        : null
  if (!item || reason !== null) {
    found.parked.push(unstockable(link, variant, reason ?? "no_inventory_item"))
    return null
  }
  return {
    erp_id: link.erp_id,
    link,
    inventory_item_id: item.id,
    figures: new Map(
      [...locations].map(([location, mappings]) => [
        location,
        link.state === "gone" || !record ? "0" : figureFor(record, mappings),
      ]),
    ),
    basis: new Map(
      [...locations].map(([location, mappings]) => [location, mappings[0]?.basis ?? "available"]),
    ),
  }
}

const UNSTOCKABLE: Record<string, { message: string; remedy: string }> = {
  kit: {
    message: "is a kit in the store (several inventory items, or more than one of an item)",
    remedy: "Keep the stock of its parts in the ERP; the kit's own figure is not written.",
  },
  shared_inventory_item: {
    message: "shares its inventory item with another variant",
    remedy: "Give each variant an inventory item of its own, or keep stock of one of them alone.",
  },
  no_inventory_item: {
    message: "has managed inventory but no inventory item",
    remedy: "Add an inventory item to the variant in the store.",
  },
}

const unstockable = (link: Link, variant: MedusaVariant, reason: string): ParkedRecord => ({
  stream: "stock",
  entity: "variant",
  erp_id: link.erp_id,
  field: "stock",
  reason,
  message: `Variant "${variant.sku ?? variant.title}" ${UNSTOCKABLE[reason]?.message ?? reason}.`,
  value: variant.sku,
  remedy: UNSTOCKABLE[reason]?.remedy ?? "",
  version: null,
})

const pairsOf = (entries: Stockable[]) =>
  entries.flatMap((entry) =>
    [...entry.figures.keys()].map((location_id) => ({
      inventory_item_id: entry.inventory_item_id,
      location_id,
    })),
  )

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

const indexLevels = (levels: LockedLevel[]): Map<string, LockedLevel> =>
  new Map(levels.map((level) => [`${level.inventory_item_id}/${level.location_id}`, level]))

type Demand = Map<string, DemandAt>

const readDemand = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  entries: Stockable[],
  tx: Tx | null,
): Promise<Demand> => {
  const pairs = pairsOf(entries)
  const connection = await context.ledger.connection(connected.id)
  const since = demandSince(
    connected.rules.orders,
    batch.read_at,
    connection?.created_at ?? batch.read_at,
  )
  const reservations = await context.catalog.readReservations(tx, pairs)
  const fulfilled = await context.catalog.readFulfilled(tx, pairs, since)
  const known = await context.ledger.knownDemand(tx, connected.id, pairs)
  const demand: Demand = new Map()
  const at = (entry: { inventory_item_id: MedusaId; location_id: MedusaId }): DemandAt => {
    const key = `${entry.inventory_item_id}/${entry.location_id}`
    const present = demand.get(key) ?? { reservations: [], fulfilled: [], known: [] }
    demand.set(key, present)
    return present
  }
  reservations.forEach((entry) => at(entry).reservations.push(entry))
  fulfilled.forEach((entry) => at(entry).fulfilled.push(entry))
  known.forEach((entry) => at(entry).known.push(entry))
  return demand
}

const targetOf = (
  rules: Rules,
  entry: Stockable,
  location: MedusaId,
  figure: string,
  demand: Demand,
  readAt: string,
): StockTarget =>
  entry.link.state === "gone"
    ? { stocked: "0", recheck_at: null }
    : stockTarget(
        figure,
        entry.basis.get(location) ?? "available",
        demand.get(`${entry.inventory_item_id}/${location}`) ?? {
          reservations: [],
          fulfilled: [],
          known: [],
        },
        rules.orders,
        readAt,
      )

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
): Promise<{ tally: Tally; dirty: DirtyKey[] }> => {
  const groupId = originOf(batch).group_id
  const items = [...new Set(chunk.map((entry) => entry.inventory_item_id))]
  const done = await context.catalog.withInventoryLock(items, () =>
    context.ledger.transaction(async (tx) => {
      const sequences = await context.ledger.lockLinks(
        tx,
        chunk.map((entry) => entry.link.id),
      )
      const current = chunk.filter(
        (entry) => sequences.get(entry.link.id)?.stock_seq === entry.link.stock_seq,
      )
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
      return { ids, result, updated: plan.updated, dirty }
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
}

const planChunk = (
  rules: Rules,
  batch: Batch,
  entries: Stockable[],
  levels: Map<string, LockedLevel>,
  demand: Demand,
): ChunkPlan => {
  const plan: ChunkPlan = { writes: [], patches: [], journal: [], dirty: [], updated: 0 }
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
  rule: entry.link.base_erp[`stock:${location}`] === figure ? "stock_restored" : "erp_changed",
})
