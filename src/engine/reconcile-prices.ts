import { ErpVariantPrices } from "../sync/canonical"
import { Decision } from "../sync/decide"
import { contentHash } from "../sync/hash"
import { planFields } from "../sync/plan-fields"
import { listReadings, priceReadings } from "../sync/price-readings"
import { Link } from "../sync/values"
import { commitPage, LinkWork } from "./commit"
import { Batch, Connected, EngineContext, Finish, Tally } from "./context"
import { Freshness } from "./freshness"
import { guardPrices } from "./guards"
import { oneAtATime } from "./one-at-a-time"
import { setOverlapsAside } from "./overlaps"
import { whenPricesEnd } from "./price-ends"
import { emptyPage, parkRejected } from "./page"

/** Reconciles prices alone, for variants that are linked; the others get theirs when they are created. */
export const reconcilePrices = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpVariantPrices>,
  finish: Finish<Tx>,
): Promise<Tally> => {
  const page = emptyPage(await context.ledger.now())
  const fresh = new Freshness(batch)
  parkRejected(page, "prices", "variant", batch)
  page.tally.read += batch.records.length
  page.healed.push(
    ...batch.records.map((record) => ({ entity: "variant" as const, erp_id: record.id })),
  )

  const links = await context.ledger.linksByErp(
    connected.id,
    "variant",
    batch.records.map((erp) => erp.id),
  )
  page.dirty.push(...whenPricesEnd(batch.records, batch.read_at))
  const linked = new Map(links.map((link) => [link.erp_id, link]))
  const open = batch.records.flatMap((erp): [ErpVariantPrices, Link][] => {
    const link = linked.get(erp.id)
    if (!link || link.state !== "linked" || isUnchanged(batch, link, erp, connected)) {
      page.tally.unchanged += 1
      return []
    }
    if (!fresh.isCurrent(link)) {
      page.dirty.push({ stream: "prices", erp_id: erp.id, reason: "superseded" })
      return []
    }
    return [[erp, link]]
  })
  const medusa = await context.catalog.readVariants(open.map(([, link]) => link.medusa_id))
  for (const [erp, link] of open) {
    const variant = medusa.get(link.medusa_id)
    if (!variant || variant.deleted) {
      page.dirty.push({ stream: "products", erp_id: erp.product_id, reason: "deleted_in_medusa" })
      continue
    }
    const planned = planFields(
      connected.rules,
      link,
      [
        ...priceReadings(connected.rules, erp.prices, variant, link),
        ...listReadings(connected.rules, erp.prices, erp.unknown_lists, variant, link),
      ],
      batch.read_at,
    )
    // An ERP may hold one price for all variants of a product: edits go there with the whole product.
    const fields = planned.filter(({ decision }) => !isForProduct(decision))
    if (fields.length < planned.length) {
      page.dirty.push({ stream: "products", erp_id: erp.product_id, reason: "price_edited" })
    }
    page.links.push(priceWork(connected, erp, link, fields))
    if (fields.every((field) => field.decision.outcome !== "write")) {
      page.tally.unchanged += 1
    }
  }
  await setOverlapsAside(context, connected, page)
  return oneAtATime(context, connected, page, async () => {
    await guardPrices(context, connected, page)
    return commitPage(context, connected, "prices", batch, page, finish)
  })
}

const isForProduct = ({ outcome }: Decision): boolean => outcome === "push" || outcome === "wait"

const isUnchanged = (
  batch: Batch,
  link: Link,
  erp: ErpVariantPrices,
  connected: Connected,
): boolean =>
  batch.may_skip &&
  Object.keys(link.intents).length === 0 &&
  link.content_hash.prices === contentHash(erp, connected.rules.fingerprint)

const priceWork = (
  connected: Connected,
  erp: ErpVariantPrices,
  link: Link,
  fields: LinkWork["fields"],
): LinkWork => ({
  key: { stream: "prices", erp_id: erp.id },
  link,
  entity: "variant",
  erp_version: erp.version,
  fields,
  extra: [],
  retire: false,
  patch: {
    content_hash: { prices: contentHash(erp, connected.rules.fingerprint) },
    ...(erp.version === null ? {} : { version: { prices: erp.version } }),
  },
})
