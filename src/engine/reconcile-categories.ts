import { ErpCategory } from "../sync/canonical"
import { toSyncError } from "../sync/errors"
import { contentHash } from "../sync/hash"
import { ErpId, MedusaId } from "../sync/ids"
import { nextReplaced } from "../sync/oscillation"
import { CategoryPlan, planCategory } from "../sync/plan-category"
import { FieldPlan } from "../sync/plan-fields"
import { MedusaCategory } from "../sync/snapshot"
import { Link } from "../sync/values"
import { Arrivals, storeArrivals } from "./arrivals"
import { markBusy, withFree } from "./busy"
import { commitPage, LinkWork, originOf, PageWork } from "./commit"
import { Batch, Connected, EngineContext, Finish, Tally } from "./context"
import { waitsForRequests } from "./deleted-records"
import { Freshness } from "./freshness"
import { voidMemberships } from "./made-again"
import { oneAtATime } from "./one-at-a-time"
import { fieldsOfOthers, heldField, setOverlapsAside } from "./overlaps"
import { emptyPage, parkFailed, parkRejected } from "./page"
import { LinkPatch } from "./ports"
import { guardRetirements, retireMissing } from "./retire"

interface Loaded {
  links: Map<ErpId, Link>
  byMedusa: Map<MedusaId, ErpId>
  medusa: Map<MedusaId, MedusaCategory>
}

/** Reconciles a batch of categories: parents before children, moves after creations. */
export const reconcileCategories = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpCategory>,
  finish: Finish<Tx>,
): Promise<Tally> => {
  const page = emptyPage(await context.ledger.now())
  parkRejected(page, "categories", "category", batch)
  const fresh = new Freshness(batch)
  const records = parentsFirst(batch.records)
  page.tally.read += batch.records.length

  await createMissing(context, connected, batch, records, page, fresh)
  await moveCategories(context, connected, batch, records, page, fresh)

  const loaded = await load(context, connected, records)
  for (const erp of records) {
    planWork(context, connected, erp, loaded, page, fresh, batch.read_at)
  }
  await setOverlapsAside(context, connected, page)
  await retireMissing(context, connected, "category", batch, page, fresh)
  page.swept.push({ entity: "category", erp_ids: records.map((erp) => erp.id) })
  return oneAtATime(context, connected, page, async () => {
    await guardRetirements(context, connected, "category", page)
    return commitPage(context, connected, "categories", batch, page, finish)
  })
}

/** Orders records so that a parent stands before its children; members of a cycle keep their order. */
export const parentsFirst = (records: ErpCategory[]): ErpCategory[] => {
  const byId = new Map(records.map((record) => [record.id, record]))
  const done = new Set<ErpId>()
  const ordered: ErpCategory[] = []
  for (const record of records) {
    const chain: ErpCategory[] = []
    const onChain = new Set<ErpId>()
    let next: ErpCategory | undefined = record
    while (next && !done.has(next.id) && !onChain.has(next.id)) {
      chain.push(next)
      onChain.add(next.id)
      next = next.parent_id === null ? undefined : byId.get(next.parent_id)
    }
    for (const member of chain.reverse()) {
      done.add(member.id)
      ordered.push(member)
    }
  }
  return ordered
}

export const load = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  records: ErpCategory[],
): Promise<Loaded> => {
  const ids = new Set<ErpId>()
  for (const record of records) {
    ids.add(record.id)
    if (record.parent_id !== null) {
      ids.add(record.parent_id)
    }
  }
  const links = await context.ledger.linksByErp(connected.id, "category", [...ids])
  const medusa = await context.catalog.readCategories(links.map((link) => link.medusa_id))
  const parents = [...medusa.values()].flatMap((entry) =>
    entry.parent_id ? [entry.parent_id] : [],
  )
  const parentLinks = await context.ledger.linksByMedusa(connected.id, "category", parents)
  return {
    links: new Map(links.map((link) => [link.erp_id, link])),
    byMedusa: new Map([...links, ...parentLinks].map((link) => [link.medusa_id, link.erp_id])),
    medusa,
  }
}

export const planOne = (
  connected: Connected,
  erp: ErpCategory,
  loaded: Loaded,
  now: string,
): CategoryPlan => {
  const link = loaded.links.get(erp.id) ?? null
  const medusa = (link && loaded.medusa.get(link.medusa_id)) ?? null
  return planCategory({
    rules: connected.rules,
    now,
    erp,
    link,
    medusa,
    parent: parentOf(erp, loaded),
    medusa_parent_erp_id: medusa?.parent_id
      ? (loaded.byMedusa.get(medusa.parent_id) ?? null)
      : null,
  })
}

const parentOf = (erp: ErpCategory, loaded: Loaded): MedusaId | null => {
  const link = erp.parent_id === null ? undefined : loaded.links.get(erp.parent_id)
  const medusa = link && loaded.medusa.get(link.medusa_id)
  return link && link.state !== "tombstone" && medusa && !medusa.deleted ? medusa.id : null
}

const createMissing = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  records: ErpCategory[],
  page: PageWork,
  fresh: Freshness,
): Promise<void> => {
  const first = await load(context, connected, records)
  const missing = records.filter(
    (erp) => planOne(connected, erp, first, batch.read_at).kind === "create",
  )
  if (missing.length === 0) {
    return
  }
  const lock = (erp: ErpCategory): string => `${connected.id}/category/${erp.id}`
  await withFree(
    context,
    page,
    "categories",
    missing,
    { lock, id: ({ id }) => id },
    async (mine) => {
      const links = await context.ledger.transaction((tx) =>
        context.ledger.insertLinks(
          tx,
          connected.id,
          mine.map((erp) => ({
            entity: "category",
            erp_id: erp.id,
            parent_erp_id: null,
            medusa_id: context.catalog.newId("category"),
            state: "creating",
            fingerprint: connected.rules.fingerprint,
            match_key: null,
            base_erp: {},
            base_medusa: {},
          })),
        ),
      )
      fresh.trustLinks(links)
      await createLevels(context, connected, batch, mine, links, page, fresh)
    },
  )
}

/** A category can be created once its parent stands; so they go level by level. */
const createLevels = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  mine: ErpCategory[],
  links: Link[],
  page: PageWork,
  fresh: Freshness,
): Promise<void> => {
  const byErp = new Map(links.map((link) => [link.erp_id, link]))
  let open = mine
  while (open.length > 0) {
    const opened = new Set(open.map((erp) => erp.id))
    const ready = open.filter((erp) => erp.parent_id === null || !opened.has(erp.parent_id))
    // Only a cycle leaves nothing ready; its members are created as roots and wait for their parents.
    const level = ready.length > 0 ? ready : open
    const loaded = await load(context, connected, level)
    const basesOf = (erp: ErpCategory): { name: string; parent: ErpId | null } => ({
      name: erp.name,
      parent: parentOf(erp, loaded) === null ? null : erp.parent_id,
    })
    // Announced: what a run that dies here has written is known as the ERP's by the next one.
    const announced = await context.ledger.transaction((tx) =>
      context.ledger.patchLinks(
        tx,
        level.flatMap((erp): LinkPatch[] => {
          const link = byErp.get(erp.id)
          const expected = { lane: "catalog" as const, seq: link?.seq ?? 0 }
          return link
            ? [{ id: link.id, expected, base_erp: basesOf(erp), base_medusa: basesOf(erp) }]
            : []
        }),
      ),
    )
    fresh.trust(announced.seqs)
    const outcomes = await context.catalog.createCategories(
      level.flatMap((erp) => {
        const link = byErp.get(erp.id)
        return link
          ? [
              {
                id: link.medusa_id,
                erp_id: erp.id,
                name: erp.name,
                is_active: erp.active,
                parent_id: parentOf(erp, loaded),
              },
            ]
          : []
      }),
      originOf(batch),
    )
    const created = level.filter((_erp, index) => outcomes[index]?.outcome === "created")
    const patches = await context.ledger.transaction(async (tx) => {
      await storeArrivals(context, connected, tx, arrivalsOf(batch, created, byErp))
      await voidMemberships(context, connected, tx, madeBefore(created, byErp))
      return context.ledger.patchLinks(
        tx,
        created.flatMap((erp) => {
          const link = byErp.get(erp.id)
          if (!link) {
            return []
          }
          return [
            {
              id: link.id,
              expected: {
                lane: "catalog" as const,
                seq: announced.seqs.get(link.id) ?? link.seq,
              },
              state: erp.active ? ("linked" as const) : ("gone" as const),
              ...(erp.active ? {} : { kept: { is_active: true } }),
              agreed: true,
            },
          ]
        }),
      )
    })
    fresh.trust(patches.seqs)
    level.forEach((erp, index) => {
      const outcome = outcomes[index]
      if (outcome?.outcome === "created") {
        page.tally.created += 1
        page.tally.writes += outcome.created.writes
        page.tally.events += outcome.created.events
      } else if (outcome) {
        parkFailed(page, "categories", "category", erp.id, outcome.error)
      }
    })
    open = open.filter((erp) => !level.includes(erp))
  }
}

const madeBefore = (created: ErpCategory[], links: ReadonlyMap<ErpId, Link>): ErpId[] =>
  created.map((erp) => erp.id).filter((id) => Object.keys(links.get(id)?.base_erp ?? {}).length > 0)

const arrivalsOf = (
  batch: Batch,
  created: ErpCategory[],
  links: ReadonlyMap<ErpId, Link>,
): Arrivals => ({
  journal: created.map((erp) => ({
    run_id: batch.run_id,
    entity: "category",
    erp_id: erp.id,
    medusa_id: links.get(erp.id)?.medusa_id ?? null,
    field: "*",
    side: "medusa",
    kind: "create",
    from: null,
    to: erp.name,
    rule: "created_in_erp",
  })),
  arrived: created.map((erp) => ({ entity: "category", erp_id: erp.id })),
  dirty: [],
})

/** Moves in the tree go through Medusa's workflow, which keeps the materialised path right. */
export const moveCategories = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  records: ErpCategory[],
  page: PageWork,
  fresh: Freshness,
): Promise<void> => {
  const all = await load(context, connected, records)
  const moving = records.filter((erp) => {
    const plan = planOne(connected, erp, all, batch.read_at)
    return plan.kind === "values" && parentMove(plan.fields) !== undefined
  })
  const links = moving.flatMap((erp) => all.links.get(erp.id) ?? [])
  const held = await fieldsOfOthers(context, connected, links)
  for (const erp of moving) {
    const standing = all.links.get(erp.id)
    const holding = standing && held.get(standing.id)?.get("parent")
    if (holding) {
      page.parked.push(heldField({ stream: "categories", erp_id: erp.id }, standing, holding))
      continue
    }
    const loaded = await load(context, connected, [erp])
    const plan = planOne(connected, erp, loaded, batch.read_at)
    const link = loaded.links.get(erp.id)
    const move = plan.kind === "values" ? parentMove(plan.fields) : undefined
    if (!link || !move || !fresh.isCurrent(link)) {
      continue
    }
    const parent = parentOf(erp, loaded)
    if (await isUnder(context, parent, link.medusa_id)) {
      page.parked.push(waitsForOtherMove(erp))
      continue
    }
    const key = `${connected.id}/category/${erp.id}`
    await context.ledger.exclusively([key], async (granted) => {
      if (!granted.has(key)) {
        markBusy(page, "categories", erp.id)
        return
      }
      const announced = await context.ledger.transaction(async (tx) => {
        await context.ledger.journal(tx, connected.id, [
          {
            run_id: batch.run_id,
            entity: "category",
            erp_id: erp.id,
            medusa_id: link.medusa_id,
            field: "parent",
            side: "medusa",
            kind: move.loses ? "superseded" : "write",
            from: move.from,
            to: move.to,
            rule: move.rule,
          },
        ])
        return context.ledger.patchLinks(tx, [
          {
            id: link.id,
            expected: { lane: "catalog", seq: link.seq },
            intents: {
              parent: {
                source: "erp",
                source_value: move.base_erp,
                target_value: move.to,
                replaced_value: move.from,
                target_version: null,
                at: page.now,
                until: null,
              },
            },
          },
        ])
      })
      const seq = announced.seqs.get(link.id)
      if (seq === undefined) {
        page.dirty.push({ stream: "categories", erp_id: erp.id, reason: "moved", delay_ms: 1000 })
        return
      }
      let done: { writes: number; events: number }
      try {
        done = await context.catalog.moveCategory(link.medusa_id, parent, originOf(batch))
      } catch (error) {
        const failure = toSyncError(error)
        // The announced intent moved the fence; the other fields of this record go on all the same.
        fresh.trust(announced.seqs)
        parkFailed(page, "categories", "category", erp.id, failure, "parent")
        return
      }
      const settled = await context.ledger.transaction(async (tx) => {
        // Whoever waited because this one stood in the way is looked at again.
        const arrived = [{ entity: "category" as const, erp_id: erp.id }]
        await storeArrivals(context, connected, tx, { journal: [], arrived, dirty: [] })
        await context.ledger.wakeRefusedMoves(tx, connected.id)
        return context.ledger.patchLinks(tx, [
          {
            id: link.id,
            expected: { lane: "catalog", seq },
            base_erp: { parent: move.base_erp },
            base_medusa: { parent: move.to },
            replaced: {
              parent: nextReplaced(link.replaced.parent, {
                side: "medusa",
                from: move.from,
                to: move.to,
                at: page.now,
              }),
            },
            intents: { parent: null },
          },
        ])
      })
      fresh.trust(settled.seqs)
      page.written.set(link.id, new Set(["parent"]))
      page.tally.updated += 1
      page.tally.writes += done.writes
      page.tally.events += done.events
    })
  }
}

/** Whether a category stands, at present, somewhere under another. */
const isUnder = async <Tx>(
  context: EngineContext<Tx>,
  id: MedusaId | null,
  above: MedusaId,
): Promise<boolean> => {
  const seen = new Set<MedusaId>()
  for (let at = id; at !== null && !seen.has(at);) {
    if (at === above) {
      return true
    }
    seen.add(at)
    at = (await context.catalog.readCategories([at])).get(at)?.parent_id ?? null
  }
  return false
}

const waitsForOtherMove = (erp: ErpCategory): PageWork["parked"][number] => ({
  stream: "categories",
  entity: "category",
  erp_id: erp.id,
  field: "parent",
  reason: "category_cycle",
  message: `Its parent ${erp.parent_id} stands under it in the store at present.`,
  value: erp.parent_id,
  remedy: "Nothing to do if the parent moves too; else move the parent in the store.",
  version: erp.version,
  waits_for: erp.parent_id === null ? null : { entity: "category", erp_id: erp.parent_id },
})

const parentMove = (fields: FieldPlan[]) => {
  const decision = fields.find((plan) => plan.field === "parent")?.decision
  return decision?.outcome === "write" ? decision : undefined
}

const planWork = <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  erp: ErpCategory,
  loaded: Loaded,
  page: PageWork,
  fresh: Freshness,
  readAt: string,
): void => {
  const plan = planOne(connected, erp, loaded, readAt)
  const link = loaded.links.get(erp.id)
  if (plan.kind === "skip" || plan.kind === "create" || !link) {
    page.tally.unchanged += plan.kind === "skip" ? 1 : 0
    page.healed.push(
      ...(plan.kind === "skip" ? [{ entity: "category" as const, erp_id: erp.id }] : []),
    )
    return
  }
  const key = { stream: "categories" as const, erp_id: erp.id }
  if (!fresh.isCurrent(link)) {
    page.dirty.push({ ...key, reason: "superseded" })
    return
  }
  if (plan.kind === "deleted_in_medusa") {
    const again = connected.rules.deleted === "recreate"
    if (waitsForRequests(connected, key, [link], readAt, page)) {
      return
    }
    page.links.push(
      work(
        key,
        link,
        erp.version,
        [],
        again
          ? { state: "creating", medusa_id: context.catalog.newId("category") }
          : { state: "tombstone" },
      ),
    )
    if (again) {
      page.dirty.push({ ...key, reason: "recreate", delay_ms: 1 })
    }
    page.healed.push({ entity: "category", erp_id: erp.id })
    return
  }
  page.healed.push({ entity: "category", erp_id: erp.id })
  if (plan.waits_for_parent) {
    page.parked.push({
      ...key,
      entity: "category",
      field: "parent",
      reason: "missing_dependency",
      message: `Its parent category ${plan.waits_for_parent} has not arrived yet.`,
      value: plan.waits_for_parent,
      remedy: "Nothing to do: it is placed when the parent arrives.",
      version: erp.version,
      waits_for: { entity: "category", erp_id: plan.waits_for_parent },
    })
  }
  const state = plan.life === "retire" ? "gone" : plan.life === "revive" ? "linked" : null
  const entry = {
    ...work(
      key,
      link,
      erp.version,
      // A move in the store went through its workflow by now.
      plan.fields.filter((field) => field.field !== "parent" || field.decision.outcome !== "write"),
      {
        ...(link.state === "creating" ? { state: "linked" as const } : {}),
        ...(state
          ? {
              state,
              ...(plan.life === "retire"
                ? { kept: { is_active: loaded.medusa.get(link.medusa_id)?.is_active ?? true } }
                : {}),
            }
          : {}),
        ...(link.fingerprint === connected.rules.fingerprint
          ? {}
          : { fingerprint: connected.rules.fingerprint }),
        content_hash: { categories: contentHash(erp, connected.rules.fingerprint) },
        ...(erp.version === null ? {} : { version: { categories: erp.version } }),
      },
    ),
    retire: plan.life === "retire",
  }
  const present = loaded.medusa.get(link.medusa_id)
  const active =
    plan.life === "retire" ? false : plan.life === "revive" ? link.kept.is_active !== false : null
  if (present && active !== null && present.is_active !== active) {
    entry.extra.push({
      rule: plan.life === "retire" ? "gone_in_erp" : "back_in_erp",
      write: {
        entity: "category",
        id: link.medusa_id,
        field: "is_active",
        from: present.is_active,
        to: active,
      },
    })
  }
  page.links.push(entry)
}

const work = (
  key: LinkWork["key"],
  link: Link,
  version: string | null,
  fields: FieldPlan[],
  patch: LinkWork["patch"],
): LinkWork => ({
  key,
  link,
  entity: "category",
  erp_version: version,
  fields,
  extra: [],
  patch,
  retire: false,
})
