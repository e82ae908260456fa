import { ErpProduct } from "../sync/canonical"
import { contentHash } from "../sync/hash"
import { ErpId } from "../sync/ids"
import { commitPage } from "./commit"
import { Batch, Connected, EngineContext, Finish, Tally } from "./context"
import { createProducts } from "./create-products"
import { Freshness } from "./freshness"
import { guardArchives, guardPrices } from "./guards"
import { loadProducts, LoadedProducts, planLoaded } from "./load-products"
import { oneAtATime } from "./one-at-a-time"
import { setOverlapsAside } from "./overlaps"
import { whenPricesEnd } from "./price-ends"
import { emptyPage, parkRejected } from "./page"
import { productWork, SettledPlan } from "./product-work"
import { guardRetirements, retireMissing } from "./retire"
import { restructureProduct } from "./restructure"
import { setAsideMoved } from "./reparented"

/** How often a product's structure may be planned anew within one batch before it waits for the next. */
const ROUNDS = 3

const carriedPrices = ({ variants }: ErpProduct) =>
  variants.map(({ id, prices_valid_until }) => ({ id, valid_until: prices_valid_until }))

/**
 * Reconciles a batch of complete product reads: creations first, then structure, each followed by a
 * new plan from present values; then all values in one guarded transaction.
 */
export const reconcileProducts = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpProduct>,
  finish: Finish<Tx>,
): Promise<Tally> => {
  const page = emptyPage(await context.ledger.now())
  const fresh = new Freshness(batch)
  parkRejected(page, "products", "product", batch)
  page.tally.read += batch.records.length
  page.dirty.push(...whenPricesEnd(batch.records.flatMap(carriedPrices), batch.read_at))
  page.swept.push({ entity: "product", erp_ids: batch.records.map((erp) => erp.id) })

  const unrestructured: ErpProduct[] = []
  const changed = await dropUnchanged(context, connected, batch, page.tally)
  let open = await setAsideMoved(context, connected, changed, page, fresh)
  for (let round = 0; open.length > 0; round += 1) {
    const loaded = await loadProducts(context, connected, open)
    const plans = planAll(connected, open, loaded, fresh, batch.read_at)
    for (const erp of plans.stale) {
      page.dirty.push({ stream: "products", erp_id: erp.id, reason: "superseded" })
    }
    for (const [erp, plan] of plans.settled) {
      productWork(context, connected, erp, plan, page, batch, loaded.linksOf(erp.id).variants)
    }
    if (plans.create.length > 0) {
      await createProducts(context, connected, batch, plans.create, page, fresh)
    }
    const again: ErpProduct[] = plans.create.filter((erp) => page.adopted.has(erp.id))
    for (const erp of plans.structure) {
      if (round >= ROUNDS) {
        // Its values go on all the same; the structure is looked at again a little later.
        page.dirty.push({
          stream: "products",
          erp_id: erp.id,
          reason: "structure",
          delay_ms: 60_000,
        })
        unrestructured.push(erp)
        continue
      }
      const outcome = await restructureProduct(context, connected, batch, erp, page, fresh)
      if (outcome !== "waits") {
        ;(outcome === "again" ? again : unrestructured).push(erp)
      }
    }
    open = again
  }
  if (unrestructured.length > 0) {
    const loaded = await loadProducts(context, connected, unrestructured)
    const plans = planAll(connected, unrestructured, loaded, fresh, batch.read_at, true)
    for (const [erp, plan] of plans.settled) {
      productWork(context, connected, erp, plan, page, batch, loaded.linksOf(erp.id).variants)
    }
  }
  await setOverlapsAside(context, connected, page)
  await retireMissing(context, connected, "product", batch, page, fresh)
  return oneAtATime(context, connected, page, async () => {
    await guardRetirements(context, connected, "product", page)
    await guardPrices(context, connected, page)
    await guardArchives(context, connected, page)
    return commitPage(context, connected, "products", batch, page, finish)
  })
}

const dropUnchanged = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpProduct>,
  tally: Tally,
): Promise<ErpProduct[]> => {
  if (!batch.may_skip) {
    return batch.records
  }
  const links = await context.ledger.linksByErp(
    connected.id,
    "product",
    batch.records.map((erp) => erp.id),
  )
  const settled = new Map(
    links
      .filter((link) => link.state !== "creating" && Object.keys(link.intents).length === 0)
      .map((link) => [link.erp_id, link]),
  )
  const changed = batch.records.filter((erp) => {
    const link = settled.get(erp.id)
    // What left the filter, or was deleted, comes back with the content that it went with.
    const returns = link?.state === "gone" && erp.active
    return returns || link?.content_hash.products !== contentHash(erp, connected.rules.fingerprint)
  })
  tally.unchanged += batch.records.length - changed.length
  return changed
}

interface Planned {
  create: ErpProduct[]
  structure: ErpProduct[]
  settled: [ErpProduct, SettledPlan][]
  stale: ErpProduct[]
}

const planAll = (
  connected: Connected,
  records: ErpProduct[],
  loaded: LoadedProducts,
  fresh: Freshness,
  now: string,
  valuesOnly = false,
): Planned => {
  const planned: Planned = { create: [], structure: [], settled: [], stale: [] }
  const seen = new Set<ErpId>()
  for (const erp of records) {
    // The same record twice in one page: the second says nothing new.
    if (seen.has(erp.id)) {
      continue
    }
    seen.add(erp.id)
    const links = loaded.linksOf(erp.id)
    const all = [links.product, ...links.variants].filter((link) => link !== null)
    if (!all.every((link) => link.state === "creating" || fresh.isCurrent(link))) {
      planned.stale.push(erp)
      continue
    }
    const plan = planLoaded(connected, loaded, erp, now, valuesOnly)
    if (plan.kind === "create") {
      planned.create.push(erp)
    } else if (plan.kind === "structure") {
      planned.structure.push(erp)
    } else {
      planned.settled.push([erp, plan])
    }
  }
  return planned
}
