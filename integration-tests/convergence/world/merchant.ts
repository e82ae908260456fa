import { MedusaId, medusaId } from "../../../src/sync/ids"
import { Blocked, MemoryDatabase, View } from "../store/memory-database"
import { ProductRow, VariantRow } from "../store/rows"
import { Editor } from "./erp-edits"

/** What the merchant touched, for the events that may or may not reach the plugin. */
export interface Touched {
  entity: "product" | "variant" | "category"
  id: MedusaId
}

type Edit = (view: View, editor: Editor) => Touched | null

const MANY: readonly (readonly [string, number, Edit])[] = [
  ["title", 6, (view, on) => product(view, on, () => ({ title: on.fresh("Shop title") }))],
  [
    "description",
    4,
    (view, on) => product(view, on, () => ({ description: on.fresh("Shop text") })),
  ],
  ["publish", 4, (view, on) => product(view, on, flipStatus)],
  ["category", 6, (view, on) => product(view, on, (row) => flipCategory(view, on, row))],
  ["delete product", 1, (view, on) => product(view, on, () => ({ deleted: true }))],
  [
    "variant title",
    3,
    (view, on) => variant(view, on, () => ({ title: on.fresh("Shop variant") })),
  ],
  ["sku", 2, (view, on) => variant(view, on, () => ({ sku: on.fresh("SHOP") }))],
  [
    "weight",
    2,
    (view, on) => variant(view, on, () => ({ weight: String(on.random.between(1, 9)) })),
  ],
  ["price", 5, (view, on) => variant(view, on, (row) => reprice(on, row, "eur"))],
  ["dollars", 3, (view, on) => variant(view, on, (row) => reprice(on, row, "usd"))],
  [
    "backorder",
    2,
    (view, on) => variant(view, on, (row) => ({ allow_backorder: !row.allow_backorder })),
  ],
  ["delete variant", 1, (view, on) => variant(view, on, () => ({ deleted: true, item_id: null }))],
  ["category name", 2, (view, on) => category(view, on, "name")],
  ["category active", 2, (view, on) => category(view, on, "is_active")],
  ["category move", 3, (view, on) => category(view, on, "parent_id")],
  ["delete category", 1, (view, on) => category(view, on, "deleted")],
  ["stocktaking", 5, (view, on) => restock(view, on)],
]

/** One edit of the merchant's in Medusa; null when there was nothing to edit or a row was taken. */
export const editMedusa = (
  db: MemoryDatabase,
  editor: Editor,
): { name: string; touched: Touched } | null => {
  const edit = editor.random.weighted(MANY.map((entry) => [entry, entry[1]] as const))
  if (!edit) {
    return null
  }
  try {
    const touched = db.run(null, "merchant", (view) => edit[2](view, editor))
    return touched && { name: edit[0], touched }
  } catch (error) {
    if (error instanceof Blocked) {
      return null
    }
    throw error
  }
}

const product = (
  view: View,
  { random }: Editor,
  change: (row: ProductRow) => Partial<ProductRow>,
): Touched | null => {
  const row = random.pick(view.all("products").filter((entry) => !entry.deleted))
  if (!row) {
    return null
  }
  const next = { ...row, ...change(row) }
  view.put("products", row.id, next)
  if (next.deleted) {
    for (const child of view.all("variants").filter((entry) => entry.product_id === row.id)) {
      view.put("variants", child.id, { ...child, deleted: true, item_id: null })
    }
  }
  return { entity: "product", id: row.id }
}

const variant = (
  view: View,
  { random }: Editor,
  change: (row: VariantRow) => Partial<VariantRow>,
): Touched | null => {
  const row = random.pick(view.all("variants").filter((entry) => !entry.deleted))
  if (!row) {
    return null
  }
  view.put("variants", row.id, { ...row, ...change(row) })
  return { entity: "variant", id: row.id }
}

const flipStatus = (row: ProductRow): Partial<ProductRow> => ({
  status: row.status === "published" ? "draft" : "published",
})

const flipCategory = (view: View, { random }: Editor, row: ProductRow): Partial<ProductRow> => {
  const target = random.pick(view.all("categories").filter((entry) => !entry.deleted))?.id
  if (!target) {
    return {}
  }
  const others = row.category_ids.filter((id) => id !== target)
  const has = others.length < row.category_ids.length
  return { category_ids: has ? others : [...others, target].sort() }
}

const reprice = ({ random, fresh }: Editor, row: VariantRow, currency: string) => {
  const held = row.prices?.find((price) => price.currency === currency)
  const id = held?.id ?? medusaId(fresh("price"))
  const others = (row.prices ?? []).filter((price) => price.currency !== currency)
  const amount = `${random.between(1, 900)}.${random.between(10, 99)}`
  // A variant without prices is one whose creation is still under way.
  return row.prices === null ? {} : { prices: [...others, { id, currency, amount }] }
}

const category = (
  view: View,
  { random, fresh }: Editor,
  field: "name" | "is_active" | "parent_id" | "deleted",
): Touched | null => {
  const live = view.all("categories").filter((entry) => !entry.deleted)
  const row = random.pick(live)
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

const restock = (view: View, { random }: Editor): Touched | null => {
  const level = random.pick(view.all("levels"))
  const owner = view.all("variants").find((row) => row.item_id === level?.item_id)
  if (!level || !owner) {
    return null
  }
  const key = `${level.item_id}/${level.location_id}`
  view.put("levels", key, { ...level, stocked: level.reserved + random.between(0, 9) })
  return { entity: "variant", id: owner.id }
}
