import { Database, query, queryByIds } from "./database"

/** The inventory item that belongs to one variant alone. */
export interface OwnItem {
  id: string
  sku: string | null
}

interface LinkRow {
  variant_id: string
  item_id: string
}

/**
 * Locks the own items of these variants without waiting: an item is a variant's own when the variant
 * has no other and no other variant uses it. `busy` are the variants whose item another session holds.
 *
 * @param locking `none` for a writer that works through another connection and would wait for itself
 */
export const ownItems = async (
  db: Database,
  variantIds: readonly string[],
  locking: "rows" | "none" = "rows",
): Promise<{ items: Map<string, OwnItem>; busy: Set<string> }> => {
  const links = await queryByIds(variantIds, (chunk) =>
    query<LinkRow>(
      db,
      `select link.variant_id, item.id as item_id
         from product_variant_inventory_item link
         join inventory_item item on item.id = link.inventory_item_id and item.deleted_at is null
        where link.variant_id = any(?) and link.deleted_at is null
          and not exists (
                select from product_variant_inventory_item other
                  join product_variant v on v.id = other.variant_id and v.deleted_at is null
                 where other.inventory_item_id = item.id and other.deleted_at is null
                   and other.variant_id <> link.variant_id)
          and not exists (
                select from product_variant_inventory_item kit
                  join inventory_item part
                    on part.id = kit.inventory_item_id and part.deleted_at is null
                 where kit.variant_id = link.variant_id and kit.deleted_at is null
                   and kit.inventory_item_id <> item.id)`,
      [chunk],
    ),
  )
  const rows = await queryByIds(
    links.map((link) => link.item_id),
    (chunk) =>
      query<OwnItem>(
        db,
        `select id, sku from inventory_item where id = any(?) and deleted_at is null
          ${locking === "rows" ? "for no key update skip locked" : ""}`,
        [chunk],
      ),
  )
  const locked = new Map(rows.map((row) => [row.id, row]))
  const items = new Map<string, OwnItem>()
  const busy = new Set<string>()
  for (const { variant_id, item_id } of links) {
    const item = locked.get(item_id)
    if (item) {
      items.set(variant_id, item)
    } else {
      busy.add(variant_id)
    }
  }
  return { items, busy }
}
