import { MedusaId } from "./ids"

/** A product's images in Medusa as the planner sees them. */
export interface MedusaGallery {
  id: MedusaId
  deleted: boolean
  handle: string
  thumbnail: string | null
  /** In Medusa's order. */
  images: MedusaImage[]
  /** Live variants. */
  variants: { id: MedusaId; thumbnail: string | null }[]
}

export interface MedusaImage {
  id: MedusaId
  url: string
  rank: number
  /** Variants that it is assigned to; none: it shows them all. */
  variant_ids: MedusaId[]
}

/** What is written to one gallery, all of it or nothing: only while it still is as it was planned on. */
export interface GalleryChange {
  add: { url: string; rank: number; variant_ids: MedusaId[] }[]
  /** Another picture in the same place: rank, assignment and the row's id stay. */
  replace: { image_id: MedusaId; url: string }[]
  remove: MedusaId[]
  move: { image_id: MedusaId; rank: number }[]
  assign: { image_id: MedusaId; variant_id: MedusaId }[]
  unassign: { image_id: MedusaId; variant_id: MedusaId }[]
  /** Absent: it stays. */
  thumbnail?: string | null
  variant_thumbnails: { variant_id: MedusaId; url: string | null }[]
}

export const emptyChange = (): GalleryChange => ({
  add: [],
  replace: [],
  remove: [],
  move: [],
  assign: [],
  unassign: [],
  variant_thumbnails: [],
})

export const changesGallery = (change: GalleryChange): boolean =>
  change.thumbnail !== undefined ||
  [
    change.add,
    change.replace,
    change.remove,
    change.move,
    change.assign,
    change.unassign,
    change.variant_thumbnails,
  ].some((list) => list.length > 0)
