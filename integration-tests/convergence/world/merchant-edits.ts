import { MedusaId, medusaId } from "../../../src/sync/ids"
import { levelId } from "../store/catalog-stock"
import { View } from "../store/memory-database"
import { ProductRow, VariantRow } from "../store/rows"
import { Editor, pickRow } from "./erp-edits"
import type { Touched } from "./merchant"

export const flipCategory = (
  view: View,
  { random }: Editor,
  row: ProductRow,
): Partial<ProductRow> => {
  const target = random.pick(view.all("categories").filter((entry) => !entry.deleted))?.id
  if (!target) {
    return {}
  }
  const others = row.category_ids.filter((id) => id !== target)
  const has = others.length < row.category_ids.length
  return { category_ids: has ? others : [...others, target].sort() }
}

export const reprice = (
  { random, fresh }: Editor,
  row: VariantRow,
  currency: string,
): Partial<VariantRow> => {
  const held = row.prices?.find((price) => price.currency === currency)
  const id = held?.id ?? medusaId(fresh("price"))
  const others = (row.prices ?? []).filter((price) => price.currency !== currency)
  const amount = `${random.between(1, 900)}.${random.between(10, 99)}`
  // A variant without prices is one whose creation is still under way.
  return row.prices === null ? {} : { prices: [...others, { id, currency, amount }] }
}

export const editCategory = (
  view: View,
  editor: Editor,
  field: "name" | "is_active" | "parent_id" | "deleted",
): Touched | null => {
  const { random, fresh } = editor
  const live = view.all("categories").filter((entry) => !entry.deleted)
  const row = pickRow(editor, live)
  if (!row) {
    return null
  }
  const parent = random.chance(0.4) ? null : (random.pick(live)?.id ?? null)
  const children = live.some((entry) => entry.parent_id === row.id)
  const skip =
    (field === "deleted" && children) || (field === "parent_id" && isAbove(view, row.id, parent))
  if (skip) {
    return null
  }
  const change = {
    name: { name: fresh("Shop category") },
    is_active: { is_active: !row.is_active },
    parent_id: { parent_id: parent },
    deleted: { deleted: true },
  }[field]
  view.put("categories", row.id, { ...row, ...change })
  return { entity: "category", id: row.id }
}

const isAbove = (view: View, id: MedusaId, below: MedusaId | null): boolean => {
  for (let at = below; at !== null; at = view.get("categories", at)?.parent_id ?? null) {
    if (at === id) {
      return true
    }
  }
  return false
}

export const restock = (view: View, { random }: Editor): Touched | null => {
  const level = random.pick(view.all("levels"))
  const owner = view.all("variants").find((row) => row.item_id === level?.item_id)
  if (!level || !owner) {
    return null
  }
  const key = `${level.item_id}/${level.location_id}`
  view.put("levels", key, { ...level, stocked: level.reserved + random.between(0, 9) })
  return { entity: "variant", id: owner.id }
}

/** Stock that the store begins to keep of a variant, at the one location. */
export const openLevel = (view: View, { random }: Editor): Touched | null => {
  const location_id = medusaId("sloc_1")
  const without = view.all("variants").filter((row) => {
    const pair = row.item_id && { inventory_item_id: row.item_id, location_id }
    return pair && !row.deleted && row.manage_inventory && !view.get("levels", levelId(pair))
  })
  const owner = random.pick(without)
  if (!owner?.item_id) {
    return null
  }
  const key = levelId({ inventory_item_id: owner.item_id, location_id })
  view.put("levels", key, {
    ...{ id: medusaId(`ilev_${key}`), item_id: owner.item_id, location_id },
    ...{ stocked: random.between(0, 9), reserved: 0 },
  })
  return { entity: "variant", id: owner.id }
}
