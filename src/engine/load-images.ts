import { ErpProductImages } from "../sync/canonical"
import { SyncError, toSyncError } from "../sync/errors"
import { MedusaGallery } from "../sync/gallery"
import { ErpId, MedusaId } from "../sync/ids"
import { keepFile, uploadedFiles } from "../sync/image-bases"
import { ImagesPlan, planImages } from "../sync/plan-images"
import { Link } from "../sync/values"
import { Connected, EngineContext } from "./context"
import { fetchImage } from "./fetch-images"
import { ImageStore } from "./image-ports"
import { ParkedRecord } from "./ports"

/** One product's images on their way into the store. */
export interface ImageWork {
  erp: ErpProductImages
  link: Link
  gallery: MedusaGallery
  variants: ReadonlyMap<ErpId, MedusaId>
  plan: ImagesPlan
  parked: ParkedRecord[]
  /** Set where something is left for another look. */
  again: { reason: string; delay_ms: number } | null
  /** Nothing of it is done by this look. */
  deferred: boolean
}

/** Reads what the store shows, and plans. Products that were deleted there are left out. */
export const loadImages = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  store: ImageStore<Tx>,
  records: { erp: ErpProductImages; link: Link }[],
): Promise<ImageWork[]> => {
  if (records.length === 0) {
    return []
  }
  const galleries = await store.readGalleries(records.map(({ link }) => link.medusa_id))
  const parents = records
    .filter(({ erp }) => erp.images.some(({ variant_ids }) => variant_ids.length > 0))
    .map(({ erp }) => erp.id)
  const children = await context.ledger.linksByParent(connected.id, parents)
  return records.flatMap(({ erp, link }) => {
    const gallery = galleries.get(link.medusa_id)
    if (!gallery || gallery.deleted) {
      return []
    }
    const alive = new Set(gallery.variants.map(({ id }) => id))
    const variants = new Map(
      children
        .filter((child) => child.entity === "variant" && child.state === "linked")
        .filter((child) => child.parent_erp_id === erp.id && alive.has(child.medusa_id))
        .map((child) => [child.erp_id, child.medusa_id]),
    )
    const work = { erp, link, gallery, variants, parked: [], again: null, deferred: false }
    return [{ ...work, plan: planOf(connected, work, new Set()) }]
  })
}

/**
 * Asks the ERP for the pictures that the plan lacks, and whether those that it names no more are gone;
 * then plans anew.
 */
export const prepareImages = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  store: ImageStore<Tx>,
  before: ImageWork,
): Promise<ImageWork> => {
  const work = { ...before }
  for (const image of before.plan.wanted) {
    const { erp, link, gallery } = work
    const fetched = await fetchImage(context, connected, store, {
      product: erp.id,
      link,
      gallery,
      image,
    })
    if (fetched.outcome === "uploaded") {
      const kept = { ...link.kept, ...keepFile(fetched.file) }
      work.link = { ...link, kept, stock_seq: fetched.seq }
    } else if (fetched.outcome === "parked") {
      work.parked = [...work.parked, fetched.parked]
    } else {
      work.again = later(work.again, fetched.delay_ms)
    }
  }
  const gone = new Set<string>()
  for (const key of before.plan.suspects) {
    const delay = await confirmGone(context, connected, work.erp.id, key)
    if (delay === null) gone.add(key)
    else work.again = later(work.again, delay)
  }
  return { ...work, plan: planOf(connected, work, gone) }
}

const planOf = (
  { rules }: Connected,
  { erp, link, gallery, variants }: Omit<ImageWork, "plan">,
  confirmedGone: ReadonlySet<string>,
): ImagesPlan =>
  planImages({
    rules,
    erp,
    gallery,
    link,
    files: uploadedFiles(link.kept),
    variants,
    confirmed_gone: confirmedGone,
  })

const later = (known: ImageWork["again"], delayMs: number): ImageWork["again"] => ({
  reason: "picture_failed",
  delay_ms: Math.max(known?.delay_ms ?? 0, delayMs),
})

const STILL_THERE_MS = 60_000
const UNKNOWN_MS = 5 * 60_000

/**
 * An image that a listing left out is asked for by name before it is taken away: a right that was lost
 * hides images too.
 * @returns null when it is gone, else when to look again
 */
const confirmGone = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  product: ErpId,
  key: string,
): Promise<number | null> => {
  try {
    const image = await connected.connector.image?.(product, key, { lane: "background" })
    return image === null ? null : STILL_THERE_MS
  } catch (error) {
    const failure = toSyncError(error)
    if (failure.kind === "config" && failure.scope === "connection") throw failure
    context.log("warn", `${connected.id}: image ${key} of product ${product}: ${told(failure)}`)
    return failure.retry_after_ms ?? UNKNOWN_MS
  }
}

const told = (failure: SyncError): string =>
  failure.kind === "bug" ? (failure.stack ?? failure.message) : failure.message
