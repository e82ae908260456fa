import { ErpId } from "./ids"
import { THUMBNAIL, thumbnailedVariants, variantThumbnailField } from "./image-bases"
import type { ImagesContext, ImagesPlan, Place } from "./plan-images"
import { FieldValue } from "./values"

/**
 * The first image of the ERP stands for the product, and each variant's first own image for it, for as
 * long as nobody chose another one. A chosen one of ours follows its picture, and is let go with it.
 */
export const planThumbnails = (
  { gallery, link, variants }: ImagesContext,
  places: Place[],
  plan: ImagesPlan,
): void => {
  const moved = movedUrls(places)
  const first = places.find(({ erp, url }) => erp !== null && url !== null)?.url ?? null
  const product = moveThumbnail(gallery.thumbnail, link.base_medusa[THUMBNAIL], first, moved)
  if (product.to !== undefined) plan.change.thumbnail = product.to
  if (product.base !== undefined) plan.base_medusa[THUMBNAIL] = product.base

  const own = ownImages(places)
  for (const variant of new Set([...own.keys(), ...thumbnailedVariants(link)])) {
    const held = gallery.variants.find(({ id }) => id === variants.get(variant))
    if (!held) continue
    const field = variantThumbnailField(variant)
    const wanted = own.get(variant) ?? null
    const { to, base } = moveThumbnail(held.thumbnail, link.base_medusa[field], wanted, moved)
    if (to !== undefined) {
      plan.change.variant_thumbnails.push({ variant_id: held.id, url: to })
    }
    if (base !== undefined) plan.base_medusa[field] = base
  }
}

const ownImages = (places: Place[]): Map<ErpId, string> => {
  const own = new Map<ErpId, string>()
  for (const { erp, url } of places) {
    for (const variant of url === null ? [] : (erp?.variant_ids ?? [])) {
      if (url !== null && !own.has(variant)) own.set(variant, url)
    }
  }
  return own
}

/** An image that the ERP has and the merchant took away from the gallery alone. */
const STANDS = Symbol("stands")

type Moved = ReadonlyMap<string, string | null | typeof STANDS>

/** What became of the pictures that the store showed so far; null: it is shown no more. */
const movedUrls = (places: Place[]): Moved =>
  new Map(
    places.flatMap(({ erp, base, held, url }): [string, string | null | typeof STANDS][] => {
      if (held !== null) return held.url === url ? [] : [[held.url, url]]
      return erp !== null && base !== null && url === null ? [[base.url, STANDS]] : []
    }),
  )

const moveThumbnail = (
  held: string | null,
  base: FieldValue | undefined,
  wanted: string | null,
  moved: Moved,
): { to?: string | null; base?: string | null } => {
  const present = held?.trim() ? held : null
  const set = (to: string | null) => ({
    ...(to === present ? {} : { to }),
    ...(to === (base ?? null) ? {} : { base: to }),
  })
  if (present === (base ?? null)) {
    // Taken from the gallery by the merchant, and left standing for the product.
    const stands = wanted === null && present !== null && moved.get(present) === STANDS
    return stands ? {} : set(wanted)
  }
  const followed = present === null ? undefined : moved.get(present)
  if (followed === undefined || followed === STANDS) return {}
  return followed === null ? set(wanted) : { to: followed }
}
