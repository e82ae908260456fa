import { MedusaId } from "../sync/ids"
import { chunksOf, Database, query } from "./database"

/** Records that the sync links; what hangs on one of them counts as an edit of it. */
export type EditedEntity = "product" | "variant" | "category"

export interface Edited {
  entity: EditedEntity
  id: MedusaId
  /** Database time of its last change, ISO. */
  at: string
}

const AT = "to_char(at at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as at"

/** Soft-deleted rows keep the stamp of their last edit; the later of both counts. */
const changed = (table: string, id = "id"): string =>
  `select ${id} as id, greatest(updated_at, deleted_at) as at from ${table}`

const SOURCES: Readonly<Record<EditedEntity, readonly string[]>> = {
  product: [
    changed("product"),
    changed("product_product_option", "product_id"),
    `select l.product_id as id, greatest(o.updated_at, o.deleted_at) as at from product_option o
       join product_product_option l on l.product_option_id = o.id and l.deleted_at is null`,
    `select l.product_id as id, greatest(v.updated_at, v.deleted_at) as at
       from product_option_value v
       join product_product_option l on l.product_option_id = v.option_id and l.deleted_at is null`,
    // A variant that was never linked is known by its product alone.
    "select product_id as id, created_at as at from product_variant",
  ],
  variant: [
    changed("product_variant"),
    `select v.variant_id as id, greatest(p.updated_at, p.deleted_at) as at from price p
       join product_variant_price_set v on v.price_set_id = p.price_set_id and v.deleted_at is null
      where p.price_list_id is null or p.price_list_id = any(?)`,
  ],
  category: [changed("product_category")],
}

const translations = (reference: string): string[] => [
  `${changed("translation", "reference_id")} where reference = '${reference}'`,
]

const TRANSLATIONS: Readonly<Record<EditedEntity, readonly string[]>> = {
  product: translations("product"),
  variant: [],
  category: [],
}

/**
 * Records that were changed after a moment and not after another, whoever changed them: this finds what
 * no event told. One query a table, in no order.
 * @param since database time, ISO; exclusive
 * @param until database time, ISO; inclusive
 * @param priceLists those whose prices count as their variants'
 * @param translated the store has Medusa's module for translations, whose edits count for their records
 */
export const readEdited = async (
  db: Database,
  since: string,
  until: string,
  priceLists: readonly MedusaId[] = [],
  translated = false,
): Promise<Edited[]> => {
  const found: Edited[] = []
  for (const entity of ["product", "variant", "category"] as const) {
    const sources = [...SOURCES[entity], ...(translated ? TRANSLATIONS[entity] : [])]
    const rows = await query<{ id: MedusaId; at: string }>(
      db,
      `select id, ${AT} from (
         select id, max(at) as at from (${sources.join(" union all ")}) as changed
          where at > ?::timestamptz and at <= ?::timestamptz group by id) as edited`,
      [...(entity === "variant" ? [[...priceLists]] : []), since, until],
    )
    found.push(...rows.map((row) => ({ entity, ...row })))
  }
  return found
}

/** Ids of live products in their order, a page of them. */
export const readProductIds = async (
  db: Database,
  after: string,
  limit: number,
): Promise<MedusaId[]> => {
  const rows = await query<{ id: MedusaId }>(
    db,
    "select id from product where id > ? and deleted_at is null order by id limit ?",
    [after, limit],
  )
  return rows.map((row) => row.id)
}

/** Ids of the products behind what an event names: variants, options, option values. */
export const readOwners = async (
  db: Database,
  record: keyof typeof OWNERS,
  ids: readonly string[],
): Promise<MedusaId[]> => {
  const rows: { id: MedusaId }[] = []
  for (const chunk of chunksOf(ids, 2000)) {
    rows.push(...(await query<{ id: MedusaId }>(db, OWNERS[record], [chunk])))
  }
  return [...new Set(rows.map((row) => row.id))]
}

const OWNERS = {
  "product-variant": "select product_id as id from product_variant where id = any(?)",
  "product-option":
    "select product_id as id from product_product_option where product_option_id = any(?)",
  "product-option-value": `
    select l.product_id as id from product_option_value v
      join product_product_option l on l.product_option_id = v.option_id
     where v.id = any(?)`,
} as const
