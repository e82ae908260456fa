/**
 * Where Odoo keeps images of products: a field of a record each, stored as an attachment. `extra` are
 * the further images of the shop (`website_sale`), of a product or of one of its variants.
 */
export const IMAGE_PLACES = {
  template: { model: "product.template", field: "image_1920" },
  variant: { model: "product.product", field: "image_variant_1920" },
  extra: { model: "product.image", field: "image_1920" },
} as const

export type PlaceKind = keyof typeof IMAGE_PLACES

/** The key of the image of a record: stable for as long as the record lives. */
export const imageKey = (kind: PlaceKind, id: number): string =>
  kind === "template" ? kind : `${kind}:${id}`

/** Which record's field a key means; null for a key that is not of this connector. */
export const placeOf = (
  productId: number,
  key: string,
): { model: string; field: string; id: number } | null => {
  if (key === "template") return { ...IMAGE_PLACES.template, id: productId }
  const [, kind, id] = /^(variant|extra):(\d+)$/.exec(key) ?? []
  return kind === "variant" || kind === "extra" ? { ...IMAGE_PLACES[kind], id: Number(id) } : null
}
