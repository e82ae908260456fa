import { ErpProductImages } from "../sync/canonical"
import { contentHash } from "../sync/hash"
import { Link } from "../sync/values"
import { commitImages } from "./commit-images"
import { Batch, Connected, EngineContext, emptyTally, Finish, Tally } from "./context"
import { ImageStore } from "./image-ports"
import { ImageWork, loadImages, prepareImages } from "./load-images"
import { emptyPage, parkRejected } from "./page"

/** So many pictures are brought by one look; the other records stay due. */
const PICTURES_AT_ONCE = 10

/**
 * Brings a product's images into the store. A run only compares, and marks what needs a picture from the
 * ERP; looks at marked keys fetch them, a few at a time, so that nothing waits for a large catalog's.
 */
export const reconcileImages = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpProductImages>,
  finish: Finish<Tx>,
): Promise<Tally> => {
  const store = context.images
  if (!store || !connected.rules.images) {
    return finishAlone(context, batch, finish)
  }
  const page = emptyPage(await context.ledger.now())
  parkRejected(page, "images", "product", batch)
  page.tally.read += batch.records.length
  const open = await openRecords(context, connected, batch, page)
  const works = await loadImages(context, connected, store, open)
  const ready = await withPictures(context, connected, store, batch, works)
  return commitImages(context, connected, store, batch, page, ready, finish)
}

/** Keys of images that nobody takes any more end here. */
const finishAlone = async <Tx>(
  context: EngineContext<Tx>,
  batch: Batch,
  finish: Finish<Tx>,
): Promise<Tally> => {
  const tally: Tally = { ...emptyTally(), read: batch.records.length }
  await context.ledger.transaction((tx) => finish(tx, tally))
  return tally
}

/** Records of linked products whose content is not the one that was brought in last. */
const openRecords = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpProductImages>,
  page: ReturnType<typeof emptyPage>,
): Promise<{ erp: ErpProductImages; link: Link }[]> => {
  const ids = batch.records.map((erp) => erp.id)
  const links = await context.ledger.linksByErp(connected.id, "product", ids)
  const linked = new Map(links.map((link) => [link.erp_id, link]))
  return batch.records.flatMap((erp) => {
    const link = linked.get(erp.id)
    const hash = contentHash(erp, connected.rules.fingerprint)
    if (link?.state !== "linked" || (batch.may_skip && link.content_hash.images === hash)) {
      page.tally.unchanged += 1
      // It can be read, and holds what was brought in last: whatever it was parked for is over.
      page.healed.push({ entity: "product", erp_id: erp.id })
      return []
    }
    if (link.stock_seq > batch.read_seq) {
      page.dirty.push({ stream: "images", erp_id: erp.id, reason: "superseded" })
      return []
    }
    return [{ erp, link }]
  })
}

/** Fetches what the plans lack, as far as this look may; the rest is left for another one. */
const withPictures = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  store: ImageStore<Tx>,
  batch: Batch,
  works: ImageWork[],
): Promise<ImageWork[]> => {
  let left = batch.run_id === null ? PICTURES_AT_ONCE : 0
  const ready: ImageWork[] = []
  for (const work of works) {
    const asked = work.plan.wanted.length + work.plan.suspects.length
    if (asked === 0) {
      ready.push(work)
    } else if (left > 0) {
      left -= asked
      ready.push(await prepareImages(context, connected, store, work))
    } else {
      ready.push({ ...work, again: { reason: "pictures", delay_ms: 0 }, deferred: true })
    }
  }
  return ready
}
