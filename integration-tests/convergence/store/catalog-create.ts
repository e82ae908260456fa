import { CreateProduct, CreateVariant } from "../../../src/engine/ports"
import { MedusaId, medusaId } from "../../../src/sync/ids"
import { MedusaOption } from "../../../src/sync/snapshot"
import { liveHolder } from "./catalog-values"
import { failure } from "./memory-catalog"
import { View } from "./memory-database"
import { Session } from "./session"

/** The first half of a creation: product, options and variants, all or nothing. */
export const startProduct = (session: Session, view: View, input: CreateProduct): void => {
  const missing = input.category_ids.find((id) => view.get("categories", id)?.deleted !== false)
  if (missing) {
    throw failure("missing_category", `The category ${missing} is not in the store any more.`)
  }
  if (!view.get("products", input.id)) {
    const { id, title, description, status, external_id, category_ids } = input
    view.put("products", id, {
      id,
      title,
      description,
      status,
      external_id,
      category_ids: [...category_ids].sort(),
      handle: freeHandle(view, input.handle_stem, id),
      deleted: false,
      options: input.options.map((option) => newOption(session, option)),
    })
  }
  for (const variant of input.variants) {
    putVariant(session, view, input.id, variant, false)
  }
}

/** The second half: prices and inventory items, which a crash may have left out. */
export const completeProduct = (session: Session, view: View, input: CreateProduct): number => {
  input.variants.forEach((variant) => putExtras(session, view, variant))
  return 1 + input.variants.reduce((sum, variant) => sum + 1 + variant.prices.length, 0)
}

/** A further variant of a product, whole. */
export const createVariant = (
  session: Session,
  view: View,
  productId: MedusaId,
  variant: CreateVariant,
): number => {
  putVariant(session, view, productId, variant, true)
  putExtras(session, view, variant)
  return 1 + variant.prices.length
}

export const newOption = (
  session: Session,
  { title, values }: { title: string; values: string[] },
): MedusaOption => ({
  id: medusaId(`opt_${session.db.nextSeq()}`),
  title,
  is_exclusive: true,
  values: values.map((value) => ({ id: medusaId(`optval_${session.db.nextSeq()}`), value })),
})

/** Ids of the values that an assignment names. @throws SyncError where the product has no such value */
export const valueIdsOf = (
  view: View,
  productId: MedusaId,
  assignment: Record<string, string>,
): MedusaId[] =>
  (view.get("products", productId)?.options ?? []).flatMap((option) => {
    const name = assignment[option.title]
    const value = option.values.find((entry) => entry.value === name)
    if (!value) {
      throw failure("unknown_option_value", `${option.title} has no value ${name}.`)
    }
    return [value.id]
  })

const putVariant = (
  session: Session,
  view: View,
  productId: MedusaId,
  input: CreateVariant,
  distinct: boolean,
): void => {
  if (view.get("variants", input.id)) {
    return
  }
  for (const field of ["sku", "barcode"] as const) {
    const value = input[field]
    const holder = value === null ? undefined : liveHolder(view, field, value)
    if (holder !== undefined) {
      throw failure(`duplicate_${field}`, `The ${field} ${value} is taken by ${holder}.`)
    }
  }
  const values = valueIdsOf(view, productId, input.options)
  if (distinct) {
    assertDistinct(view, productId, new Map([[input.id, values]]))
  }
  view.put("variants", input.id, {
    id: input.id,
    product_id: productId,
    deleted: false,
    title: input.title,
    sku: input.sku,
    barcode: input.barcode,
    weight: input.weight,
    manage_inventory: input.manage_inventory,
    allow_backorder: input.allow_backorder,
    option_value_ids: values,
    item_id: null,
    former_item_id: null,
    prices: null,
  })
}

const putExtras = (session: Session, view: View, input: CreateVariant): void => {
  const row = view.get("variants", input.id)
  if (!row) {
    return
  }
  const needsItem = input.manage_inventory && row.item_id === null
  const itemId = needsItem ? medusaId(`iitem_${session.db.nextSeq()}`) : row.item_id
  if (needsItem && itemId) {
    view.put("items", itemId, { id: itemId, sku: row.sku })
  }
  if (needsItem || row.prices === null) {
    const prices = input.prices.map((price) => ({
      ...price,
      id: medusaId(`price_${session.db.nextSeq()}`),
    }))
    view.put("variants", row.id, { ...row, item_id: itemId, prices: row.prices ?? prices })
  }
}

/** No two live variants of a product may hold the same values. */
export const assertDistinct = (
  view: View,
  productId: MedusaId,
  wanted: ReadonlyMap<MedusaId, MedusaId[]>,
): void => {
  const seen = new Set<string>()
  const comboOf = (ids: MedusaId[]): string => [...ids].sort().join()
  const live = view
    .all("variants")
    .filter((row) => row.product_id === productId && !row.deleted && !wanted.has(row.id))
  live.forEach((row) => seen.add(comboOf(row.option_value_ids)))
  for (const ids of wanted.values()) {
    if (seen.has(comboOf(ids))) {
      throw failure("duplicate_options", "Another variant has the same option values.", "options")
    }
    seen.add(comboOf(ids))
  }
}

const freeHandle = (view: View, stem: string, id: MedusaId): string => {
  const base = stem.toLowerCase().replace(/[^a-z0-9]+/g, "-")
  const taken = new Set(
    view.all("products").flatMap((row) => (row.deleted || row.id === id ? [] : [row.handle])),
  )
  return taken.has(base) ? `${base}-${id}` : base
}
