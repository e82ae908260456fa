import { ErpProduct } from "../sync/canonical"
import { matchKeyOf, optionNames, variantTitle, withDefaultOption } from "../sync/default-option"
import { announcedNames, withoutAnnounced } from "../sync/announced"
import { announcedVariants } from "../sync/announced-variants"
import { toSyncError } from "../sync/errors"
import { ErpId } from "../sync/ids"
import { ProductLinks } from "../sync/plan-product"
import { StructurePlan } from "../sync/plan-structure"
import { Rules } from "../sync/rules"
import { Link } from "../sync/values"
import { storeArrivals } from "./arrivals"
import { originOf, PageWork } from "./commit"
import { Batch, Connected, EngineContext } from "./context"
import { optionLinks, unfitRecord } from "./create-products"
import { createdBases, creatingLink, draftVariant, VariantDraft } from "./draft-variant"
import { wakeFreed } from "./freed"
import { Freshness } from "./freshness"
import { loadProducts, planLoaded } from "./load-products"
import { renewedOptions } from "./renewed-options"
import { markBusy } from "./busy"
import { parkFailed } from "./page"
import { LinkPatch, NewLink, StructureStep } from "./ports"
import { variantBases } from "./sent-bases"
import { Structure, toldAfter, untold, withoutTold } from "./structure-journal"

/** Streams whose records may be parked under a variant's id. */
const VARIANT_STREAMS = ["products", "prices", "stock"] as const

/**
 * Brings a product's options and variants to what the ERP has, through Medusa's workflows, holding the
 * product's lock: plans anew under the lock, moves re-pointed links first, then runs the steps, then
 * records what stands. Each part can be repeated after a crash.
 * @returns `again`: the product has to be planned anew in this batch; `failed`: its other values go on
 */
export const restructureProduct = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  erp: ErpProduct,
  page: PageWork,
  fresh: Freshness,
): Promise<"again" | "failed" | "waits"> => {
  const key = `${connected.id}/product/${erp.id}`
  return context.ledger.exclusively([key], async (granted) => {
    if (!granted.has(key)) {
      markBusy(page, "products", erp.id)
      return "waits"
    }
    const loaded = await loadProducts(context, connected, [erp])
    const links = loaded.linksOf(erp.id)
    const all = [links.product, ...links.variants].filter((link) => link !== null)
    if (!all.every((link) => link.state === "creating" || fresh.isCurrent(link))) {
      page.dirty.push({ stream: "products", erp_id: erp.id, reason: "superseded" })
      return "waits"
    }
    const plan = planLoaded(connected, loaded, erp, batch.read_at)
    if (plan.kind !== "structure") {
      return "again"
    }
    try {
      await carryOut(context, connected, batch, erp, plan, links, page, fresh)
      return "again"
    } catch (error) {
      const failure = toSyncError(error)
      if (failure.kind === "bug") {
        context.log("error", `structure of ${connected.id}/${erp.id}: ${failureText(error)}`)
      }
      parkFailed(page, "products", "product", erp.id, failure)
      return "failed"
    }
  })
}

/** What failed is planned again by every look: of what is left of it, the journal has heard already. */
const rememberLeft = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  erp: ErpProduct,
  failed: Structure,
  fresh: Freshness,
): Promise<void> => {
  const loaded = await loadProducts(context, connected, [erp])
  const left = planLoaded(connected, loaded, erp, batch.read_at)
  const patches = left.kind === "structure" ? toldAfter(failed, left, batch) : []
  if (patches.length > 0) {
    const { seqs } = await context.ledger.transaction((tx) =>
      context.ledger.patchLinks(tx, patches),
    )
    fresh.trust(seqs)
  }
}

const failureText = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

const carryOut = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  source: ErpProduct,
  plan: Structure,
  links: ProductLinks,
  page: PageWork,
  fresh: Freshness,
): Promise<void> => {
  const { rules } = connected
  if (plan.structure.adopt.length > 0) {
    await adoptNames(context, connected, plan, links, fresh)
    return
  }
  for (const { erp, reason } of plan.structure.unfit) {
    page.parked.push(unfitRecord(plan.erp, erp, reason))
  }
  const titles = optionNames(plan.erp)
  const creates = plan.structure.create.map(({ erp, options }) =>
    draftVariant(rules, plan.erp, titles, erp, options, context.catalog.newId("variant")),
  )
  const standing = await context.ledger.transaction(async (tx) => {
    const repointed = await context.ledger.patchLinks(tx, repointPatches(plan))
    await forgetFormerIds(context, connected, tx, plan)
    const announced = await context.ledger.patchLinks(tx, announcements(plan))
    const inserted = await context.ledger.insertLinks(
      tx,
      connected.id,
      creates.map((draft) => creatingLink(rules, plan.erp, draft)),
    )
    const joined = await context.ledger.insertLinks(
      tx,
      connected.id,
      plan.structure.join.map((join) => joinedLink(rules, plan, join)),
    )
    await context.ledger.journal(tx, connected.id, untold(plan, batch))
    return { repointed, inserted, announced, joined }
  })
  fresh.trust(standing.repointed.seqs)
  fresh.trust(standing.announced.seqs)
  fresh.trustLinks([...standing.inserted, ...standing.joined])
  const idsByErp = new Map(standing.inserted.map((link) => [link.erp_id, link]))
  const steps = stepsOf(plan.structure, plan, creates, idsByErp)
  const result = await context.catalog
    .applyStructure(plan.link.medusa_id, steps, originOf(batch))
    .catch(async (error: unknown) => {
      await rememberLeft(context, connected, batch, source, plan, fresh)
      throw error
    })
  page.tally.writes += result.writes
  page.tally.events += result.events
  page.tally.updated += 1

  await context.ledger.transaction(async (tx) => {
    const patches = [
      ...completedVariants(rules, creates, idsByErp),
      ...settledNames(plan.structure),
      ...settledTracked(plan.structure, standing.repointed.seqs),
      ...deletedLinks(plan.structure),
      ...takenBack(plan, standing.announced.seqs),
    ]
    const { seqs } = await context.ledger.patchLinks(tx, patches)
    fresh.trust(seqs)
    const options = optionLinks(rules, withDefaultOption(source), [plan.names], result.options)
    const renewed = await context.ledger.patchLinks(
      tx,
      renewedOptions(options, [...links.options, ...links.values]),
    )
    fresh.trust(renewed.seqs)
    fresh.trustLinks(await context.ledger.insertLinks(tx, connected.id, options))
    await wakeFreed(context, connected, tx, { written: [], deleted: plan.structure.delete })
    await storeArrivals(context, connected, tx, {
      journal: [],
      arrived: [...creates, ...plan.structure.join].map(({ erp }) => ({
        entity: "variant",
        erp_id: erp.id,
      })),
      dirty: [
        ...creates,
        ...plan.matches.repointed,
        ...plan.structure.tracked,
        ...plan.structure.join,
      ].map(({ erp }) => ({ stream: "stock", erp_id: erp.id, reason: "structure" })),
    })
  })
}

/** One variant on both sides, that no link told of: their values say so, and the first link's rules hold. */
const joinedLink = (
  rules: Rules,
  { erp: product, link }: Structure,
  { erp, medusa }: StructurePlan["join"][number],
): NewLink => ({
  entity: "variant",
  erp_id: erp.id,
  parent_erp_id: product.id,
  medusa_id: medusa.id,
  state: "linked",
  fingerprint: rules.fingerprint,
  match_key: matchKeyOf(erp),
  // What was sent of it is agreed on. The ERP has no title of its own for it: the merchant's stands.
  ...variantBases(rules, announcedVariants(link.kept).get(medusa.id)?.sent ?? {}, {
    erp: variantTitle(product, erp, optionNames(product)),
    medusa: medusa.title,
  }),
})

/** Stores the links that a dead run owed; the product is planned again with them. */
const adoptNames = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  plan: Structure,
  links: ProductLinks,
  fresh: Freshness,
): Promise<void> => {
  const wanted = plan.structure.adopt.map((entry): NewLink => ({
    entity: entry.entity,
    erp_id: entry.erp_key as ErpId,
    parent_erp_id: plan.erp.id,
    medusa_id: entry.medusa_id,
    state: "linked",
    fingerprint: connected.rules.fingerprint,
    match_key: null,
    base_erp: { title: entry.title },
    base_medusa: { title: entry.title },
  }))
  const ended = plan.structure.adopt.flatMap(({ former }): LinkPatch[] =>
    former
      ? [
          {
            id: former.id,
            expected: { lane: "catalog", seq: former.seq },
            state: "tombstone",
          },
        ]
      : [],
  )
  await context.ledger.transaction(async (tx) => {
    fresh.trust((await context.ledger.patchLinks(tx, ended)).seqs)
    const renewed = await context.ledger.patchLinks(
      tx,
      renewedOptions(wanted, [...links.options, ...links.values]),
    )
    fresh.trust(renewed.seqs)
    fresh.trustLinks(await context.ledger.insertLinks(tx, connected.id, wanted))
  })
}

/** Names that are about to be made, where there are any. */
const announcements = (plan: Structure): LinkPatch[] =>
  plan.structure.add_options.length + plan.structure.add_values.length > 0
    ? [
        {
          id: plan.link.id,
          expected: { lane: "catalog", seq: plan.link.seq },
          kept: announcedNames(plan.erp, plan.names),
        },
      ]
    : []

const takenBack = (plan: Structure, seqs: ReadonlyMap<string, number>): LinkPatch[] => {
  const kept = {
    ...withoutTold(plan.link),
    ...withoutAnnounced({
      ...plan.link.kept,
      ...(seqs.has(plan.link.id) ? announcedNames(plan.erp, plan.names) : {}),
    }),
  }
  return Object.keys(kept).length > 0
    ? [
        {
          id: plan.link.id,
          expected: { lane: "catalog", seq: seqs.get(plan.link.id) ?? plan.link.seq },
          kept,
        },
      ]
    : []
}

/** What a re-pointed variant was parked for under its former id nobody will look at again. */
const forgetFormerIds = async <Tx>(
  { ledger }: EngineContext<Tx>,
  connected: Connected,
  tx: Tx,
  plan: Structure,
): Promise<void> => {
  const former = plan.matches.repointed.map(({ link }) => ({
    entity: link.entity,
    erp_id: link.erp_id,
    except: [],
  }))
  for (const stream of VARIANT_STREAMS) {
    await ledger.unpark(tx, connected.id, stream, former)
  }
}

/** The link keeps its Medusa variant, with stock and history, and follows the ERP's new id. */
const repointPatches = (plan: Structure): LinkPatch[] =>
  plan.matches.repointed.map(({ link, erp }) => ({
    id: link.id,
    expected: { lane: "catalog", seq: link.seq },
    erp_id: erp.id,
    match_key: matchKeyOf(erp),
    state: "linked",
  }))

const stepsOf = (
  structure: StructurePlan,
  plan: Structure,
  creates: VariantDraft[],
  links: ReadonlyMap<ErpId, Link>,
): StructureStep[] => [
  ...structure.rename_options.map(({ option_id, title }): StructureStep => ({
    step: "rename_option",
    option_id,
    title,
  })),
  ...renameValueSteps(structure.rename_values),
  ...structure.add_options.map(({ title, values }): StructureStep => ({
    step: "add_option",
    title,
    values,
  })),
  ...structure.add_values.map(({ option_id, values }): StructureStep => ({
    step: "add_option_values",
    option_id,
    values,
  })),
  ...structure.delete.map((link): StructureStep => ({
    step: "delete_variant",
    variant_id: link.medusa_id,
  })),
  ...structure.assign.map(({ variant_id, options }): StructureStep => ({
    step: "assign_options",
    variant_id,
    options,
  })),
  ...(creates.length > 0
    ? [
        {
          step: "create_variants" as const,
          variants: creates.map(({ erp, create }) => ({
            ...create,
            id: links.get(erp.id)?.medusa_id ?? create.id,
          })),
        },
      ]
    : []),
  ...structure.remove_values.map(({ option_id, links: values }): StructureStep => ({
    step: "remove_option_values",
    option_id,
    value_ids: values.map((value) => value.medusa_id),
  })),
  ...structure.remove_options.map(({ link }): StructureStep => ({
    step: "remove_option",
    option_id: link.medusa_id,
  })),
  ...structure.tracked.map(({ link, manage_inventory }): StructureStep => ({
    step: "set_manage_inventory",
    variant_id: link.medusa_id,
    manage_inventory,
  })),
]

/**
 * Values of an option are unique in Medusa: one that takes another's name waits until that one gave
 * it up. Where names go round in a circle, one steps aside first.
 */
const renameValueSteps = (renames: StructurePlan["rename_values"]): StructureStep[] => {
  const steps: StructureStep[] = []
  let open = renames
  const rename = (entry: (typeof renames)[number], value: string): void => {
    steps.push({
      step: "rename_option_value",
      option_id: entry.option_id,
      value_id: entry.link.medusa_id,
      value,
    })
  }
  while (open.length > 0) {
    const isFree = (entry: (typeof renames)[number]): boolean =>
      !open.some(
        (other) =>
          other !== entry && other.option_id === entry.option_id && other.from === entry.value,
      )
    const [first, ...others] = open
    const free = open.find(isFree)
    if (free) {
      rename(free, free.value)
      open = open.filter((entry) => entry !== free)
    } else if (first) {
      const aside = `${first.from} (${first.link.medusa_id})`
      rename(first, aside)
      open = [...others, { ...first, from: aside }]
    }
  }
  return steps
}

const completedVariants = (
  rules: Rules,
  creates: VariantDraft[],
  links: ReadonlyMap<ErpId, Link>,
): LinkPatch[] =>
  creates.flatMap((draft): LinkPatch[] => {
    const link = links.get(draft.erp.id)
    return link
      ? [
          {
            id: link.id,
            expected: { lane: "catalog", seq: link.seq },
            state: "linked",
            ...createdBases(rules, draft),
            fingerprint: rules.fingerprint,
            agreed: true,
          },
        ]
      : []
  })

const settledNames = (structure: StructurePlan): LinkPatch[] => [
  ...structure.rename_options.map(({ link, title }) => namePatch(link, title)),
  ...structure.rename_values.map(({ link, value }) => namePatch(link, value)),
]

const namePatch = (link: Link, title: string): LinkPatch => ({
  id: link.id,
  expected: { lane: "catalog", seq: link.seq },
  base_erp: { title },
  base_medusa: { title },
  ...(link.resolutions["title"] !== undefined && { resolutions: { title: null } }),
})

const settledTracked = (structure: StructurePlan, seqs: ReadonlyMap<string, number>): LinkPatch[] =>
  structure.tracked.map(({ link, manage_inventory }) => ({
    id: link.id,
    expected: { lane: "catalog", seq: seqs.get(link.id) ?? link.seq },
    base_erp: { tracked: manage_inventory },
    base_medusa: { tracked: manage_inventory },
  }))

const deletedLinks = (structure: StructurePlan): LinkPatch[] => [
  ...structure.delete.map((link): LinkPatch => ({
    id: link.id,
    expected: { lane: "catalog", seq: link.seq },
    state: "tombstone",
  })),
  ...structure.remove_values
    .flatMap((entry) => entry.links)
    .map((link): LinkPatch => ({
      id: link.id,
      expected: { lane: "catalog", seq: link.seq },
      state: "tombstone",
    })),
  ...structure.remove_options.map(({ link }): LinkPatch => ({
    id: link.id,
    expected: { lane: "catalog", seq: link.seq },
    state: "tombstone",
  })),
]
