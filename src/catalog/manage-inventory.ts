import {
  updateInventoryItemsWorkflow,
  updateProductVariantsWorkflow,
} from "@medusajs/medusa/core-flows"
import { IInventoryService } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import { WriteOrigin } from "../engine/ports"
import { SyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"
import { CatalogContext } from "./context"
import { query } from "./database"
import { ensureItems } from "./inventory-items"

interface FormerItem {
  item_id: string
  deleted: boolean
  required_quantity: string
  sku: string | null
}

interface VariantRow {
  id: MedusaId
  title: string
  sku: string | null
  weight: string | null
  manage_inventory: boolean
  items: number
}

/**
 * Turns stock keeping of a variant on or off, by workflow. On again, the variant gets its former
 * inventory item back, with its levels; else an item with its SKU. Returns false when nothing changed.
 */
export const setManageInventory = async (
  context: CatalogContext,
  variantId: MedusaId,
  manage: boolean,
  origin: WriteOrigin,
): Promise<boolean> => {
  const variant = await readVariant(context, variantId)
  const stands = manage ? variant && variant.items > 0 : variant?.items === 0
  if (!variant || (variant.manage_inventory === manage && stands)) {
    return false
  }
  if (manage && variant.items === 0) {
    await linkItem(context, variant, origin)
  }
  await updateProductVariantsWorkflow(context.container).run({
    input: { product_variants: [{ id: variantId, manage_inventory: manage }] },
    context: { eventGroupId: origin.group_id },
  })
  return true
}

const readVariant = async (
  { db }: CatalogContext,
  variantId: MedusaId,
): Promise<VariantRow | undefined> => {
  const [variant] = await query<VariantRow>(
    db,
    `select v.id, v.title, v.sku, v.weight::text as weight, v.manage_inventory,
            (select count(*)::int from product_variant_inventory_item link
              where link.variant_id = v.id and link.deleted_at is null) as items
       from product_variant v where v.id = ? and v.deleted_at is null`,
    [variantId],
  )
  return variant
}

const linkItem = async (
  context: CatalogContext,
  variant: VariantRow,
  origin: WriteOrigin,
): Promise<void> => {
  const former = await readFormerItem(context, variant.id)
  const itemId = former
    ? await reviveItem(context, variant, former, origin)
    : await createItem(context, variant, origin)
  await context.container.resolve(ContainerRegistrationKeys.LINK).create({
    [Modules.PRODUCT]: { variant_id: variant.id },
    [Modules.INVENTORY]: { inventory_item_id: itemId },
    data: { required_quantity: Number(former?.required_quantity ?? 1) },
  })
}

/** The item that the variant had last, unless another variant has it by now. */
const readFormerItem = async (
  { db }: CatalogContext,
  variantId: MedusaId,
): Promise<FormerItem | undefined> => {
  const [item] = await query<FormerItem>(
    db,
    `select item.id as item_id, item.deleted_at is not null as deleted, item.sku,
            link.required_quantity::text as required_quantity
       from product_variant_inventory_item link
       join inventory_item item on item.id = link.inventory_item_id
      where link.variant_id = ? and link.deleted_at is not null
        and not exists (
              select from product_variant_inventory_item other
               where other.inventory_item_id = item.id and other.deleted_at is null)
      order by link.deleted_at desc limit 1`,
    [variantId],
  )
  return item
}

const reviveItem = async (
  { container, db }: CatalogContext,
  variant: VariantRow,
  former: FormerItem,
  origin: WriteOrigin,
): Promise<string> => {
  const [rival] = await query<{ id: string }>(
    db,
    "select id from inventory_item where sku = any(?) and id <> ? and deleted_at is null",
    [[former.sku, variant.sku].flatMap((sku) => sku ?? []), former.item_id],
  )
  if (rival) {
    throw new SyncError({
      kind: "data",
      code: "duplicate_sku",
      scope: "record",
      record: variant.id,
      field: "sku",
      ...(variant.sku === null ? {} : { value: variant.sku }),
      message: `The inventory item ${rival.id} has the SKU of this variant's former item.`,
      remedy: "Delete or rename that inventory item in Medusa.",
    })
  }
  if (former.deleted) {
    const inventory: IInventoryService = container.resolve(Modules.INVENTORY)
    await inventory.restoreInventoryItems([former.item_id])
  }
  if (former.sku !== variant.sku) {
    await updateInventoryItemsWorkflow(container).run({
      input: { updates: [{ id: former.item_id, sku: variant.sku }] },
      context: { eventGroupId: origin.group_id },
    })
  }
  return former.item_id
}

const createItem = async (
  context: CatalogContext,
  variant: VariantRow,
  origin: WriteOrigin,
): Promise<string> => {
  const items = await ensureItems(context, [{ ...variant, manage_inventory: true }], origin)
  return items.get(variant.id) ?? ""
}
