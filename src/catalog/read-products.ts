import { MedusaId } from "../sync/ids"
import { MedusaOption, MedusaProduct } from "../sync/snapshot"
import { AttributeRow, attributeSelection, attributesOf } from "./attributes"
import { Database, groupBy, query, queryByIds } from "./database"
import { loadVariants, ReadOptions } from "./read-variants"
import { readTranslations } from "./translations"

/** Whole products by id, soft-deleted products and variants flagged; unknown ids are absent. */
export const readProducts = async (
  db: Database,
  ids: MedusaId[],
  options: ReadOptions = {},
): Promise<Map<MedusaId, MedusaProduct>> => {
  const products = await queryByIds(ids, (chunk) =>
    query<ProductRow>(
      db,
      `select id, deleted_at is not null as deleted, title, description, status,
              ${attributeSelection("product")}
         from product where id = any(?)`,
      [chunk],
    ),
  )
  const found = products.map((product) => product.id)
  const categories = groupBy(await readMemberships(db, found), (row) => row.product_id)
  const tags = groupBy(await readTags(db, found), (row) => row.product_id)
  const productOptions = await readOptions(db, found)
  const translations = options.translated ? await readTranslations(db, "product", found) : null
  const variants = groupBy(
    await loadVariants(db, "product_id", found, options),
    (variant) => variant.product_id,
  )
  return new Map(
    products.map(({ id, deleted, title, description, status, ...more }) => [
      id,
      {
        ...{ id, deleted, title, description, status },
        attributes: attributesOf("product", more),
        ...(translations && { translations: translations.get(id) ?? {} }),
        category_ids: (categories.get(id) ?? []).map((row) => row.product_category_id),
        tags: (tags.get(id) ?? []).map((row) => row.value),
        options: productOptions.get(id) ?? [],
        variants: variants.get(id) ?? [],
      },
    ]),
  )
}

type ProductRow = Pick<MedusaProduct, "id" | "deleted" | "title" | "description" | "status"> &
  AttributeRow

const readMemberships = (
  db: Database,
  productIds: MedusaId[],
): Promise<{ product_id: MedusaId; product_category_id: MedusaId }[]> =>
  queryByIds(productIds, (chunk) =>
    query(
      db,
      `select product_id, product_category_id from product_category_product
        where product_id = any(?) order by product_id, product_category_id`,
      [chunk],
    ),
  )

const readTags = (
  db: Database,
  productIds: MedusaId[],
): Promise<{ product_id: MedusaId; value: string }[]> =>
  queryByIds(productIds, (chunk) =>
    query(
      db,
      `select pair.product_id, tag.value
         from product_tags pair join product_tag tag on tag.id = pair.product_tag_id
        where pair.product_id = any(?) and tag.deleted_at is null
        order by pair.product_id, tag.value`,
      [chunk],
    ),
  )

/** The options of each product with those of their values that the product uses. */
export const readOptions = async (
  db: Database,
  productIds: MedusaId[],
): Promise<Map<MedusaId, MedusaOption[]>> => {
  const options = await queryByIds(productIds, (chunk) =>
    query<OptionRow>(
      db,
      `select use.id as use_id, use.product_id, option.id, option.title, option.is_exclusive
         from product_product_option use
         join product_option option on option.id = use.product_option_id and option.deleted_at is null
        where use.product_id = any(?) and use.deleted_at is null
        order by use.product_id, use.created_at, option.created_at, option.id`,
      [chunk],
    ),
  )
  const useIds = options.map((option) => option.use_id)
  const values = groupBy(await readOptionValues(db, useIds), (row) => row.use_id)
  return groupToMap(options, values)
}

interface OptionRow extends Omit<MedusaOption, "values"> {
  use_id: string
  product_id: MedusaId
}

interface ValueRow {
  use_id: string
  id: MedusaId
  value: string
}

const readOptionValues = (db: Database, useIds: string[]): Promise<ValueRow[]> =>
  queryByIds(useIds, (chunk) =>
    query<ValueRow>(
      db,
      `select use.product_product_option_id as use_id, value.id, value.value
         from product_product_option_value use
         join product_option_value value
           on value.id = use.product_option_value_id and value.deleted_at is null
        where use.product_product_option_id = any(?) and use.deleted_at is null
        order by use.product_product_option_id, value.rank nulls last, value.created_at, value.id`,
      [chunk],
    ),
  )

const groupToMap = (
  options: OptionRow[],
  values: Map<string, ValueRow[]>,
): Map<MedusaId, MedusaOption[]> =>
  new Map(
    [...groupBy(options, (option) => option.product_id)].map(([productId, rows]) => [
      productId,
      rows.map(({ use_id, id, title, is_exclusive }) => ({
        id,
        title,
        is_exclusive,
        values: (values.get(use_id) ?? []).map((row) => ({ id: row.id, value: row.value })),
      })),
    ]),
  )
