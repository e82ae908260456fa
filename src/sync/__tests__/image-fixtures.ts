import { ErpImage } from "../canonical"
import { GalleryChange, MedusaGallery, MedusaImage } from "../gallery"
import { erpId, ErpId, medusaId, MedusaId } from "../ids"
import { uploadedFiles } from "../image-bases"
import { ImagesContext, ImagesPlan, planImages } from "../plan-images"
import { Rules } from "../rules"
import { Link } from "../values"
import { link, rules } from "./fixtures"

export const VARIANTS: ReadonlyMap<ErpId, MedusaId> = new Map([
  [erpId("7"), medusaId("variant_7")],
  [erpId("8"), medusaId("variant_8")],
])

export const picture = (
  key: string,
  checksum: string,
  rank = 0,
  ...variants: string[]
): ErpImage => ({
  key,
  checksum,
  rank,
  variant_ids: variants.map(erpId),
})

/** A product as the ERP and the store have it, between two looks. */
export interface Scene {
  rules: Rules
  erp: ErpImage[]
  gallery: MedusaGallery
  link: Link
}

export const scene = (erp: ErpImage[], changes: Partial<Rules> = {}): Scene => ({
  rules: rules(changes),
  erp,
  gallery: {
    id: medusaId("prod_1"),
    deleted: false,
    handle: "desk",
    thumbnail: null,
    images: [],
    variants: [...VARIANTS.values()].map((id) => ({ id, thumbnail: null })),
  },
  link: link({}),
})

export const contextOf = (
  { rules: given, erp, gallery, link: tie }: Scene,
  gone: string[] = [],
): ImagesContext => ({
  rules: given,
  erp: { id: erpId("1"), version: null, images: erp },
  gallery,
  link: tie,
  files: uploadedFiles(tie.kept),
  variants: VARIANTS,
  confirmed_gone: new Set(gone),
})

/** Fetches what is wanted, confirms what is suspected, and carries the plan out, as the engine does. */
export const look = (before: Scene): { after: Scene; plan: ImagesPlan; fetched: string[] } => {
  const first = planImages(contextOf(before))
  const kept = {
    ...before.link.kept,
    ...Object.fromEntries(
      first.wanted.map(({ key, checksum }) => [
        `image_file:${key}-${checksum}`,
        JSON.stringify({ key, checksum, url: urlOf(key, checksum) }),
      ]),
    ),
  }
  const supplied = { ...before, link: { ...before.link, kept } }
  const plan = planImages(contextOf(supplied, first.suspects))
  return {
    after: applied(supplied, plan),
    plan,
    fetched: first.wanted.map(({ key }) => key),
  }
}

export const urlOf = (key: string, checksum: string): string => `https://files/${key}-${checksum}`

let made = 0

export const merchantImage = (url: string, rank: number): MedusaImage => {
  made += 1
  return { id: medusaId(`img_m${made}`), url, rank, variant_ids: [] }
}

const applied = (before: Scene, plan: ImagesPlan): Scene => {
  const unused = new Set(plan.unused.map(({ id }) => `image_file:${id}`))
  const kept = Object.entries(before.link.kept).filter(([name]) => !unused.has(name))
  return {
    ...before,
    gallery: appliedGallery(before.gallery, plan.change),
    link: {
      ...before.link,
      base_erp: { ...before.link.base_erp, ...plan.base_erp },
      base_medusa: { ...before.link.base_medusa, ...plan.base_medusa },
      kept: Object.fromEntries(kept),
    },
  }
}

const appliedGallery = (gallery: MedusaGallery, change: GalleryChange): MedusaGallery => {
  const added = change.add.map((image): MedusaImage => {
    made += 1
    return { id: medusaId(`img_${made}`), ...image }
  })
  const images = gallery.images
    .filter(({ id }) => !change.remove.includes(id))
    .map((image) => ({
      ...image,
      url: change.replace.find(({ image_id }) => image_id === image.id)?.url ?? image.url,
      rank: change.move.find(({ image_id }) => image_id === image.id)?.rank ?? image.rank,
      variant_ids: [
        ...image.variant_ids.filter((variant) => !isPaired(change.unassign, image.id, variant)),
        ...change.assign.flatMap((pair) => (pair.image_id === image.id ? [pair.variant_id] : [])),
      ],
    }))
  return {
    ...gallery,
    thumbnail: change.thumbnail === undefined ? gallery.thumbnail : change.thumbnail,
    images: [...images, ...added].toSorted((a, b) => a.rank - b.rank),
    variants: gallery.variants.map((variant) => {
      const set = change.variant_thumbnails.find(({ variant_id }) => variant_id === variant.id)
      return set ? { ...variant, thumbnail: set.url } : variant
    }),
  }
}

const isPaired = (pairs: GalleryChange["unassign"], image: MedusaId, variant: MedusaId): boolean =>
  pairs.some(({ image_id, variant_id }) => image_id === image && variant_id === variant)

/** The gallery in short: url, rank and variants of each image. */
export const shown = ({ gallery }: Scene): string[] =>
  gallery.images.map(({ url, rank, variant_ids }) =>
    [rank, url.replace("https://files/", ""), ...variant_ids].join(" "),
  )
