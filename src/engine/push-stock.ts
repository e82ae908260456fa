import { Change, WriteOutcome } from "../connectors/contract"
import { ErpVariantStock } from "../sync/canonical"
import { addDecimals, equalDecimals, maxDecimal, subtractDecimals } from "../sync/decimal"
import { ErpId, MedusaId } from "../sync/ids"
import { ownerOf } from "../sync/owners"
import { keepRefusal, refusalName, refusalOf } from "../sync/refusals"
import { Rules } from "../sync/rules"
import { mappingsByLocation } from "../sync/stock"
import { Difference, Intent, Link } from "../sync/values"
import { Batch, Connected, EngineContext, Finish, Tally } from "./context"
import { isSameStock } from "./freshness"
import { emptyPage, parkRejected } from "./page"
import { DirtyKey, JournalEntry, LinkPatch } from "./ports"
import { requestLife, SEND_WITHIN_MS } from "./request-life"
import { refusalIn, sendChanges } from "./send-changes"
import { indexLevels, readDemand, targetOf } from "./stock-targets"
import { findStockable, pairsOf, Stockable } from "./stockable"

/** Whether this connection's stock is counted in the store and told to the ERP. */
export const pushesStock = (rules: Rules): boolean =>
  rules.push.stock && ownerOf(rules, "stock") === "medusa"

/** One level that the ERP is to count anew. */
interface Count {
  entry: Stockable
  field: string
  /** The ERP's warehouse. */
  warehouse: string
  from: string
  to: string
  /** What the store holds there. */
  stocked: string
  /** The ERP's figure that the store's would be, if the ERP decided. */
  figure: string
}

interface CountPlan {
  counts: Count[]
  /** Fields that a decision was made about, by link: what waits for an answer stays as it is. */
  looked: Map<Link, string[]>
  /** Sequences that our own announcements gave to the links. */
  seqs: Map<string, number>
  settled: { entry: Stockable; field: string; figure: string; stocked: string }[]
  differences: Difference[]
  dirty: DirtyKey[]
}

/**
 * Tells the ERP what the store has counted. The store's level differs from what the ERP's figure and
 * the web demand make of it by an edit in the store: by so much the ERP's quantity on hand is counted
 * up or down, compared with the quantity that was read. Warehouses that are summed into one location
 * have no count of their own, and stand as pending.
 */
export const pushStock = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpVariantStock>,
  finish: Finish<Tx>,
): Promise<Tally> => {
  const page = emptyPage(await context.ledger.now())
  parkRejected(page, "stock", "variant", batch)
  const found = await findStockable(context, connected, batch)
  const counted = found.stockable.filter(({ link, absent }) => link.state === "linked" && !absent)
  const entries = counted.filter(({ link }) => link.stock_seq <= batch.read_seq)
  const overtaken = counted.filter((entry) => !entries.includes(entry))
  const plan = await planCounts(context, connected, batch, entries, batch.read_at)
  const tally: Tally = {
    ...page.tally,
    read: page.tally.read + batch.records.length,
    unchanged: batch.records.length - plan.counts.length,
  }
  const patches = plan.settled.flatMap(agreement)
  const size = Math.max(1, connected.connector.capabilities.max_write_batch)
  for (let start = 0; start < plan.counts.length; start += size) {
    const chunk = plan.counts.slice(start, start + size)
    const done = await writeCounts(context, connected, batch, chunk, plan)
    patches.push(...done.patches)
    tally.pushed += done.written
  }
  await context.ledger.transaction(async (tx) => {
    // Before the links move: what another look said meanwhile is left as it is.
    const stale = await saveOpen(context, connected, tx, plan)
    const late = [...overtaken, ...entries.filter(({ link }) => stale.has(link.id))]
    await context.ledger.patchLinks(tx, oneEach(patches))
    const looked = batch.records.map((record) => record.id)
    const parked = [...page.parked, ...found.parked]
    await context.ledger.unpark(
      tx,
      connected.id,
      "stock",
      looked.map((id) => ({ entity: "variant", erp_id: id, except: [] })),
    )
    await context.ledger.park(tx, connected.id, parked)
    tally.parked += parked.length
    await finish(tx, tally)
    const moved = late.map((entry) => again(entry, "moved", 1000))
    await context.ledger.markDirty(connected.id, [...found.dirty, ...plan.dirty, ...moved], tx)
  })
  return tally
}

/** Stores what stands open of the fields decided about; returns the links whose look was void. */
const saveOpen = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  tx: Tx,
  { looked, seqs, differences }: CountPlan,
): Promise<ReadonlySet<string>> => {
  const looks = [...looked].map(([{ id, stock_seq, erp_id }, fields]) => ({
    link_id: id,
    fields,
    stock: { stock_seq: seqs.get(id) ?? stock_seq, erp_id },
  }))
  if (looks.length === 0) {
    return new Set()
  }
  const { stale } = await context.ledger.saveDifferences(tx, connected.id, looks, differences)
  return new Set(stale)
}

/** Locations of one variant are told together: its fence moves once. */
const oneEach = (patches: LinkPatch[]): LinkPatch[] => {
  const byLink = new Map<string, LinkPatch>()
  for (const patch of patches) {
    const before = byLink.get(patch.id)
    const { expected } = patch
    byLink.set(patch.id, {
      ...before,
      ...patch,
      // The fence as it stands after the announcement, where there was one.
      expected: before && before.expected.seq > expected.seq ? before.expected : expected,
      base_erp: { ...before?.base_erp, ...patch.base_erp },
      base_medusa: { ...before?.base_medusa, ...patch.base_medusa },
      intents: { ...before?.intents, ...patch.intents },
      kept: { ...before?.kept, ...patch.kept },
    })
  }
  return [...byLink.values()]
}

const planCounts = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpVariantStock>,
  entries: Stockable[],
  now: string,
): Promise<CountPlan> => {
  const plan: CountPlan = {
    counts: [],
    looked: new Map(),
    seqs: new Map(),
    settled: [],
    differences: [],
    dirty: [],
  }
  if (entries.length === 0) {
    return plan
  }
  const records = new Map<ErpId, ErpVariantStock>(batch.records.map((entry) => [entry.id, entry]))
  const levels = indexLevels(await context.catalog.readLevels(pairsOf(entries)))
  const demand = await readDemand(context, connected, batch, entries, null)
  const locations = mappingsByLocation(connected.rules)
  for (const entry of entries) {
    for (const [location, figure] of entry.figures) {
      const level = levels.get(`${entry.inventory_item_id}/${location}`)
      const record = records.get(entry.erp_id)
      if (!level?.id || !record) {
        look(plan, entry.link, `stock:${location}`)
        continue
      }
      const { stocked } = level
      const target = targetOf(connected.rules, entry, location, figure, demand, batch.read_at)
      planCount(connected, plan, now, {
        entry,
        location,
        figure,
        stocked,
        edit: subtractDecimals(stocked, target.stocked),
        warehouses: (locations.get(location) ?? []).map((mapping) => mapping.erp),
        record,
      })
    }
  }
  return plan
}

const look = ({ looked }: CountPlan, link: Link, field: string): void => {
  looked.set(link, [...(looked.get(link) ?? []), field])
}

const planCount = (
  connected: Connected,
  plan: CountPlan,
  now: string,
  at: {
    entry: Stockable
    location: MedusaId
    figure: string
    stocked: string
    /** By how much the store's level differs from what the ERP's figure makes of it. */
    edit: string
    warehouses: string[]
    record: ErpVariantStock
  },
): void => {
  const { entry, figure, stocked } = at
  const { link } = entry
  const field = `stock:${at.location}`
  const [warehouse, ...others] = at.warehouses
  const onHand = at.record.levels.find((level) => level.warehouse === warehouse)?.on_hand ?? "0"
  const intent = link.intents[field]
  const settles = equalDecimals(at.edit, "0") || warehouse === undefined
  if (!settles && isUnderWay(intent, onHand, now)) {
    const delay = Date.parse(intent?.until ?? now) - Date.parse(now)
    plan.dirty.push(again(entry, "under_way", delay))
    return
  }
  look(plan, link, field)
  if (settles) {
    plan.settled.push({ entry, field, figure, stocked })
    return
  }
  const to = maxDecimal("0", addDecimals(onHand, at.edit))
  const waits = waitsFor(connected.rules, link, field, { from: onHand, to }, others.length > 0, now)
  if (waits) {
    const open = { link_id: link.id, field, kind: "pending" as const }
    plan.differences.push({ ...open, ...waits, erp: figure, medusa: stocked })
    return
  }
  plan.counts.push({ entry, field, warehouse, from: onHand, to, stocked, figure })
}

/** Why a count is not sent, null when it is. */
const waitsFor = (
  rules: Rules,
  link: Link,
  field: string,
  count: { from: string; to: string },
  summed: boolean,
  now: string,
): { reason: string; message: string | null } | null => {
  if (rules.push.held) {
    return { reason: rules.push.held, message: null }
  }
  return summed
    ? { reason: "unsupported", message: "Several warehouses are summed into this location." }
    : refusalOf(link.kept, field, count, now)
}

/** A count that was sent and not answered may still be applied; one that is seen to be is over. */
const isUnderWay = (intent: Intent | undefined, onHand: string, now: string): boolean =>
  intent?.until != null &&
  Date.parse(intent.until) > Date.parse(now) &&
  !equalDecimals(onHand, String(intent.target_value))

const agreement = ({
  entry,
  field,
  figure,
  stocked,
}: CountPlan["settled"][number]): LinkPatch[] => {
  const { link } = entry
  const stands = link.base_erp[field] === figure && link.base_medusa[field] === stocked
  return stands && link.intents[field] === undefined
    ? []
    : [
        {
          id: link.id,
          expected: { lane: "stock", seq: link.stock_seq },
          base_erp: { [field]: figure },
          base_medusa: { [field]: stocked },
          intents: { [field]: null },
          agreed: true,
        },
      ]
}

const again = (entry: Stockable, reason: string, delayMs: number): DirtyKey => ({
  stream: "stock",
  erp_id: entry.erp_id,
  reason,
  delay_ms: delayMs,
})

const writeCounts = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  counts: Count[],
  plan: CountPlan,
): Promise<{ patches: LinkPatch[]; written: number }> => {
  const announcedAt = context.monotonic()
  const maySend = (): boolean => context.monotonic() - announcedAt <= SEND_WITHIN_MS
  const announced = await announce(context, connected, batch, counts)
  announced.forEach(({ count, seq }) => plan.seqs.set(count.entry.link.id, seq))
  const moved = counts.filter((count) => !announced.some((entry) => entry.count === count))
  plan.dirty.push(...moved.map(({ entry }) => again(entry, "moved", 1000)))
  if (!maySend()) {
    plan.dirty.push(...announced.map(({ count }) => again(count.entry, "stalled", SEND_WITHIN_MS)))
    return { patches: [], written: 0 }
  }
  const outcomes = await sendChanges(
    connected,
    announced.map(({ count }) => changeOf(connected, count)),
    { lane: "interactive", may_send: maySend },
  )
  const patches = announced.flatMap(({ count, seq }, index): LinkPatch[] =>
    settled(count, seq, outcomes[index], plan, batch.read_at),
  )
  return {
    patches,
    written: outcomes.filter(({ outcome }) => outcome === "written").length,
  }
}

const announce = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  counts: Count[],
): Promise<{ count: Count; seq: number }[]> => {
  const at = await context.ledger.now()
  const until = requestLife(connected, at)
  return context.ledger.transaction(async (tx) => {
    const ids = [...new Set(counts.map(({ entry }) => entry.link.id))]
    const locked = await context.ledger.lockLinks(tx, ids)
    const current = counts.filter(({ entry }) => isSameStock(entry.link, locked.get(entry.link.id)))
    await context.ledger.journal(
      tx,
      connected.id,
      current.map((count) => entryOf(count, batch)),
    )
    const { seqs } = await context.ledger.patchLinks(
      tx,
      [...new Set(current.map(({ entry }) => entry.link))].map((link) => ({
        id: link.id,
        expected: { lane: "stock", seq: link.stock_seq },
        intents: intentsOf(current, link, at, until),
      })),
    )
    return current.map((count) => ({ count, seq: seqs.get(count.entry.link.id) ?? 0 }))
  })
}

const intentsOf = (
  counts: Count[],
  link: Link,
  at: string,
  until: string,
): Record<string, Intent> =>
  Object.fromEntries(
    counts
      .filter(({ entry }) => entry.link === link)
      .map((count) => [
        count.field,
        {
          source: "medusa",
          source_value: count.stocked,
          target_value: count.to,
          replaced_value: count.from,
          target_version: null,
          at,
          until,
        },
      ]),
  )

const entryOf = ({ entry, field, from, to }: Count, batch: Batch): JournalEntry => ({
  run_id: batch.run_id,
  entity: "variant",
  erp_id: entry.erp_id,
  medusa_id: entry.link.medusa_id,
  field,
  side: "erp",
  kind: "write",
  from,
  to,
  rule: "counted_in_medusa",
})

const changeOf = (connected: Connected, { entry, warehouse, from, to }: Count): Change => ({
  entity: "stock",
  id: entry.erp_id,
  product_id: entry.link.parent_erp_id,
  expected_version: null,
  expected: { [`on_hand:${warehouse}`]: from },
  patch: { [`on_hand:${warehouse}`]: to },
  weight_unit: connected.rules.weight_unit,
})

/** What a count came to: the link's next state, and what stands open or is looked at again. */
const settled = (
  count: Count,
  seq: number,
  outcome: WriteOutcome | undefined,
  plan: CountPlan,
  at: string,
): LinkPatch[] => {
  const { entry, field } = count
  const over: LinkPatch = {
    id: entry.link.id,
    expected: { lane: "stock", seq },
    intents: { [field]: null },
  }
  switch (outcome?.outcome) {
    case "written":
      // What the figure is now, the next reading tells: it is compared again.
      plan.dirty.push(again(entry, "counted", 1000))
      return [over]
    case "refused":
      plan.dirty.push(again(entry, outcome.reason, 1000))
      return [over]
    case "unsupported":
    case "invalid": {
      const refusal = refusalIn(outcome)
      const open = { link_id: entry.link.id, field, kind: "pending" as const }
      plan.differences.push({ ...open, ...refusal, erp: count.figure, medusa: count.stocked })
      return [{ ...over, kept: { [refusalName(field)]: keepRefusal(refusal, count, at) } }]
    }
    default: {
      const unknown = outcome === undefined || outcome.error.outcome_unknown
      plan.dirty.push(again(entry, "not_written", outcome?.error.retry_after_ms ?? 15_000))
      return unknown ? [] : [over]
    }
  }
}
