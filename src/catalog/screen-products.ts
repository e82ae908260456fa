import { CreateProduct, CreateVariant } from "../engine/ports"
import { SyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"
import { Database, query, queryByIds } from "./database"
import { duplicateError } from "./creation-errors"
import { itemsInUse } from "./inventory-items"

/**
 * Finds, before a workflow runs, the products that Medusa would refuse for a value that is taken: the
 * first record of a batch keeps it. Spares the halving of whole batches; races are left to it.
 */
export const screenProducts = async (
  db: Database,
  products: readonly CreateProduct[],
): Promise<Map<MedusaId, SyncError>> => {
  const faults = new Map<MedusaId, SyncError>()
  const taken = await takenValues(
    db,
    products.flatMap((product) => product.variants),
  )
  const missing = await missingCategories(db, products)
  for (const product of products) {
    const error = faultOf(product, taken, missing)
    if (error) {
      faults.set(product.id, error)
      continue
    }
    for (const { key, variant } of product.variants.flatMap(uniqueKeys)) {
      taken.set(key, variant.id)
    }
  }
  return faults
}

/** The first variant whose SKU or barcode is taken; for variants of one product. */
export const screenVariants = async (
  db: Database,
  variants: readonly CreateVariant[],
): Promise<SyncError | undefined> => firstDuplicate(variants, await takenValues(db, variants))

/** Taken value (`sku:42`) to the variant that has it. */
type Taken = Map<string, string>

const takenValues = async (db: Database, variants: readonly CreateVariant[]): Promise<Taken> => {
  const taken: Taken = new Map()
  for (const field of ["sku", "barcode"] as const) {
    const values = variants.flatMap((variant) => variant[field] ?? [])
    const rows = await queryByIds(values, (chunk) =>
      query<{ id: string; value: string }>(
        db,
        `select id, ${field} as value from product_variant
          where ${field} = any(?) and deleted_at is null`,
        [chunk],
      ),
    )
    for (const row of rows) {
      taken.set(`${field}:${row.value}`, row.id)
    }
  }
  for (const item of await itemsInUse(db, variants)) {
    taken.set(`sku:${item.sku}`, item.variant_id)
  }
  return taken
}

const faultOf = (
  product: CreateProduct,
  taken: Taken,
  missing: ReadonlySet<string>,
): SyncError | undefined => {
  const duplicate = firstDuplicate(product.variants, taken)
  if (duplicate) {
    return duplicate
  }
  const category = product.category_ids.find((id) => missing.has(id))
  return category === undefined
    ? undefined
    : new SyncError({
        kind: "data",
        code: "missing_category",
        scope: "record",
        record: product.erp_id,
        field: "category_ids",
        value: category,
        message: `The category ${category} is not in the store any more.`,
        remedy: "Restore the category in Medusa, or unlink it.",
      })
}

const firstDuplicate = (
  variants: readonly CreateVariant[],
  known: Taken,
): SyncError | undefined => {
  const taken: Taken = new Map(known)
  for (const variant of variants) {
    const error = duplicateOf(variant, taken)
    if (error) {
      return error
    }
    for (const { key } of uniqueKeys(variant)) {
      taken.set(key, variant.id)
    }
  }
  return undefined
}

const duplicateOf = (variant: CreateVariant, taken: Taken): SyncError | undefined => {
  for (const { field, value, key } of uniqueKeys(variant)) {
    const holder = taken.get(key)
    if (holder !== undefined && holder !== variant.id) {
      return duplicateError(
        {
          record: variant.erp_id,
          message: `The ${field} ${value} is taken: the variant ${holder} has it.`,
        },
        `variants.${variant.erp_id}.${field}`,
        value,
      )
    }
  }
  return undefined
}

const uniqueKeys = (
  variant: CreateVariant,
): { field: "sku" | "barcode"; value: string; key: string; variant: CreateVariant }[] =>
  (["sku", "barcode"] as const).flatMap((field) => {
    const value = variant[field]
    return value === null ? [] : [{ field, value, key: `${field}:${value}`, variant }]
  })

const missingCategories = async (
  db: Database,
  products: readonly CreateProduct[],
): Promise<Set<string>> => {
  const ids = products.flatMap((product) => product.category_ids)
  const rows = await queryByIds(ids, (chunk) =>
    query<{ id: string }>(
      db,
      "select id from product_category where id = any(?) and deleted_at is null",
      [chunk],
    ),
  )
  const live = new Set<string>(rows.map((row) => row.id))
  return new Set(ids.filter((id) => !live.has(id)))
}
