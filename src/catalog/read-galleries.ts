import { MedusaGallery, MedusaImage } from "../sync/gallery"
import { MedusaId } from "../sync/ids"
import { Database, groupBy, query, queryByIds } from "./database"

interface ProductRow {
  id: MedusaId
  deleted: boolean
  handle: string
  thumbnail: string | null
}

type ImageRow = MedusaImage & { product_id: MedusaId }
type VariantRow = { id: MedusaId; product_id: MedusaId; thumbnail: string | null }

/** Images of products, in Medusa's order, with the variants that they are assigned to; four queries. */
export const readGalleries = async (
  db: Database,
  productIds: readonly MedusaId[],
): Promise<Map<MedusaId, MedusaGallery>> => {
  const products = await queryByIds(productIds, (chunk) =>
    query<ProductRow>(
      db,
      `select id, handle, thumbnail, deleted_at is not null as deleted from product
        where id = any(?)`,
      [chunk],
    ),
  )
  const images = groupBy(
    await queryByIds(productIds, (chunk) => query<ImageRow>(db, IMAGES, [chunk])),
    (image) => image.product_id,
  )
  const variants = groupBy(
    await queryByIds(productIds, (chunk) =>
      query<VariantRow>(
        db,
        `select id, product_id, thumbnail from product_variant
          where product_id = any(?) and deleted_at is null order by id`,
        [chunk],
      ),
    ),
    (variant) => variant.product_id,
  )
  return new Map(
    products.map((product) => [
      product.id,
      {
        ...product,
        images: (images.get(product.id) ?? []).map(({ id, url, rank, variant_ids }) => ({
          id,
          url,
          rank,
          variant_ids,
        })),
        variants: (variants.get(product.id) ?? []).map(({ id, thumbnail }) => ({ id, thumbnail })),
      },
    ]),
  )
}

const IMAGES = `
  select i.id, i.product_id, i.url, i.rank,
         coalesce(array_agg(a.variant_id order by a.variant_id)
           filter (where a.variant_id is not null), '{}') as variant_ids
    from image i
    left join product_variant_product_image a on a.image_id = i.id and a.deleted_at is null
   where i.product_id = any(?) and i.deleted_at is null
   group by i.id order by i.product_id, i.rank, i.id`
