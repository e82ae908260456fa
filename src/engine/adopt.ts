import { ErpProduct } from "../sync/canonical"
import { matchKeyOf } from "../sync/default-option"
import { adoptOptions, FirstLink } from "../sync/first-link"
import { MedusaProduct } from "../sync/snapshot"
import { imageKeys, storeArrivals } from "./arrivals"
import { PageWork } from "./commit"
import { Batch, Connected, EngineContext } from "./context"
import { firstLinks } from "./first-links"
import { Freshness } from "./freshness"
import { heldRecord, Tie, weighTies } from "./held-by-others"
import { withFree } from "./busy"
import { NewLink } from "./ports"

/**
 * Links ERP products to what the store already has, by the configured match key, and returns those that
 * the store does not have. What is not clear is parked, for a person.
 */
export const adoptExisting = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  records: ErpProduct[],
  page: PageWork,
  fresh: Freshness,
): Promise<ErpProduct[]> => {
  const by = connected.rules.match
  const decisions = await firstLinks(context, connected, records)
  const create: ErpProduct[] = []
  const adoptions: Adoption[] = []
  for (const erp of records) {
    const decision = decisions.get(erp.id) ?? { kind: "create" }
    switch (decision.kind) {
      case "create":
        create.push(erp)
        break
      case "adopt":
        adoptions.push({ erp, decision })
        break
      case "ambiguous":
        page.parked.push({
          stream: "products",
          entity: "product",
          erp_id: erp.id,
          field: by,
          reason: "ambiguous_match",
          message: `"${erp.title}": ${decision.message}.`,
          value: decision.key,
          remedy: `Give each record a ${by} of its own, in the ERP or in the store.`,
          version: erp.version,
        })
        page.healed.push({ entity: "product", erp_id: erp.id })
    }
  }
  await adoptFree(context, connected, batch, adoptions, page, fresh)
  return create
}

export interface Adoption {
  erp: ErpProduct
  decision: Extract<FirstLink, { kind: "adopt" }>
}

/**
 * Adopts what no other connection writes. In a store of several connections each product is taken by one
 * at a time: else two that meet it at once would both find it free.
 */
const adoptFree = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  adoptions: Adoption[],
  page: PageWork,
  fresh: Freshness,
): Promise<void> => {
  const all = (free: Adoption[]): Promise<void> =>
    adoptAll(context, connected, batch, free, page, fresh)
  if ((connected.others ?? []).length === 0 || adoptions.length === 0) {
    return all(adoptions)
  }
  const lock = ({ decision }: Adoption): string => `tie/product/${decision.product_id}`
  await withFree(context, page, "products", adoptions, { lock, id: ({ erp }) => erp.id }, all)
}

const adoptAll = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch,
  adoptions: Adoption[],
  page: PageWork,
  fresh: Freshness,
): Promise<void> => {
  const ties = await weighTies(context, connected, adoptions.map(tieOf))
  for (const { erp, decision } of adoptions) {
    const holding = ties.held.get(erp.id)
    if (holding) {
      page.parked.push(heldRecord(erp, holding))
      page.healed.push({ entity: "product", erp_id: erp.id })
    } else {
      const shared = ties.shared.has(erp.id)
      await adopt(context, connected, erp, decision, shared, page, fresh, batch)
    }
  }
}

const adopt = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  erp: ErpProduct,
  decision: Adoption["decision"],
  shared: boolean,
  page: PageWork,
  fresh: Freshness,
  batch: Batch,
): Promise<void> => {
  const medusa = (await context.catalog.readProducts([decision.product_id])).get(
    decision.product_id,
  )
  if (!medusa) {
    page.dirty.push({ stream: "products", erp_id: erp.id, reason: "moved", delay_ms: 1000 })
    return
  }
  const { links, foreign } = linksOf(connected, erp, decision, medusa, shared)
  await context.ledger.transaction(async (tx) => {
    const standing = await context.ledger.insertLinks(tx, connected.id, links)
    fresh.trustLinks(standing)
    const product = standing.find((link) => link.entity === "product")
    if (foreign && product) {
      const { seqs } = await context.ledger.patchLinks(tx, [
        {
          id: product.id,
          expected: { lane: "catalog", seq: product.seq },
          kept: { foreign_options: true },
        },
      ])
      fresh.trust(seqs)
    }
    const images = imageKeys(context, connected, batch, [erp.id])
    await context.ledger.markDirty(connected.id, images, tx)
    await storeArrivals(context, connected, tx, {
      journal: [
        {
          run_id: batch.run_id,
          entity: "product",
          erp_id: erp.id,
          medusa_id: decision.product_id,
          field: "*",
          side: "medusa",
          kind: "link",
          from: null,
          to: decision.product_id,
          rule: `matched_by_${connected.rules.match}`,
        },
      ],
      arrived: [{ entity: "product", erp_id: erp.id }],
      dirty: batch.values_follow
        ? []
        : decision.pairs.map((pair) => ({
            stream: "stock",
            erp_id: pair.erp.id,
            reason: "linked",
          })),
    })
  })
  page.adopted.add(erp.id)
}

/** The records of the store that an adoption would tie. */
export const tieOf = ({ erp, decision }: Adoption): Tie => ({
  erp_id: erp.id,
  wanted: [
    { entity: "product", medusa_id: decision.product_id },
    ...decision.pairs.map(({ variant_id }) => ({
      entity: "variant" as const,
      medusa_id: variant_id,
    })),
  ],
})

/** The links that tie a product to one of the store, nothing agreed on yet. */
export const linksOf = (
  connected: Connected,
  erp: ErpProduct,
  decision: Adoption["decision"],
  medusa: MedusaProduct,
  shared: boolean,
): { links: NewLink[]; foreign: boolean } => {
  const found = adoptOptions(erp, medusa)
  // Options and variants of a product that another connection links as well are that one's to change.
  const options = { ...found, foreign: found.foreign || shared }
  const base = {
    fingerprint: connected.rules.fingerprint,
    state: "linked" as const,
    base_erp: {},
    base_medusa: {},
  }
  const links: NewLink[] = [
    {
      ...base,
      entity: "product",
      erp_id: erp.id,
      parent_erp_id: null,
      medusa_id: decision.product_id,
      match_key: null,
    },
    ...decision.pairs.map((pair): NewLink => ({
      ...base,
      entity: "variant",
      erp_id: pair.erp.id,
      parent_erp_id: erp.id,
      medusa_id: pair.variant_id,
      match_key: matchKeyOf(pair.erp),
    })),
    ...(options.foreign ? [] : options.links).map((link): NewLink => ({
      ...base,
      ...link,
      parent_erp_id: erp.id,
      match_key: null,
    })),
  ]
  return { links, foreign: options.foreign }
}
