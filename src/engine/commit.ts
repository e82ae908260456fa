import { SyncError } from "../sync/errors"
import { ErpId } from "../sync/ids"
import { Stream } from "../sync/canonical"
import { Decision } from "../sync/decide"
import { nextReplaced } from "../sync/oscillation"
import { NamePlan } from "../sync/option-names"
import { FieldPlan } from "../sync/plan-fields"
import { keepRefusal, refusalName } from "../sync/refusals"
import { FieldName, FieldValue, Link } from "../sync/values"
import { Batch, Connected, EngineContext, Finish, Tally } from "./context"
import { saveOpen } from "./differences"
import { deletedVariants, wakeFreed } from "./freed"
import { arriveResumed } from "./made-again"
import { flushEvents } from "./outbox"
import {
  DirtyKey,
  JournalEntry,
  LinkPatch,
  OutgoingEvent,
  ParkedRecord,
  ValueOutcome,
  ValueWrite,
} from "./ports"
import { isPush, Pushed, pushChanges } from "./push"

/** The plan of one link, in terms of what has to be written. */
export interface LinkWork {
  /** The key that is looked at again when this link cannot be written now: its product or category. */
  key: { stream: Stream; erp_id: ErpId }
  link: Link
  entity: ValueWrite["entity"]
  /** Version of the ERP's record as read for this plan. */
  erp_version: string | null
  fields: FieldPlan[]
  /** Further guarded writes that belong to no field of the ERP: status, backorder flag. */
  extra: { write: ValueWrite; rule: string }[]
  /** Applied together with the bases when the link is still current. */
  patch: Omit<LinkPatch, "id" | "expected">
  /** Takes the record out of sale: counted and held back by the guard. */
  retire: boolean
}

export interface PageWork {
  /** Database time of the plans, ISO. */
  now: string
  links: LinkWork[]
  /** Names of options and values that were looked at; none of them is written here. */
  names: NamePlan[]
  parked: ParkedRecord[]
  /** Records whose parked fields are healed, except those parked again by this page. */
  healed: { entity: ParkedRecord["entity"]; erp_id: ErpId }[]
  dirty: DirtyKey[]
  journal: JournalEntry[]
  /** Products linked to what the store already had: their values are planned in this same batch. */
  adopted: Set<ErpId>
  /** What became of the edits that went to the ERP, by link. */
  pushed: Map<string, Pushed>
  /** Fields that were written in the store, by link. */
  written: Map<string, Set<FieldName>>
  /** Single fields that a person chose: no look at the records as wholes. */
  chosen?: boolean
  swept: { entity: Link["entity"]; erp_ids: ErpId[] }[]
  tally: Tally
}

interface Staged {
  work: LinkWork
  write: ValueWrite
  plan: FieldPlan | null
  rule: string
}

/**
 * Stores a page in one transaction: guarded writes in Medusa, bases, journal, parked records, events
 * and progress. A link that moved since it was planned, or whose rows are locked or hold something
 * else by now, is left alone and marked dirty; everything else goes on.
 */
export const commitPage = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  stream: Stream,
  batch: Batch,
  page: PageWork,
  finish: Finish<Tx>,
): Promise<Tally> => {
  await pushChanges(context, connected, stream, batch, page)
  const groupId = originOf(batch).group_id
  const { tally, eventIds } = await context.ledger.transaction(async (tx) => {
    const moving = page.links.filter((work) => hasWork(work, page.pushed.get(work.link.id)))
    const locked = await context.ledger.lockLinks(
      tx,
      moving.map((work) => work.link.id),
    )
    const current = moving.filter((work) => locked.get(work.link.id)?.seq === work.link.seq)
    const stale = moving.filter((work) => locked.get(work.link.id)?.seq !== work.link.seq)
    const dirty: DirtyKey[] = [
      ...page.dirty,
      ...(page.chosen ? [] : stale.map((work) => again(work, "moved"))),
      ...page.links.flatMap((work) => whenOver(work, page.now)),
    ]

    const staged = current.flatMap(stage)
    const result = await context.catalog.writeValues(
      tx,
      staged.map((entry) => entry.write),
    )
    const applied = applyOutcomes(staged, result.outcomes, batch)
    const told = await saveOpen(context, connected, tx, page)
    if (!page.chosen) {
      dirty.push(
        ...applied.dirty,
        ...page.links
          .filter(({ link }) => told.stale.has(link.id))
          .map((work) => again(work, "moved")),
      )
    }
    for (const [id, fields] of applied.written) {
      page.written.set(id, new Set([...(page.written.get(id) ?? []), ...fields.keys()]))
    }

    const patches = current
      .map((work) => patchOf(work, applied, page.pushed.get(work.link.id), dirty, page.now))
      .filter(changesSomething)
    const { lost } = await context.ledger.patchLinks(tx, patches)
    if (lost.length > 0) {
      throw brokenFence(lost)
    }
    // A name whose link moved since is decided by the next look.
    await context.ledger.patchLinks(tx, page.names.flatMap(agreedName))
    const moved = current.filter(({ link }) => !applied.unmoved.has(link.id))
    await arriveResumed(context, connected, tx, moved)
    const parked = [...page.parked, ...applied.parked]
    const retired = current.filter((work) => work.retire && !applied.unmoved.has(work.link.id))
    await healAndPark(context, connected, stream, tx, page, parked)
    const deleted = await deletedVariants(context, connected, current)
    await wakeFreed(context, connected, tx, { written: applied.journal, deleted })
    if (stream === "categories" && patches.some(movesCategory)) {
      await context.ledger.wakeRefusedMoves(tx, connected.id)
    }
    await context.ledger.journal(tx, connected.id, [
      ...page.journal,
      ...applied.journal,
      ...retired.map((work) => goneEntry(work, batch)),
    ])
    if (batch.run_id !== null) {
      for (const swept of page.swept) {
        await context.ledger.markSwept(tx, batch.run_id, swept.entity, swept.erp_ids)
      }
    }
    const total: Tally = {
      ...page.tally,
      updated: page.tally.updated + applied.updated.size,
      unchanged: page.tally.unchanged,
      parked: page.tally.parked + parked.length,
      gone: page.tally.gone + retired.length,
      writes: page.tally.writes + result.writes,
      events: page.tally.events + result.events.length,
    }
    const events: OutgoingEvent[] = [...result.events, ...told.events]
    const ids = await context.ledger.queueEvents(tx, groupId, events)
    await finish(tx, total)
    // After the claims of this look ended: a mark with a delay would else find its key due already.
    await context.ledger.markDirty(connected.id, dirty, tx)
    return { tally: total, eventIds: { ids, events } }
  })
  await flushEvents(context, groupId, eventIds.ids, eventIds.events)
  return tally
}

/**
 * The `eventGroupId` of everything that a batch causes in Medusa: recognisable as ours by its prefix,
 * and one of its own per batch, since Medusa drops a whole group when one workflow of it fails.
 */
export const originOf = (batch: Pick<Batch, "run_id" | "read_seq">): { group_id: string } => ({
  group_id: `${ORIGIN_PREFIX}${batch.run_id ?? "dirty"}:${batch.read_seq}`,
})

/** Events of a group with this prefix come from the sync itself. */
export const ORIGIN_PREFIX = "erp-sync:"

/** Cannot happen while the rows are locked; if it does, nothing of the batch is stored. */
export const brokenFence = (links: string[]): SyncError =>
  new SyncError({
    kind: "transient",
    code: "moved_under_lock",
    message: `Links changed while they were locked: ${links.join(", ")}.`,
    remedy: "The batch is read and planned again.",
  })

/** Links on which nothing moves are not touched at all: an unchanged pass writes nothing. */
const hasWork = (work: LinkWork, pushed: Pushed | undefined): boolean =>
  pushed !== undefined ||
  work.extra.length > 0 ||
  work.fields.some(
    (plan) =>
      plan.decision.outcome === "write" ||
      plan.decision.outcome === "agree" ||
      hasSpentIntent(work.link, plan),
  ) ||
  Object.keys(work.patch).some((key) => key !== "content_hash" && key !== "version") ||
  Object.entries(work.patch.content_hash ?? {}).some(
    ([stream, hash]) => work.link.content_hash[stream as Stream] !== hash,
  ) ||
  Object.entries(work.patch.version ?? {}).some(
    ([stream, version]) => work.link.version[stream as Stream] !== version,
  )

/** Soon where the row was only busy; later where the record itself is missing and may have to be found gone. */
const again = (work: LinkWork, reason: string): DirtyKey => ({
  ...work.key,
  reason,
  delay_ms: reason === "gone" ? 60_000 : 1000,
})

/** A request that may still land leaves its record to a look that comes when it no longer can. */
const whenOver = ({ key, fields }: LinkWork, now: string): DirtyKey[] =>
  fields.flatMap(({ decision }) =>
    decision.outcome === "wait"
      ? [
          {
            ...key,
            reason: "open_intent",
            delay_ms: Math.max(0, Date.parse(decision.until) - Date.parse(now)) + 1000,
          },
        ]
      : [],
  )

const stage = (work: LinkWork): Staged[] => [
  ...work.fields.flatMap((plan): Staged[] =>
    plan.decision.outcome === "write"
      ? [
          {
            work,
            plan,
            rule: plan.decision.rule,
            write: {
              entity: work.entity,
              id: work.link.medusa_id,
              field: plan.medusa_field,
              from: plan.decision.from,
              to: plan.decision.to,
            },
          },
        ]
      : [],
  ),
  ...work.extra.map((extra) => ({ work, plan: null, rule: extra.rule, write: extra.write })),
]

interface Applied {
  written: Map<string, Map<string, { erp: FieldValue; medusa: FieldValue; replaced: FieldValue }>>
  updated: Set<string>
  /** Links of which at least one write did not happen: their content hash is not stored. */
  incomplete: Set<string>
  /** Links whose status or flag could not be written: their state does not move either. */
  unmoved: Set<string>
  dirty: DirtyKey[]
  parked: ParkedRecord[]
  journal: JournalEntry[]
}

const applyOutcomes = (staged: Staged[], outcomes: ValueOutcome[], batch: Batch): Applied => {
  const applied: Applied = {
    written: new Map(),
    updated: new Set(),
    incomplete: new Set(),
    unmoved: new Set(),
    dirty: [],
    parked: [],
    journal: [],
  }
  staged.forEach((entry, index) => {
    const outcome = outcomes[index]
    const { link } = entry.work
    if (outcome?.outcome === "written") {
      applied.updated.add(link.parent_erp_id ?? link.erp_id)
      applied.journal.push(journalOf(entry, batch))
      if (entry.plan?.decision.outcome === "write") {
        const fields = applied.written.get(link.id) ?? new Map()
        fields.set(entry.plan.field, {
          erp: entry.plan.decision.base_erp,
          medusa: entry.write.to,
          replaced: entry.write.from,
        })
        applied.written.set(link.id, fields)
      }
      return
    }
    applied.incomplete.add(link.id)
    if (entry.plan === null) {
      applied.unmoved.add(link.id)
    }
    if (outcome?.outcome === "refused") {
      applied.parked.push({
        stream: entry.work.key.stream,
        entity: link.entity,
        erp_id: link.erp_id,
        field: entry.plan?.field ?? entry.write.field,
        reason: outcome.error.code,
        message: outcome.error.message,
        value: outcome.error.value ?? (entry.write.to === null ? null : String(entry.write.to)),
        remedy: outcome.error.remedy,
        version: null,
      })
    } else {
      applied.dirty.push(again(entry.work, outcome?.outcome ?? "moved"))
    }
  })
  return applied
}

const journalOf = (entry: Staged, batch: Batch): JournalEntry => ({
  run_id: batch.run_id,
  entity: entry.work.link.entity,
  erp_id: entry.work.link.erp_id,
  medusa_id: entry.work.link.medusa_id,
  field: entry.plan?.field ?? entry.write.field,
  side: "medusa",
  kind:
    entry.plan?.decision.outcome === "write" && entry.plan.decision.loses ? "superseded" : "write",
  from: entry.write.from,
  to: entry.write.to,
  rule: entry.rule,
})

const goneEntry = (work: LinkWork, batch: Batch): JournalEntry => ({
  run_id: batch.run_id,
  entity: work.link.entity,
  erp_id: work.link.erp_id,
  medusa_id: work.link.medusa_id,
  field: "*",
  side: "medusa",
  kind: "gone",
  from: "linked",
  to: "gone",
  rule: "gone_in_erp",
})

const agreedName = ({ link, fields: [{ field, decision }] }: NamePlan): LinkPatch[] =>
  decision.outcome === "agree"
    ? [
        {
          id: link.id,
          expected: { lane: "catalog", seq: link.seq },
          base_erp: { [field]: decision.base_erp },
          base_medusa: { [field]: decision.base_medusa },
          ...(link.resolutions[field] !== undefined && { resolutions: { [field]: null } }),
        },
      ]
    : []

/** A link whose only write was refused stays as it is, its fence too. */
const changesSomething = ({ id: _id, expected: _expected, ...patch }: LinkPatch): boolean =>
  Object.values(patch).some(
    (value) => typeof value !== "object" || value === null || Object.keys(value).length > 0,
  )

/** The tree has changed in the ERP: a move that would have closed a circle there may be possible now. */
const movesCategory = ({ base_erp }: LinkPatch): boolean => base_erp?.["parent"] !== undefined

/** An announcement that the table has decided without: whatever was sent is over. */
const hasSpentIntent = (link: Link, { field, decision }: FieldPlan): boolean =>
  link.intents[field] !== undefined && decision.outcome !== "wait" && decision.outcome !== "push"

const patchOf = (
  work: LinkWork,
  applied: Applied,
  pushed: Pushed | undefined,
  dirty: DirtyKey[],
  now: string,
): LinkPatch => {
  const { link } = work
  const baseErp: Record<string, FieldValue> = { ...work.patch.base_erp }
  const baseMedusa: Record<string, FieldValue> = { ...work.patch.base_medusa }
  const replaced: NonNullable<LinkPatch["replaced"]> = { ...work.patch.replaced }
  const intents: NonNullable<LinkPatch["intents"]> = { ...work.patch.intents }
  const resolutions: NonNullable<LinkPatch["resolutions"]> = {}
  const kept: NonNullable<LinkPatch["kept"]> = {}
  const settle = (field: FieldName, erp: FieldValue, medusa: FieldValue): void => {
    baseErp[field] = erp
    baseMedusa[field] = medusa
    intents[field] = null
    if (link.resolutions[field] !== undefined) {
      resolutions[field] = null
    }
    if (link.kept[refusalName(field)] !== undefined) {
      kept[refusalName(field)] = null
    }
  }
  for (const plan of work.fields) {
    const { field, decision } = plan
    if (decision.outcome === "agree") {
      settle(field, decision.base_erp, decision.base_medusa)
    } else if (hasSpentIntent(link, plan)) {
      intents[field] = null
    }
    if (plan.evidence && decision.outcome !== "agree") {
      baseErp[field] = plan.evidence.base_erp
      baseMedusa[field] = plan.evidence.base_medusa
    }
    const inMedusa = applied.written.get(link.id)?.get(field)
    const inErp = pushed?.written.get(field)
    const done = inMedusa ?? inErp
    if (done) {
      settle(field, done.erp, done.medusa)
      replaced[field] = nextReplaced(link.replaced[field], {
        side: inMedusa ? "medusa" : "erp",
        from: done.replaced,
        to: inMedusa ? done.medusa : done.erp,
        at: now,
      })
    }
    const refusal = pushed?.refused.get(field)
    if (refusal && isPush(plan)) {
      kept[refusalName(field)] = keepRefusal(refusal, plan.decision, now)
    }
  }
  for (const field of pushed?.over ?? []) {
    intents[field] = null
  }
  const settled =
    !applied.incomplete.has(link.id) &&
    !work.fields.some(({ decision }) => isOpen(decision)) &&
    !dirty.some(
      (key) => key.erp_id === work.key.erp_id && key.stream === work.key.stream && !key.delay_ms,
    )
  const {
    content_hash,
    version,
    fingerprint,
    kept: life,
    ...rest
  } = {
    ...work.patch,
    kept: { ...work.patch.kept, ...kept },
  }
  const unmoved = applied.unmoved.has(link.id)
  const patch = unmoved ? withoutLife(rest) : rest
  // While a void base is not replaced, the link keeps saying under which rules it was made.
  const rebased = work.fields.every(
    ({ field, voided, decision }) =>
      !voided ||
      decision.outcome === "agree" ||
      decision.outcome === "write" ||
      pushed?.written.has(field),
  )
  return {
    ...patch,
    id: link.id,
    expected: { lane: "catalog", seq: link.seq },
    kept: unmoved ? kept : life,
    resolutions,
    base_erp: baseErp,
    base_medusa: baseMedusa,
    replaced,
    intents,
    ...(settled && content_hash ? { content_hash } : {}),
    ...(settled && version ? { version } : {}),
    ...(settled && rebased && fingerprint ? { fingerprint } : {}),
  }
}

/** What went with a write that did not happen is decided again by the next look. */
const withoutLife = <P extends Pick<LinkWork["patch"], "state">>(patch: P): P => {
  const rest = { ...patch }
  delete rest.state
  return rest
}

/** What went to the ERP, or waits for an answer from there, is looked at once more. */
const isOpen = ({ outcome }: Decision): boolean => outcome === "push" || outcome === "wait"

const healAndPark = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  stream: Stream,
  tx: Tx,
  page: PageWork,
  parked: ParkedRecord[],
): Promise<void> => {
  const fields = new Map<string, string[]>()
  for (const record of parked) {
    const key = `${record.entity}/${record.erp_id}`
    fields.set(key, [...(fields.get(key) ?? []), record.field])
  }
  await context.ledger.unpark(
    tx,
    connected.id,
    stream,
    page.healed.map((record) => ({
      ...record,
      except: fields.get(`${record.entity}/${record.erp_id}`) ?? [],
    })),
  )
  await context.ledger.park(tx, connected.id, parked)
}
