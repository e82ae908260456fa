import { rows, TestStore } from "../http/catalog-fixtures"

/** What a store holds of an Odoo catalog, read from its tables by plain SQL. */
export interface StoreView {
  /** By Odoo's id. */
  categories: { id: number; path: string[] }[]
  products: HeldProduct[]
}

export interface HeldProduct {
  /** The template's id in Odoo. */
  id: number
  /** `linked`, or `gone` for what Odoo sells no more. */
  link: string
  status: string
  title: string
  description: string | null
  /** Paths of all categories it is in, from the root down. */
  categories: string[][]
  variants: HeldVariant[]
}

export interface HeldVariant {
  /** The id in Odoo; 0 for a variant that belongs to no record there. */
  id: number
  medusa_id: string
  link: string | null
  sku: string | null
  barcode: string | null
  /** In grams. */
  weight: number | null
  /** Sorted by attribute, then value; without the option that says nothing. */
  options: { attribute: string; value: string }[]
  /** Base prices by currency. */
  prices: Record<string, number>
  /** Units by name of the stock location; null where inventory is not managed. */
  stock: Record<string, number> | null
}

export const readStore = async (store: TestStore): Promise<StoreView> => {
  const variants = await readVariants(store)
  const products = await rows<Omit<HeldProduct, "variants"> & { medusa_id: string }>(
    store,
    `with recursive tree as (
       select id, array[name] as path from product_category
        where parent_category_id is null and deleted_at is null
       union all
       select c.id, tree.path || c.name from product_category c
         join tree on tree.id = c.parent_category_id where c.deleted_at is null
     )
     select l.erp_id::int as id, l.state as link, p.id as medusa_id, p.status, p.title, p.description,
            coalesce((
              select json_agg(tree.path order by tree.path) from product_category_product m
                join tree on tree.id = m.product_category_id where m.product_id = p.id
            ), '[]') as categories
       from erp_link l join product p on p.id = l.medusa_id and p.deleted_at is null
      where l.entity = 'product' and l.state <> 'tombstone' order by 1`,
  )
  return {
    categories: await readCategories(store),
    products: products.map(({ medusa_id, ...product }) => ({
      ...product,
      variants: variants
        .filter(({ product_id }) => product_id === medusa_id)
        .map(({ product_id: _product, ...variant }) => variant),
    })),
  }
}

const readCategories = (store: TestStore): Promise<StoreView["categories"]> =>
  rows(
    store,
    `with recursive tree as (
       select id, array[name] as path from product_category
        where parent_category_id is null and deleted_at is null
       union all
       select c.id, tree.path || c.name from product_category c
         join tree on tree.id = c.parent_category_id where c.deleted_at is null
     )
     select l.erp_id::int as id, to_json(tree.path) as path
       from erp_link l join tree on tree.id = l.medusa_id
      where l.entity = 'category' and l.state = 'linked' order by 1`,
  )

const readVariants = (store: TestStore): Promise<(HeldVariant & { product_id: string })[]> =>
  rows(
    store,
    `select coalesce(l.erp_id::int, 0) as id, v.id as medusa_id, v.product_id, l.state as link, v.sku,
            v.barcode, round(v.weight::numeric, 3)::float as weight,
            coalesce((
              select json_agg(json_build_object('attribute', o.title, 'value', ov.value)
                              order by o.title collate "C", ov.value collate "C")
                from product_variant_option vo
                join product_option_value ov on ov.id = vo.option_value_id and ov.deleted_at is null
                join product_option o on o.id = ov.option_id and o.deleted_at is null
               where vo.variant_id = v.id and o.title <> 'Default option'
            ), '[]') as options,
            coalesce((
              select json_object_agg(price.currency_code, price.amount::float)
                from product_variant_price_set vs
                join price on price.price_set_id = vs.price_set_id and price.deleted_at is null
               where vs.variant_id = v.id and vs.deleted_at is null
            ), '{}') as prices,
            case when v.manage_inventory then coalesce((
              select json_object_agg(place.name, level.stocked_quantity::float)
                from product_variant_inventory_item vi
                join inventory_level level on level.inventory_item_id = vi.inventory_item_id
                                          and level.deleted_at is null
                join stock_location place on place.id = level.location_id
               where vi.variant_id = v.id and vi.deleted_at is null
            ), '{}') end as stock
       from product_variant v
       left join erp_link l on l.medusa_id = v.id and l.entity = 'variant' and l.state <> 'tombstone'
      where v.deleted_at is null order by 1, 2`,
  )
