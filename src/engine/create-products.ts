import { CreatedAttributes, createdAttributes } from "../sync/attributes"
import {
  announcedNames,
  namesAsAnnounced,
  withAnnounced,
  withoutAnnounced,
} from "../sync/announced"
import { ErpProduct, ErpVariant } from "../sync/canonical"
import { assignmentOf, OptionNames, optionNames, withDefaultOption } from "../sync/default-option"
import { contentHash } from "../sync/hash"
import { ErpId, MedusaId } from "../sync/ids"
import { optionKey, valueKey } from "../sync/plan-structure"
import { createdTranslations } from "../sync/plan-translations"
import { Rules } from "../sync/rules"
import { MedusaProduct } from "../sync/snapshot"
import { Link } from "../sync/values"
import { adoptExisting } from "./adopt"
import { Arrivals, imageKeys, storeArrivals } from "./arrivals"
import { originOf, PageWork } from "./commit"
import { Batch, Connected, EngineContext } from "./context"
import { blankToNull, creatingLink, draftVariant, VariantDraft } from "./draft-variant"
import { Freshness } from "./freshness"
import { LoadedProducts, loadProducts } from "./load-products"
import { withoutOutgoing } from "./outgoing"
import { withFree } from "./busy"
import { parkFailed } from "./page"
import { CreatedProduct, CreateProduct, LinkPatch, NewLink } from "./ports"
import { renewedOptions } from "./renewed-options"
import { tagField } from "../sync/tag-readings"

/** Few enough that a crash repeats little, enough that Medusa's workflows work at their best rate. */
const CHUNK = 100

/**
 * Creates products idempotently: the links are inserted as `creating` with ids of our choice, then the
 * records are created under these ids, then the links get their bases. After a crash the same ids are
 * taken up again. Products that the store already has are linked instead.
 */
export const createProducts = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  records: ErpProduct[],
  page: PageWork,
  fresh: Freshness,
): Promise<void> => {
  for (let start = 0; start < records.length; start += CHUNK) {
    const chunk = records.slice(start, start + CHUNK)
    const lock = (erp: ErpProduct): string => `${connected.id}/product/${erp.id}`
    await withFree(context, page, "products", chunk, { lock, id: ({ id }) => id }, (free) =>
      createChunk(context, connected, batch, free, page, fresh),
    )
  }
}

const createChunk = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  records: ErpProduct[],
  page: PageWork,
  fresh: Freshness,
): Promise<void> => {
  const loaded = await loadProducts(context, connected, records)
  const unlinked: ErpProduct[] = []
  const resumed: ErpProduct[] = []
  for (const erp of records) {
    const link = loaded.linksOf(erp.id).product
    if (!link) {
      unlinked.push(erp)
    } else if (link.state === "creating") {
      resumed.push(erp)
    } else {
      page.dirty.push({ stream: "products", erp_id: erp.id, reason: "superseded" })
    }
  }
  const foreign = await withoutOutgoing(context, connected, unlinked, page)
  const fresh2 = await adoptExisting(context, connected, batch, foreign, page, fresh)
  const creating = [...resumed, ...fresh2]
  if (creating.length === 0) {
    return
  }
  const drafts = creating.flatMap((erp) => {
    const known = new Map(
      loaded.linksOf(erp.id).variants.map((link) => [link.erp_id, link.medusa_id]),
    )
    return draftOf(
      context,
      connected.rules,
      erp,
      loaded.linksOf(erp.id).product,
      known,
      loaded.medusaOf(erp.id),
      loaded.categories,
    )
  })
  for (const draft of drafts) {
    parkUnfit(page, draft)
  }
  const links = await context.ledger.transaction(async (tx) => {
    const standing = await context.ledger.insertLinks(
      tx,
      connected.id,
      drafts.flatMap((draft) => newLinks(connected.rules, draft)),
    )
    return announce(context, connected, tx, drafts, standing, loaded)
  })
  fresh.trustLinks(links)
  const idsByErp = new Map(links.map((link) => [`${link.entity}/${link.erp_id}`, link.medusa_id]))
  const outcomes = await context.catalog.createProducts(
    drafts.map((draft) => withStandingIds(draft.input, idsByErp)),
    originOf(batch),
  )
  const created: { draft: Draft; result: CreatedProduct }[] = []
  drafts.forEach((draft, index) => {
    const outcome = outcomes[index]
    if (outcome?.outcome === "created") {
      created.push({ draft, result: outcome.created })
    } else if (outcome) {
      parkFailed(page, "products", "product", draft.erp.id, outcome.error)
    }
  })
  await completeLinks(context, connected, batch, links, created, fresh)
  for (const { draft, result } of created) {
    page.tally.created += 1
    page.tally.writes += result.writes
    page.tally.events += result.events
    page.healed.push({ entity: "product", erp_id: draft.erp.id })
    if (isOpen(connected.rules, draft)) {
      // What stands may come from the reading of the run that died: it is planned like a first link.
      page.adopted.add(draft.erp.id)
    }
  }
}

/**
 * Says, before it happens, what a taken-up product is about to be created with. What stands in the
 * store already is the work of the run that died, and was announced by it.
 */
const announce = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  tx: Tx,
  drafts: Draft[],
  links: Link[],
  loaded: LoadedProducts,
): Promise<Link[]> => {
  const wanted = new Map<string, Pick<NewLink, "base_erp" | "base_medusa" | "kept">>()
  for (const draft of drafts.filter((entry) => entry.resumed)) {
    const held = loaded.medusaOf(draft.erp.id)
    const there = new Set(held?.variants.map((variant) => variant.id))
    for (const link of newLinks(connected.rules, draft)) {
      const key = `${link.entity}/${link.erp_id}`
      const standing = links.find((entry) => `${entry.entity}/${entry.erp_id}` === key)
      if (!standing) {
        continue
      }
      const exists = link.entity === "product" ? held !== null : there.has(standing.medusa_id)
      if (!exists) {
        // Bases are merged per field: what an earlier reading announced and this one does not is void.
        const nothing = Object.fromEntries(
          Object.keys(standing.base_erp).map((field) => [field, null]),
        )
        const base_erp = { ...nothing, ...link.base_erp }
        const base_medusa = { ...nothing, ...link.base_medusa }
        // The names that options and values are made under are part of it: their links are found by them.
        const kept = { ...standing.kept, ...link.kept }
        const said = [standing.base_erp, standing.base_medusa, standing.kept]
        if (contentHash([base_erp, base_medusa, kept], "") !== contentHash(said, "")) {
          wanted.set(standing.id, { base_erp, base_medusa, kept })
        }
      }
    }
  }
  const { seqs } = await context.ledger.patchLinks(
    tx,
    links.flatMap((link): LinkPatch[] => {
      const bases = wanted.get(link.id)
      return bases ? [{ id: link.id, expected: { lane: "catalog", seq: link.seq }, ...bases }] : []
    }),
  )
  return links.map((link) => ({ ...link, seq: seqs.get(link.id) ?? link.seq }))
}

interface Draft {
  /** As read, for the hash. */
  source: ErpProduct
  /** With the default option filled in. */
  erp: ErpProduct
  attributes: CreatedAttributes
  input: CreateProduct
  variants: VariantDraft[]
  /** An earlier run chose the ids and died: what stands in the store may be its work. */
  resumed: boolean
  /** Texts in further languages; those that are due, the plan of its values writes in this same batch. */
  texts: ReturnType<typeof createdTranslations>
  unfit: { erp: ErpVariant; reason: string }[]
  waits_for: ErpId[]
}

/** It is planned again in this batch: its creation settled less than all of it. */
const isOpen = (rules: Rules, { resumed, texts, erp }: Draft): boolean =>
  resumed ||
  texts.due ||
  erp.variants.some(({ prices = [] }) =>
    (rules.price_lists ?? []).some(({ erp: list }) => prices.some((price) => price.list === list)),
  )

const draftOf = <Tx>(
  context: EngineContext<Tx>,
  rules: Rules,
  source: ErpProduct,
  link: Link | null,
  known: ReadonlyMap<ErpId, MedusaId>,
  held: MedusaProduct | null,
  categories: ReadonlyMap<ErpId, MedusaId>,
): Draft => {
  const erp = withDefaultOption(source)
  const names = optionNames(erp)
  const attributes = createdAttributes(rules.attributes ?? [], "product", erp.attributes)
  const draft: Draft = {
    source,
    erp,
    attributes,
    variants: [],
    resumed: link !== null,
    texts: createdTranslations(rules, "product", erp.translations),
    unfit: [],
    waits_for: erp.category_ids.filter((id) => !categories.has(id)),
    input: {
      id: link?.medusa_id ?? context.catalog.newId("product"),
      erp_id: erp.id,
      title: erp.title,
      handle_stem: erp.title,
      description: blankToNull(erp.description),
      status: erp.active ? rules.create.status : "draft",
      category_ids: erp.category_ids.flatMap((id) => categories.get(id) ?? []),
      ...(erp.tags && erp.tags.length > 0 && { tags: erp.tags }),
      sales_channel_ids: rules.create.sales_channel_ids,
      shipping_profile_id: rules.create.shipping_profile_id,
      external_id: erp.id,
      attributes: attributes.values,
      options: erp.options.map((option) => ({
        title: names.option(option.id) ?? option.title,
        values: option.values.map((value) => names.value(option.id, value.id) ?? value.title),
      })),
      variants: [],
    },
  }
  const standing = new Set(held?.variants.map((variant) => variant.id))
  // Where the product stands, what became of its options and variants since is for the plan of its structure.
  const stands = (id: MedusaId | undefined): boolean => id !== undefined && standing.has(id)
  const isDrafted = (variant: ErpVariant): boolean =>
    (variant.active || !erp.active) && (standing.size === 0 || stands(known.get(variant.id)))
  const taken = new Set<string>()
  for (const variant of erp.variants.filter(isDrafted)) {
    const options = assignmentOf(erp, variant, names)
    if (options && held && !stands(known.get(variant.id)) && !hasRoom(held, options)) {
      continue
    }
    const key = JSON.stringify(options)
    if (!options || taken.has(key)) {
      draft.unfit.push({
        erp: variant,
        reason: options
          ? "has the same option values as another variant"
          : "has no value for one of the product's options",
      })
      continue
    }
    taken.add(key)
    const drafted = draftVariant(
      rules,
      erp,
      names,
      variant,
      options,
      known.get(variant.id) ?? context.catalog.newId("variant"),
    )
    draft.variants.push(drafted)
    draft.input.variants.push(drafted.create)
  }
  return draft
}

/** Whether a product has just the options, and among others the values, that a variant needs. */
const hasRoom = (held: MedusaProduct, options: Record<string, string>): boolean =>
  held.options.length === Object.keys(options).length &&
  held.options.every(({ title, values }) => values.some((entry) => entry.value === options[title]))

const newLinks = (rules: Rules, draft: Draft): NewLink[] => {
  const { erp, input, attributes, texts } = draft
  const untranslated = texts.bases
  const categories = Object.fromEntries(
    erp.category_ids
      .filter((id) => !draft.waits_for.includes(id))
      .map((id) => [`category:${id}`, true]),
  )
  const tags = Object.fromEntries((erp.tags ?? []).map((name) => [tagField(name), true]))
  return [
    {
      entity: "product",
      erp_id: erp.id,
      parent_erp_id: null,
      medusa_id: input.id,
      state: "creating",
      fingerprint: rules.fingerprint,
      match_key: null,
      base_erp: {
        title: erp.title,
        description: erp.description,
        ...categories,
        ...tags,
        ...attributes.base_erp,
        ...untranslated,
      },
      base_medusa: {
        title: input.title,
        description: input.description,
        ...categories,
        ...tags,
        ...attributes.base_medusa,
        ...untranslated,
      },
      kept: announcedNames(erp, optionNames(erp)),
    },
    ...draft.variants.map((variant) => creatingLink(rules, erp, variant)),
  ]
}

/** Another process may have chosen ids before us: the links that stand decide. */
const withStandingIds = (
  input: CreateProduct,
  ids: ReadonlyMap<string, MedusaId>,
): CreateProduct => ({
  ...input,
  id: ids.get(`product/${input.erp_id}`) ?? input.id,
  variants: input.variants.map((variant) => ({
    ...variant,
    id: ids.get(`variant/${variant.erp_id}`) ?? variant.id,
  })),
})

const completeLinks = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  links: Link[],
  created: { draft: Draft; result: CreatedProduct }[],
  fresh: Freshness,
): Promise<void> => {
  const byKey = new Map(links.map((link) => [`${link.entity}/${link.erp_id}`, link]))
  await context.ledger.transaction(async (tx) => {
    const patches = created.flatMap(({ draft }) => completionPatches(connected.rules, draft, byKey))
    const { seqs } = await context.ledger.patchLinks(tx, patches)
    fresh.trust(seqs)
    const options = created.flatMap(({ draft, result }) => {
      const kept = byKey.get(`product/${draft.erp.id}`)?.kept ?? {}
      const names = optionNames(draft.erp)
      const known = [namesAsAnnounced(kept, names), names]
      return optionLinks(connected.rules, withAnnounced(draft.erp, kept), known, result.options)
    })
    fresh.trust(await moveOptionLinks(context, connected, tx, created, options))
    fresh.trustLinks(await context.ledger.insertLinks(tx, connected.id, options))
    await storeArrivals(context, connected, tx, arrivalsOf(batch, created))
    const ids = created.map(({ draft }) => draft.erp.id)
    await context.ledger.markDirty(connected.id, imageKeys(context, connected, batch, ids), tx)
  })
}

/** A product that is made again has options of its own: the links of the former ones follow. */
const moveOptionLinks = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  tx: Tx,
  created: { draft: Draft }[],
  options: NewLink[],
): Promise<ReadonlyMap<string, number>> => {
  const resumed = created.filter(({ draft }) => draft.resumed).map(({ draft }) => draft.erp.id)
  if (resumed.length === 0) {
    return new Map()
  }
  const standing = await context.ledger.linksByParent(connected.id, resumed)
  const { seqs } = await context.ledger.patchLinks(tx, renewedOptions(options, standing))
  return seqs
}

/** The bases were announced with the links; what a dead run left is planned again in this batch. */
const completionPatches = (
  rules: Rules,
  draft: Draft,
  byKey: ReadonlyMap<string, Link>,
): LinkPatch[] => {
  const announced = withoutAnnounced(byKey.get(`product/${draft.erp.id}`)?.kept ?? {})
  const patch = (key: string, change: Omit<LinkPatch, "id" | "expected">): LinkPatch[] => {
    const link = byKey.get(key)
    return link ? [{ id: link.id, expected: { lane: "catalog", seq: link.seq }, ...change }] : []
  }
  const open = isOpen(rules, draft)
  const agreed = open ? {} : { agreed: true }
  return [
    ...patch(`product/${draft.erp.id}`, {
      ...agreed,
      state: draft.erp.active ? "linked" : "gone",
      kept: {
        ...announced,
        ...(draft.erp.active ? {} : { status: rules.create.status }),
      },
      ...(open ? {} : { content_hash: { products: contentHash(draft.source, rules.fingerprint) } }),
      ...(open || draft.erp.version === null ? {} : { version: { products: draft.erp.version } }),
    }),
    ...draft.variants.flatMap(({ erp }) =>
      patch(`variant/${erp.id}`, { ...agreed, state: "linked" }),
    ),
  ]
}

/**
 * Links of a product's options and values, found by the names they were made under: those that were
 * announced, or those the ERP has now.
 */
export const optionLinks = (
  rules: Rules,
  erp: ErpProduct,
  names: OptionNames[],
  held: CreatedProduct["options"],
): NewLink[] => {
  const link = (
    entity: "option" | "option_value",
    erpKey: string,
    medusa: MedusaId,
    name: string,
  ): NewLink => ({
    entity,
    erp_id: erpKey as ErpId,
    parent_erp_id: erp.id,
    medusa_id: medusa,
    state: "linked",
    fingerprint: rules.fingerprint,
    match_key: null,
    base_erp: { title: name },
    base_medusa: { title: name },
  })
  return erp.options.flatMap((option): NewLink[] => {
    const titles = names.map((known) => known.option(option.id))
    const found = firstNamed(held, (entry) => entry.title, titles)
    if (!found) {
      return []
    }
    return [
      link("option", optionKey(erp.id, option.id), found.id, found.title),
      ...option.values.flatMap((value) => {
        const wanted = names.map((known) => known.value(option.id, value.id))
        const heldValue = firstNamed(found.values, (entry) => entry.value, wanted)
        return heldValue
          ? [
              link(
                "option_value",
                valueKey(erp.id, option.id, value.id),
                heldValue.id,
                heldValue.value,
              ),
            ]
          : []
      }),
    ]
  })
}

const firstNamed = <T>(
  items: T[],
  nameOf: (item: T) => string,
  names: (string | undefined)[],
): T | undefined =>
  names
    .map((name) => items.find((item) => nameOf(item) === name))
    .find((item) => item !== undefined)

const parkUnfit = (page: PageWork, draft: Draft): void => {
  for (const { erp, reason } of draft.unfit) {
    page.parked.push(unfitRecord(draft.erp, erp, reason))
  }
  for (const id of draft.waits_for) {
    page.parked.push(waitingCategory(draft.erp, id))
  }
}

export const unfitRecord = (product: ErpProduct, erp: ErpVariant, reason: string) => ({
  stream: "products" as const,
  entity: "variant" as const,
  erp_id: erp.id,
  key: product.id,
  field: "*",
  reason: "unfit_variant",
  message: `Variant ${erp.id} of "${product.title}" ${reason}.`,
  value: erp.option_values.map((pair) => `${pair.option_id}=${pair.value_id}`).join(", ") || null,
  remedy: "Complete or archive this variant in the ERP.",
  version: erp.version,
})

export const waitingCategory = (product: ErpProduct, id: ErpId) => ({
  stream: "products" as const,
  entity: "product" as const,
  erp_id: product.id,
  field: `category:${id}`,
  reason: "missing_dependency",
  message: `Category ${id} of "${product.title}" has not arrived yet.`,
  value: id,
  remedy: "Nothing to do: it is assigned when the category arrives.",
  version: product.version,
  waits_for: { entity: "category" as const, erp_id: id },
})

const arrivalsOf = (
  batch: Batch,
  created: { draft: Draft; result: CreatedProduct }[],
): Arrivals => ({
  journal: created.map(({ draft, result }) => ({
    run_id: batch.run_id,
    entity: "product",
    erp_id: draft.erp.id,
    medusa_id: result.id,
    field: "*",
    side: "medusa",
    kind: "create",
    from: null,
    to: draft.erp.title,
    rule: "created_in_erp",
  })),
  arrived: created.flatMap(({ draft }) => [
    { entity: "product" as const, erp_id: draft.erp.id },
    ...draft.variants.map(({ erp }) => ({ entity: "variant" as const, erp_id: erp.id })),
  ]),
  dirty: batch.values_follow
    ? []
    : created.flatMap(({ draft }) =>
        draft.variants.map(({ erp }) => ({
          stream: "stock" as const,
          erp_id: erp.id,
          reason: "created",
        })),
      ),
})
