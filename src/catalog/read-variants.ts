import { canonicalDecimal, roundDecimal } from "../sync/decimal"
import { MedusaId } from "../sync/ids"
import { MedusaInventoryItem, MedusaVariant } from "../sync/snapshot"
import { AttributeRow, attributeSelection, attributesOf } from "./attributes"
import { BasePriceRow, readBasePrices, readPriceSets } from "./base-prices"
import { listPricesOf, readListPrices } from "./list-prices"
import { Database, groupBy, query, queryByIds } from "./database"

export interface ReadOptions {
  /** Digits after the point to which weights are rounded; as many as the column holds by default. */
  weightDigits?: number | undefined
  /** Price lists whose prices are read; none by default. */
  priceLists?: readonly MedusaId[] | undefined
  /** Products come with their texts in further languages; needs Medusa's module for them. */
  translated?: boolean
}

/** Variants by id, soft-deleted ones flagged; unknown ids are absent. */
export const readVariants = async (
  db: Database,
  ids: MedusaId[],
  options: ReadOptions = {},
): Promise<Map<MedusaId, MedusaVariant>> =>
  new Map((await loadVariants(db, "id", ids, options)).map((variant) => [variant.id, variant]))

/** Variants by a column, in the order in which the admin shows them. */
export const loadVariants = async (
  db: Database,
  column: "id" | "product_id",
  ids: MedusaId[],
  { weightDigits, priceLists = [] }: ReadOptions,
): Promise<MedusaVariant[]> => {
  const rows = await queryByIds(ids, (chunk) =>
    query<VariantRow>(
      db,
      `select id, product_id, deleted_at is not null as deleted, title, sku, barcode,
              weight::text as weight, manage_inventory, allow_backorder,
              ${attributeSelection("variant")}
         from product_variant where ${column} = any(?) and product_id is not null
        order by variant_rank nulls last, created_at, id`,
      [chunk],
    ),
  )
  const variantIds = rows.map((row) => row.id)
  const values = groupBy(await readOptionValues(db, variantIds), (row) => row.variant_id)
  const items = groupBy(await readInventoryItems(db, variantIds), (row) => row.variant_id)
  const sets = new Map((await readPriceSets(db, variantIds)).map((row) => [row.variant_id, row.id]))
  const prices = groupBy(await readBasePrices(db, [...sets.values()]), (row) => row.price_set_id)
  const listed = groupBy(
    await readListPrices(db, [...sets.values()], priceLists),
    (row) => row.price_set_id,
  )
  return rows.map((row) => {
    const { id, product_id, deleted, title, sku, barcode, manage_inventory, allow_backorder } = row
    const setId = sets.get(row.id) ?? null
    return {
      ...{ id, product_id, deleted, title, sku, barcode, manage_inventory, allow_backorder },
      attributes: attributesOf("variant", row),
      weight: weightText(row.weight, weightDigits),
      option_value_ids: (values.get(row.id) ?? []).map((value) => value.option_value_id),
      inventory_items: (items.get(row.id) ?? []).map(({ id, sku, required_quantity, shared }) => ({
        id,
        sku,
        required_quantity: Number(required_quantity),
        shared,
      })),
      price_set_id: setId,
      prices: usedPrices((setId && prices.get(setId)) || []),
      ...(priceLists.length > 0 && {
        list_prices: listPricesOf((setId && listed.get(setId)) || []),
      }),
    }
  })
}

/** One price per currency; the rows come lowest first, and the lowest is the one the store uses. */
const usedPrices = (rows: readonly BasePriceRow[]): MedusaVariant["prices"] =>
  [...groupBy(rows, (row) => row.currency).values()].flatMap(([used]) =>
    used ? [{ id: used.id, currency: used.currency, amount: canonicalDecimal(used.amount) }] : [],
  )

type VariantRow = Pick<
  MedusaVariant,
  | "id"
  | "product_id"
  | "deleted"
  | "title"
  | "sku"
  | "barcode"
  | "weight"
  | "manage_inventory"
  | "allow_backorder"
> &
  AttributeRow

/** A four-byte float as its shortest exact text, `1e+06` as plain digits. */
export const weightText = (weight: string | null, digits?: number): string | null => {
  if (weight === null || !Number.isFinite(Number(weight))) {
    return null
  }
  return digits === undefined ? canonicalDecimal(weight) : roundDecimal(weight, digits, "half-up")
}

const readOptionValues = (
  db: Database,
  variantIds: MedusaId[],
): Promise<{ variant_id: MedusaId; option_value_id: MedusaId }[]> =>
  queryByIds(variantIds, (chunk) =>
    query(
      db,
      `select variant_id, option_value_id from product_variant_option
        where variant_id = any(?) order by variant_id, option_value_id`,
      [chunk],
    ),
  )

interface ItemRow extends Omit<MedusaInventoryItem, "required_quantity"> {
  variant_id: MedusaId
  required_quantity: string
}

const readInventoryItems = (db: Database, variantIds: MedusaId[]): Promise<ItemRow[]> =>
  queryByIds(variantIds, (chunk) =>
    query<ItemRow>(
      db,
      `select link.variant_id, item.id, item.sku, link.required_quantity::text as required_quantity,
              exists (
                select from product_variant_inventory_item other
                  join product_variant v on v.id = other.variant_id and v.deleted_at is null
                 where other.inventory_item_id = item.id and other.deleted_at is null
                   and other.variant_id <> link.variant_id
              ) as shared
         from product_variant_inventory_item link
         join inventory_item item on item.id = link.inventory_item_id and item.deleted_at is null
        where link.variant_id = any(?) and link.deleted_at is null
        order by link.variant_id, link.created_at, item.id`,
      [chunk],
    ),
  )
