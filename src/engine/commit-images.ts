import { changesGallery } from "../sync/gallery"
import { contentHash } from "../sync/hash"
import { fileName, imageField, UploadedFile } from "../sync/image-bases"
import { changesAnything } from "../sync/plan-images"
import { brokenFence, originOf, PageWork } from "./commit"
import { Batch, Connected, EngineContext, Finish, Tally } from "./context"
import { GalleryOutcome, ImageStore } from "./image-ports"
import { ImageWork } from "./load-images"
import { flushEvents } from "./outbox"
import { DirtyKey, JournalEntry, LinkPatch } from "./ports"

/**
 * Stores what became of a page of images in one transaction: galleries under the guard, bases, journal,
 * parked images, events and progress. Files that nothing shows any more are deleted after it.
 */
export const commitImages = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  store: ImageStore<Tx>,
  batch: Batch,
  page: PageWork,
  works: ImageWork[],
  finish: Finish<Tx>,
): Promise<Tally> => {
  const groupId = originOf(batch).group_id
  const done = works.filter(({ deferred }) => !deferred)
  const committed = await context.ledger.transaction(async (tx) => {
    const moving = done.filter((work) => moves(connected, work))
    const locked = await context.ledger.lockLinks(
      tx,
      moving.map(({ link }) => link.id),
    )
    const current = moving.filter(({ link }) => isSame(link, locked.get(link.id)))
    const writing = current.filter(({ plan }) => changesGallery(plan.change))
    const result = await store.writeGalleries(
      tx,
      writing.map(({ gallery, plan }) => ({ planned_on: gallery, change: plan.change })),
    )
    const outcomes = new Map(writing.map((work, at) => [work, result.outcomes[at] ?? "moved"]))
    const stored = current.filter((work) => (outcomes.get(work) ?? "written") === "written")
    const { lost } = await context.ledger.patchLinks(
      tx,
      stored.map((work) => patchOf(connected, work)),
    )
    if (lost.length > 0) throw brokenFence(lost)
    await context.ledger.journal(
      tx,
      connected.id,
      stored.flatMap((work) => journalOf(batch, work)),
    )
    const parked = [...page.parked, ...done.flatMap((work) => work.parked)]
    await healAndPark(context, connected, tx, page, done)
    const stale = moving.filter((work) => !stored.includes(work))
    const tally: Tally = {
      ...page.tally,
      updated: page.tally.updated + stored.filter((work) => outcomes.has(work)).length,
      unchanged:
        page.tally.unchanged + works.length - stored.filter((work) => outcomes.has(work)).length,
      parked: page.tally.parked + parked.length,
      writes: page.tally.writes + result.writes,
      events: page.tally.events + result.events.length,
    }
    const ids = await context.ledger.queueEvents(tx, groupId, result.events)
    await finish(tx, tally)
    // After the claims of this look ended: a mark with a delay would else find its key due already.
    const dirty = [
      ...page.dirty,
      ...works.flatMap(lookAgain),
      ...stale.map((work) => again(work, outcomes.get(work))),
    ]
    await context.ledger.markDirty(connected.id, dirty, tx)
    return { tally, ids, events: result.events, stored }
  })
  await flushEvents(context, groupId, committed.ids, committed.events)
  await deleteUnused(context, connected, store, committed.stored)
  return committed.tally
}

const hashOf = (connected: Connected, { erp }: ImageWork): string =>
  contentHash(erp, connected.rules.fingerprint)

const isSettled = ({ plan, parked, again: open }: ImageWork): boolean =>
  plan.complete && parked.length === 0 && open === null

const moves = (connected: Connected, work: ImageWork): boolean =>
  changesAnything(work.plan) ||
  (isSettled(work) && work.link.content_hash.images !== hashOf(connected, work))

const isSame = (
  link: ImageWork["link"],
  locked: { stock_seq: number; erp_id: string } | undefined,
): boolean => locked?.stock_seq === link.stock_seq && locked.erp_id === link.erp_id

const patchOf = (connected: Connected, work: ImageWork): LinkPatch => ({
  id: work.link.id,
  // The lane of its own: a plan of the product's fields does not become void by it.
  expected: { lane: "stock", seq: work.link.stock_seq },
  base_erp: work.plan.base_erp,
  base_medusa: work.plan.base_medusa,
  ...(isSettled(work) ? { content_hash: { images: hashOf(connected, work) } } : {}),
})

const journalOf = (batch: Batch, { plan, link }: ImageWork): JournalEntry[] =>
  plan.writes.map(({ key, from, to, rule }) => ({
    run_id: batch.run_id,
    entity: "product",
    erp_id: link.erp_id,
    medusa_id: link.medusa_id,
    field: imageField(key),
    side: "medusa",
    kind: "write",
    from,
    to,
    rule,
  }))

const healAndPark = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  tx: Tx,
  page: PageWork,
  done: ImageWork[],
): Promise<void> => {
  const rejected = page.healed.map((record) => ({
    ...record,
    except: page.parked.flatMap(({ erp_id, field }) => (erp_id === record.erp_id ? [field] : [])),
  }))
  const looked = done.map(({ erp, parked }) => ({
    entity: "product" as const,
    erp_id: erp.id,
    except: parked.map(({ field }) => field),
  }))
  await context.ledger.unpark(tx, connected.id, "images", [...rejected, ...looked])
  await context.ledger.park(tx, connected.id, [
    ...page.parked,
    ...done.flatMap(({ parked }) => parked),
  ])
}

const lookAgain = ({ erp, again: open }: ImageWork): DirtyKey[] =>
  open === null ? [] : [{ stream: "images", erp_id: erp.id, ...open }]

const again = ({ erp }: ImageWork, outcome: GalleryOutcome | undefined): DirtyKey => ({
  stream: "images",
  erp_id: erp.id,
  reason: outcome === "locked" || outcome === "gone" ? outcome : "moved",
  delay_ms: outcome === "gone" ? 60_000 : 1000,
})

/** A file that the merchant shows elsewhere is the merchant's from then on. */
const deleteUnused = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  store: ImageStore<Tx>,
  stored: ImageWork[],
): Promise<void> => {
  const left = stored.filter(({ plan }) => plan.unused.length > 0)
  if (left.length === 0) {
    return
  }
  try {
    const files = left.flatMap(({ plan }) => plan.unused)
    const unused = await store.unusedUrls(files.map(({ url }) => url))
    await store.deleteFiles(files.filter(({ url }) => unused.has(url)).map(({ id }) => id))
    await forget(context, connected, left)
  } catch (error) {
    // The link still names them: the next look at these products tries again.
    context.log("warn", `${connected.id}: files are not deleted yet: ${String(error)}`)
  }
}

const forget = <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  works: ImageWork[],
): Promise<void> =>
  context.ledger.transaction(async (tx) => {
    const ids = works.map(({ link }) => link.erp_id)
    const present = await context.ledger.linksByErp(connected.id, "product", ids)
    await context.ledger.patchLinks(
      tx,
      present.map((link) => ({
        id: link.id,
        expected: { lane: "stock", seq: link.stock_seq },
        kept: gone(works.find((work) => work.link.id === link.id)?.plan.unused ?? []),
      })),
    )
  })

const gone = (files: UploadedFile[]): NonNullable<LinkPatch["kept"]> =>
  Object.fromEntries(files.map(({ id }) => [fileName(id), null]))
