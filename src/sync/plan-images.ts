import { ErpImage, ErpProductImages } from "./canonical"
import { changesGallery, emptyChange, GalleryChange, MedusaGallery, MedusaImage } from "./gallery"
import { ErpId, MedusaId } from "./ids"
import {
  assignedVariants,
  assignmentField,
  ImageBase,
  imageBase,
  imageField,
  knownKeys,
  rankBase,
  rankField,
  UploadedFile,
} from "./image-bases"
import { ownerOf } from "./owners"
import { planThumbnails } from "./plan-thumbnails"
import { Rules } from "./rules"
import { FieldValue, Link } from "./values"

export interface ImagesContext {
  rules: Rules
  erp: ErpProductImages
  gallery: MedusaGallery
  link: Pick<Link, "base_erp" | "base_medusa">
  /** What this connection uploaded for the product. */
  files: UploadedFile[]
  /** Medusa's variants by their ERP id; what is missing is not linked (yet). */
  variants: ReadonlyMap<ErpId, MedusaId>
  /** Places of which the ERP was asked by name, and has no image: only those are removed. */
  confirmed_gone: ReadonlySet<string>
}

/** An image that is written, for the journal. */
export interface ImageWrite {
  key: string
  from: string | null
  to: string | null
  rule: "erp_changed" | "restored" | "gone_in_erp"
}

export interface ImagesPlan {
  change: GalleryChange
  writes: ImageWrite[]
  /** Bytes to be fetched before this can be planned whole. */
  wanted: ErpImage[]
  /** Places that the ERP no longer names, to be asked for before anything is removed. */
  suspects: string[]
  base_erp: { [field: string]: FieldValue }
  base_medusa: { [field: string]: FieldValue }
  /** Uploaded files that nothing of ours shows any more. */
  unused: UploadedFile[]
  /** Nothing is left out: a record with the same content need not be looked at again. */
  complete: boolean
}

/** What becomes of one place of the gallery. */
export interface Place {
  key: string
  erp: ErpImage | null
  /** Its place in the ERP's order. */
  index: number
  held: MedusaImage | null
  base: ImageBase | null
  /** The url that it shows after the plan; null: none of ours. */
  url: string | null
  added: boolean
}

/**
 * Plans the images of one product: a three-way merge per place of the ERP's list. What the merchant
 * added is not looked at; rank, assignment and thumbnail move only while they stand where the sync put
 * them. Pure; plan(apply(plan)) is empty.
 */
export const planImages = (context: ImagesContext): ImagesPlan => {
  const plan: ImagesPlan = {
    change: emptyChange(),
    writes: [],
    wanted: [],
    suspects: [],
    base_erp: {},
    base_medusa: {},
    unused: [],
    complete: true,
  }
  if (ownerOf(context.rules, "images") === "medusa") {
    return plan
  }
  const places = placesOf(context)
  for (const place of places) {
    planPicture(context, place, plan)
  }
  planRanks(context, places, plan)
  for (const place of places) {
    planAssignment(context, place, plan)
  }
  planThumbnails(context, places, plan)
  plan.unused = unusedFiles(context, places)
  plan.complete = plan.complete && plan.wanted.length === 0 && plan.suspects.length === 0
  return plan
}

/** Whether anything of the store or of the link moves with it. */
export const changesAnything = (plan: ImagesPlan): boolean =>
  changesGallery(plan.change) ||
  plan.unused.length > 0 ||
  Object.keys(plan.base_erp).length > 0 ||
  Object.keys(plan.base_medusa).length > 0

const placesOf = ({ erp, link, gallery }: ImagesContext): Place[] => {
  const byUrl = new Map(gallery.images.map((image) => [image.url, image]))
  const place = (key: string, image: ErpImage | null, index: number): Place => {
    const base = imageBase(link, key)
    const held = base ? (byUrl.get(base.url) ?? null) : null
    return { key, erp: image, index, held, base, url: held?.url ?? null, added: false }
  }
  const listed = erp.images.toSorted((a, b) => a.rank - b.rank)
  const named = new Set(listed.map(({ key }) => key))
  return [
    ...listed.map((image, index) => place(image.key, image, index)),
    ...knownKeys(link)
      .filter((key) => !named.has(key))
      .map((key) => place(key, null, Infinity)),
  ]
}

const planPicture = (context: ImagesContext, place: Place, plan: ImagesPlan): void => {
  const { erp, held, base } = place
  if (erp === null) {
    planRemoval(context, place, plan)
  } else if (base === null) {
    show(context, place, erp, "erp_changed", plan)
  } else if (erp.checksum === base.checksum) {
    // Taken away by the merchant: the owner's rule says whether it comes back.
    if (held === null && mayRestore(context)) show(context, place, erp, "restored", plan)
  } else if (held !== null || mayOverride(context)) {
    show(context, place, erp, "erp_changed", plan)
  }
}

const mayRestore = ({ rules }: ImagesContext): boolean =>
  ownerOf(rules, "images") === "erp" && rules.foreign_edits === "enforce"

/** Both sides changed: the merchant took it away, and the ERP holds another picture now. */
const mayOverride = ({ rules }: ImagesContext): boolean =>
  ownerOf(rules, "images") === "erp" || rules.conflicts === "erp"

const planRemoval = (context: ImagesContext, place: Place, plan: ImagesPlan): void => {
  const { key, held, base } = place
  if (!context.confirmed_gone.has(key)) {
    plan.suspects.push(key)
    return
  }
  if (held !== null) {
    plan.change.remove.push(held.id)
    plan.writes.push({ key, from: held.url, to: null, rule: "gone_in_erp" })
  }
  place.url = null
  if (base !== null) agree(plan, imageField(key), null, null)
}

const show = (
  { files, link }: ImagesContext,
  place: Place,
  erp: ErpImage,
  rule: ImageWrite["rule"],
  plan: ImagesPlan,
): void => {
  const { key, held } = place
  const file = files.find((entry) => entry.key === key && entry.checksum === erp.checksum)
  // Without its file a picture that was agreed on is still at the url that was agreed on.
  const url = file?.url ?? (rule === "restored" ? imageBase(link, key)?.url : undefined)
  if (url === undefined) {
    plan.wanted.push(erp)
    return
  }
  if (held === null) {
    place.added = true
  } else {
    plan.change.replace.push({ image_id: held.id, url })
  }
  plan.writes.push({ key, from: held?.url ?? null, to: url, rule })
  place.url = url
  agree(plan, imageField(key), erp.checksum, url)
}

/** New images stand behind the merchant's own; the others follow the ERP's order while nobody moved them. */
const planRanks = ({ gallery, link }: ImagesContext, places: Place[], plan: ImagesPlan): void => {
  const ours = new Set(places.flatMap(({ held }) => (held ? [held.id] : [])))
  const foreign = gallery.images.filter(({ id }) => !ours.has(id)).map(({ rank }) => rank)
  const offset = foreign.length === 0 ? 0 : Math.max(...foreign) + 1
  for (const { key, erp, index, held, added, url } of places) {
    const base = rankBase(link, key)
    if (erp === null || url === null) continue
    if (added) {
      const rank = base?.erp === index ? base.medusa : index + offset
      plan.change.add.push({ url, rank, variant_ids: [] })
      agree(plan, rankField(key), String(index), String(rank))
    } else if (held !== null && base !== null && base.erp !== index && held.rank === base.medusa) {
      const rank = Math.max(0, base.medusa + index - base.erp)
      if (rank !== held.rank) plan.change.move.push({ image_id: held.id, rank })
      agree(plan, rankField(key), String(index), String(rank))
    }
  }
}

const planAssignment = (
  { link, variants }: ImagesContext,
  { key, erp, held, added, url }: Place,
  plan: ImagesPlan,
): void => {
  const before = new Set(assignedVariants(link, key))
  const listed = url === null ? [] : (erp?.variant_ids ?? [])
  for (const variant of listed) {
    const id = variants.get(variant)
    if (id === undefined) {
      plan.complete = false
      continue
    }
    if (added) {
      plan.change.add.find((entry) => entry.url === url)?.variant_ids.push(id)
    } else if (held !== null && !before.has(variant) && !held.variant_ids.includes(id)) {
      plan.change.assign.push({ image_id: held.id, variant_id: id })
    }
    if (!before.has(variant)) agree(plan, assignmentField(key, variant), true, true)
  }
  for (const variant of before) {
    if (listed.includes(variant)) continue
    const id = variants.get(variant)
    // An image that goes takes its assignments with it.
    if (held !== null && url !== null && id !== undefined && held.variant_ids.includes(id)) {
      plan.change.unassign.push({ image_id: held.id, variant_id: id })
    }
    agree(plan, assignmentField(key, variant), null, null)
  }
}

/** Files of a picture that neither shows nor is about to, nor was taken away by the merchant alone. */
const unusedFiles = ({ files }: ImagesContext, places: Place[]): UploadedFile[] =>
  files.filter((file) => {
    const place = places.find(({ key }) => key === file.key)
    const shown = place?.url ?? place?.base?.url
    const gone = place?.erp === null && place.url === null
    return !place || gone || (file.url !== shown && file.checksum !== place.erp?.checksum)
  })

export const agree = (
  plan: Pick<ImagesPlan, "base_erp" | "base_medusa">,
  field: string,
  erp: FieldValue,
  medusa: FieldValue,
): void => {
  plan.base_erp[field] = erp
  plan.base_medusa[field] = medusa
}
