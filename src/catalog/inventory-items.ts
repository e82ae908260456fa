import {
  createInventoryItemsWorkflow,
  updateInventoryItemsWorkflow,
} from "@medusajs/medusa/core-flows"
import { IInventoryService, InventoryTypes } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { CreateVariant, WriteOrigin } from "../engine/ports"
import { CatalogContext } from "./context"
import { Database, query, queryByIds } from "./database"

/** What of a variant shapes its inventory item. */
export type ItemOwner = Pick<CreateVariant, "id" | "title" | "sku" | "weight" | "manage_inventory">

interface ItemRow {
  id: string
  sku: string | null
  deleted: boolean
  /** A live variant that uses the item. */
  variant_id: string | null
}

/**
 * Inventory items for variants whose stock is managed, before the variants are made: one whose id
 * follows from the variant's, so that a run that was killed finds it again, or an item without a
 * variant that has the SKU already. Core would make a new one, fail on the SKU, and leave it behind.
 */
export const ensureItems = async (
  { container, db }: CatalogContext,
  variants: readonly ItemOwner[],
  origin: WriteOrigin,
): Promise<Map<string, string>> => {
  const managed = variants.filter((variant) => variant.manage_inventory)
  const rows = await readItems(db, managed)
  const byId = new Map(rows.map((row) => [row.id, row]))
  const bySku = new Map(rows.filter((row) => !row.deleted).map((row) => [row.sku, row]))
  const found = new Map<string, string>()
  const missing: ItemOwner[] = []
  const renamed: { id: string; sku: string | null }[] = []
  for (const variant of managed) {
    const own = byId.get(itemIdOf(variant.id))
    const orphan = variant.sku === null ? undefined : bySku.get(variant.sku)
    if (own && !own.deleted) {
      found.set(variant.id, own.id)
      if (own.sku !== variant.sku && own.variant_id === null) {
        renamed.push({ id: own.id, sku: variant.sku })
      }
    } else if (orphan && (orphan.variant_id ?? variant.id) === variant.id) {
      found.set(variant.id, orphan.id)
    } else {
      missing.push(variant)
    }
  }
  if (renamed.length > 0) {
    await updateInventoryItemsWorkflow(container).run({
      input: { updates: renamed },
      context: { eventGroupId: origin.group_id },
    })
  }
  if (missing.length > 0) {
    const { result } = await createInventoryItemsWorkflow(container).run({
      input: { items: missing.map((variant) => itemInput(variant, byId)) },
      context: { eventGroupId: origin.group_id },
    })
    missing.forEach((variant, index) => found.set(variant.id, result[index]?.id ?? ""))
  }
  return found
}

/** Items by SKU or by the id that follows from a variant's. */
const readItems = (db: Database, variants: readonly ItemOwner[]): Promise<ItemRow[]> =>
  queryByIds(
    variants.flatMap((variant) => [itemIdOf(variant.id), ...(variant.sku ? [variant.sku] : [])]),
    (chunk) =>
      query<ItemRow>(
        db,
        `select item.id, item.sku, item.deleted_at is not null as deleted, (
                  select v.id from product_variant_inventory_item link
                    join product_variant v on v.id = link.variant_id and v.deleted_at is null
                   where link.inventory_item_id = item.id and link.deleted_at is null limit 1
                ) as variant_id
           from inventory_item item
          where item.id = any(?) or (item.sku = any(?) and item.deleted_at is null)`,
        [chunk, chunk],
      ),
  )

/** Inventory items that hold a SKU and belong to a variant. */
export const itemsInUse = async (
  db: Database,
  variants: readonly ItemOwner[],
): Promise<{ sku: string; variant_id: string }[]> =>
  (await readItems(db, variants)).flatMap(({ sku, deleted, variant_id }) =>
    !deleted && sku !== null && variant_id !== null ? [{ sku, variant_id }] : [],
  )

/** `iitem_01H…` of `variant_01H…`. */
export const itemIdOf = (variantId: string): string =>
  `iitem_${variantId.slice(variantId.indexOf("_") + 1)}`

const itemInput = (
  variant: ItemOwner,
  known: ReadonlyMap<string, ItemRow>,
): InventoryTypes.CreateInventoryItemInput & { id?: string } => {
  const id = itemIdOf(variant.id)
  return {
    // A deleted item keeps its id; then Medusa chooses another.
    ...(known.has(id) ? {} : { id }),
    sku: variant.sku,
    title: variant.title,
    description: variant.title,
    weight: variant.weight === null ? null : Number(variant.weight),
    requires_shipping: true,
  }
}

/** Takes back the items made for variants that could not be created. */
export const dropUnusedItems = async (
  { container, db }: CatalogContext,
  variants: readonly Pick<ItemOwner, "id">[],
): Promise<void> => {
  const ids = variants.map((variant) => itemIdOf(variant.id))
  const rows = await query<{ id: string }>(
    db,
    `select id from inventory_item item where id = any(?) and not exists (
       select from product_variant_inventory_item link where link.inventory_item_id = item.id)`,
    [ids],
  )
  if (rows.length > 0) {
    const inventory: IInventoryService = container.resolve(Modules.INVENTORY)
    await inventory.deleteInventoryItems(rows.map((row) => row.id))
  }
}
