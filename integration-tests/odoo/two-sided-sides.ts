import { textOrNull } from "./rows"
import { readCatalog } from "./oracle"
import { Kind } from "./two-sided-history"
import { MAIN, rowsOf, TwoSided } from "./two-sided-stage"

/** A field of a linked record as both sides hold it, in one spelling. */
export interface Reading {
  link_id: string
  entity: Kind
  odoo_id: string
  store_id: string
  field: string
  odoo: string | null
  store: string | null
}

interface LinkRow {
  link_id: string
  entity: Kind
  odoo_id: string
  store_id: string
  state: string
  values: Record<string, string | null>
}

/** Both sides, read without the sync: Odoo over its API, the store by SQL. */
export interface Sides {
  links: LinkRow[]
  /** Every synced field of every linked record. */
  readings: Reading[]
  /** The same of what Odoo does not sell any more: its values rest as they are. */
  resting: Reading[]
  /** Ids of what Odoo sells and has not archived. */
  sold: Set<string>
  /** Ids of all that Odoo has, by kind of record. */
  present: Record<Kind, Set<string>>
  /** Odoo's values of all its records, by `kind id field`. */
  values: Map<string, string | null>
}

export const readSides = async (stage: TwoSided): Promise<Sides> => {
  const odoo = await readOdoo(stage)
  const links = [
    ...(await rowsOf<LinkRow>(stage, PRODUCTS)),
    ...(await rowsOf<LinkRow>(stage, VARIANTS, [MAIN])),
    ...(await rowsOf<LinkRow>(stage, CATEGORIES)),
  ]
  const read = (linked: boolean): Reading[] =>
    links
      .filter(({ state }) => (state === "linked") === linked)
      .flatMap((link) => readingsOf(link, odoo.values))
  return { ...odoo, links, readings: read(true), resting: read(false) }
}

const readingsOf = (link: LinkRow, values: Sides["values"]): Reading[] =>
  Object.entries(link.values).flatMap(([field, store]) => {
    const key = `${link.entity} ${link.odoo_id} ${field}`
    const { link_id, entity, odoo_id, store_id } = link
    const odoo = values.get(key) ?? null
    // What Odoo keeps no stock of has no figure that a level could be held against.
    return field === "stock" && odoo === null
      ? []
      : [{ link_id, entity, odoo_id, store_id, field, odoo, store }]
  })

const readOdoo = async ({
  odoo,
}: TwoSided): Promise<Omit<Sides, "links" | "readings" | "resting">> => {
  const catalog = await readCatalog(odoo)
  const values: Sides["values"] = new Map()
  const present: Sides["present"] = { product: new Set(), variant: new Set(), category: new Set() }
  const note = (kind: Kind, id: number, fields: Record<string, string | null>): void => {
    present[kind].add(String(id))
    Object.entries(fields).forEach(([field, value]) => values.set(`${kind} ${id} ${field}`, value))
  }
  const [main] = catalog.warehouses
  for (const template of catalog.templates) {
    note("product", template.id, {
      title: template.name,
      description: template.description_sale,
      category: template.category_id === null ? null : String(template.category_id),
    })
    for (const variant of template.variants) {
      const free = variant.stock.find(({ warehouse_id }) => warehouse_id === main?.id)?.free ?? 0
      note("variant", variant.id, {
        sku: variant.default_code,
        barcode: variant.barcode,
        weight: variant.weight === 0 ? null : String(Number((variant.weight * 1000).toFixed(3))),
        price: String(Math.round(variant.price * 100 + 1e-6) / 100),
        stock: template.is_storable ? String(Math.max(0, free)) : null,
      })
    }
  }
  for (const row of await odoo.searchRead("product.category", [], ["name", "parent_id"])) {
    const [parent] = [row["parent_id"]].flat()
    note("category", row.id, {
      name: textOrNull(row, "name"),
      parent: typeof parent === "number" ? String(parent) : null,
    })
  }
  const sold = catalog.templates.filter(({ active }) => active).map(({ id }) => String(id))
  return { sold: new Set(sold), present, values }
}

const RECORD = "l.id as link_id, l.entity, l.erp_id as odoo_id, l.medusa_id as store_id"
const LINK = `${RECORD}, l.state`

const PRODUCTS = `
  select ${LINK}, json_build_object('title', p.title, 'description', nullif(p.description, ''),
    'category', (
      select string_agg(c.erp_id, ',' order by c.erp_id) from product_category_product m
        left join erp_link c on c.medusa_id = m.product_category_id and c.entity = 'category'
       where m.product_id = p.id)) as values
    from erp_link l join product p on p.id = l.medusa_id and p.deleted_at is null
   where l.entity = 'product' and l.state <> 'tombstone'`

const VARIANTS = `
  select ${RECORD}, case when p.state = 'linked' then l.state else p.state end as state,
    json_build_object('sku', v.sku, 'barcode', v.barcode,
    'weight', case when v.weight::numeric <> 0 then trim_scale(round(v.weight::numeric, 3))::text end,
    'price', (
      select string_agg(trim_scale(price.amount)::text, ',') from product_variant_price_set s
        join price on price.price_set_id = s.price_set_id and price.deleted_at is null
                  and price.price_list_id is null and price.currency_code = 'usd'
       where s.variant_id = v.id and s.deleted_at is null),
    'stock', (
      select trim_scale(level.stocked_quantity)::text from product_variant_inventory_item i
        join inventory_level level on level.inventory_item_id = i.inventory_item_id
                                  and level.deleted_at is null
        join stock_location place on place.id = level.location_id and place.name = ?
       where i.variant_id = v.id and i.deleted_at is null)) as values
    from erp_link l join product_variant v on v.id = l.medusa_id and v.deleted_at is null
    join erp_link p on p.entity = 'product' and p.erp_id = l.parent_erp_id
   where l.entity = 'variant' and l.state <> 'tombstone'`

const CATEGORIES = `
  select ${LINK}, json_build_object('name', c.name, 'parent', parent.erp_id) as values
    from erp_link l join product_category c on c.id = l.medusa_id and c.deleted_at is null
    left join erp_link parent on parent.medusa_id = c.parent_category_id and parent.entity = 'category'
   where l.entity = 'category' and l.state <> 'tombstone'`

/** What moves when anything is written in Odoo: stamp and user of all templates, variants, categories. */
export const stampsOfOdoo = async ({ odoo }: TwoSided): Promise<string[]> => {
  const stamps: string[] = []
  for (const model of ["product.template", "product.product", "product.category"]) {
    const rows = await odoo.searchRead(model, [], ["write_date", "write_uid"], {
      context: { active_test: false },
    })
    stamps.push(...rows.map((row) => `${model} ${row.id} ${JSON.stringify(row)}`))
  }
  return stamps
}

/** The same of the store, and of what the sync noted about its writes. */
export const stampsOfStore = async (stage: TwoSided): Promise<string[]> => {
  const rows = await rowsOf<{ stamp: string }>(
    stage,
    `select 'product ' || id || ' ' || updated_at as stamp from product
     union all select 'variant ' || id || ' ' || updated_at from product_variant
     union all select 'price ' || id || ' ' || updated_at from price
     union all select 'level ' || id || ' ' || updated_at from inventory_level
     union all select 'category ' || id || ' ' || updated_at from product_category
     union all select 'place ' || product_id || ' ' || product_category_id from product_category_product
     union all select 'journal ' || id from erp_journal
     union all select 'difference ' || link_id || ' ' || field from erp_difference`,
  )
  return rows.map(({ stamp }) => stamp).sort()
}
