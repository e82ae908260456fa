import { ErpProduct, ErpVariant } from "../sync/canonical"
import { assignmentOf, optionNames, withDefaultOption } from "../sync/default-option"
import { contentHash } from "../sync/hash"
import { ErpId, MedusaId } from "../sync/ids"
import { optionKey, valueKey } from "../sync/plan-structure"
import { Rules } from "../sync/rules"
import { Link } from "../sync/values"
import { adoptExisting } from "./adopt"
import { Arrivals, storeArrivals } from "./arrivals"
import { originOf, PageWork } from "./commit"
import { Batch, Connected, EngineContext } from "./context"
import {
  blankToNull,
  createdBases,
  creatingLink,
  draftVariant,
  VariantDraft,
} from "./draft-variant"
import { Freshness } from "./freshness"
import { loadProducts } from "./load-products"
import { parkFailed } from "./page"
import { CreatedProduct, CreateProduct, LinkPatch, NewLink } from "./ports"

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
    const keyOf = (erp: ErpProduct): string => `${connected.id}/product/${erp.id}`
    await context.ledger.exclusively(chunk.map(keyOf), async (granted) => {
      const mine = chunk.filter((erp) => granted.has(keyOf(erp)))
      for (const erp of chunk.filter((entry) => !granted.has(keyOf(entry)))) {
        page.dirty.push({ stream: "products", erp_id: erp.id, reason: "busy", delay_ms: 5000 })
      }
      await createChunk(context, connected, batch, mine, page, fresh)
    })
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
  const fresh2 = await adoptExisting(context, connected, batch, unlinked, page, fresh)
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
      loaded.categories,
    )
  })
  for (const draft of drafts) {
    parkUnfit(page, draft)
  }
  const links = await context.ledger.transaction((tx) =>
    context.ledger.insertLinks(
      tx,
      connected.id,
      drafts.flatMap((draft) => newLinks(connected.rules, draft)),
    ),
  )
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
  }
}

interface Draft {
  /** As read, for the hash. */
  source: ErpProduct
  /** With the default option filled in. */
  erp: ErpProduct
  input: CreateProduct
  variants: VariantDraft[]
  unfit: { erp: ErpVariant; reason: string }[]
  waits_for: ErpId[]
}

const draftOf = <Tx>(
  context: EngineContext<Tx>,
  rules: Rules,
  source: ErpProduct,
  link: Link | null,
  known: ReadonlyMap<ErpId, MedusaId>,
  categories: ReadonlyMap<ErpId, MedusaId>,
): Draft => {
  const erp = withDefaultOption(source)
  const names = optionNames(erp)
  const draft: Draft = {
    source,
    erp,
    variants: [],
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
      sales_channel_ids: rules.create.sales_channel_ids,
      shipping_profile_id: rules.create.shipping_profile_id,
      external_id: erp.id,
      options: erp.options.map((option) => ({
        title: names.option(option.id) ?? option.title,
        values: option.values.map((value) => names.value(option.id, value.id) ?? value.title),
      })),
      variants: [],
    },
  }
  const taken = new Set<string>()
  for (const variant of erp.variants.filter((entry) => entry.active || !erp.active)) {
    const options = assignmentOf(erp, variant, names)
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

const newLinks = (rules: Rules, draft: Draft): NewLink[] => [
  {
    entity: "product",
    erp_id: draft.erp.id,
    parent_erp_id: null,
    medusa_id: draft.input.id,
    state: "creating",
    fingerprint: rules.fingerprint,
    match_key: null,
    base_erp: {},
    base_medusa: {},
  },
  ...draft.variants.map((variant) => creatingLink(rules, draft.erp, variant)),
]

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
    const options = created.flatMap(({ draft, result }) =>
      optionLinks(connected.rules, draft.erp, result.options),
    )
    fresh.trustLinks(await context.ledger.insertLinks(tx, connected.id, options))
    await storeArrivals(context, connected, tx, arrivalsOf(batch, created))
  })
}

const completionPatches = (
  rules: Rules,
  draft: Draft,
  byKey: ReadonlyMap<string, Link>,
): LinkPatch[] => {
  const product = byKey.get(`product/${draft.erp.id}`)
  const categories = Object.fromEntries(
    draft.erp.category_ids
      .filter((id) => !draft.waits_for.includes(id))
      .map((id) => [`category:${id}`, true]),
  )
  const patches: LinkPatch[] = product
    ? [
        {
          id: product.id,
          expected: { lane: "catalog", seq: product.seq },
          state: draft.erp.active ? "linked" : "gone",
          ...(draft.erp.active ? {} : { kept: { status: rules.create.status } }),
          base_erp: { title: draft.erp.title, description: draft.erp.description, ...categories },
          base_medusa: {
            title: draft.input.title,
            description: draft.input.description,
            ...categories,
          },
          content_hash: { products: contentHash(draft.source, rules.fingerprint) },
          ...(draft.erp.version === null ? {} : { version: { products: draft.erp.version } }),
          agreed: true,
        },
      ]
    : []
  for (const variant of draft.variants) {
    const link = byKey.get(`variant/${variant.erp.id}`)
    if (link) {
      patches.push({
        id: link.id,
        expected: { lane: "catalog", seq: link.seq },
        state: "linked",
        ...createdBases(rules, variant),
        agreed: true,
      })
    }
  }
  return patches
}

/** Links of a product's options and values, found by the titles they were created with. */
export const optionLinks = (
  rules: Rules,
  erp: ErpProduct,
  held: CreatedProduct["options"],
): NewLink[] => {
  const names = optionNames(erp)
  return erp.options.flatMap((option): NewLink[] => {
    const title = names.option(option.id) ?? option.title
    const found = held.find((entry) => entry.title === title)
    if (!found) {
      return []
    }
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
    return [
      link("option", optionKey(erp.id, option.id), found.id, title),
      ...option.values.flatMap((value) => {
        const name = names.value(option.id, value.id) ?? value.title
        const heldValue = found.values.find((entry) => entry.value === name)
        return heldValue
          ? [link("option_value", valueKey(erp.id, option.id, value.id), heldValue.id, name)]
          : []
      }),
    ]
  })
}

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
