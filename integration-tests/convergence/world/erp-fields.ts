import { FieldValue, Values } from "../../../src/sync/values"
import { Dialect, familyOf, stored } from "./dialects"
import { ErpTransaction, ErpWorld } from "./erp-world"

/** Grams or kilograms, as the request says; rows hold kilograms. */
export const toKilograms = (value: FieldValue): FieldValue =>
  typeof value === "string" ? decimal(Number(value) / 1000) : value

const toGrams = (value: FieldValue): FieldValue =>
  typeof value === "string" ? decimal(Number(value) * 1000) : value

const decimal = (value: number): string => value.toFixed(6).replace(/\.?0+$/, "")

/** A record's field as a request names and counts it, undefined where there is no such record. */
export const erpValue = (
  world: ErpWorld,
  entity: string,
  id: number,
  field: string,
): FieldValue | undefined => {
  const { categories, products, variants } = world.store
  if (entity === "category") {
    const row = categories.get(id)
    const parent = row?.parent ?? null
    return row && (field === "name" ? row.name : parent === null ? null : String(parent))
  }
  if (entity === "product") {
    const row = products.get(id)
    const [family, key] = field.split(":")
    switch (family) {
      case "category":
        return row && (row.categories.includes(Number(key)) ? true : null)
      case "active":
        return row?.active
      case "title":
        return row?.title
      default:
        return row?.description
    }
  }
  if (entity === "stock") {
    const quant = world.store.quants.get(id)
    return quant && String(quant.quantity)
  }
  const row = variants.get(id)
  switch (familyOf(field)) {
    case "sku":
      return row?.sku
    case "barcode":
      return row?.barcode
    case "weight":
      return row && toGrams(row.weight)
    default:
      return row?.price
  }
}

/** Whether two values of a field are one for the ERP: decimals by their figure. */
export const sameInErp = (field: string, a: FieldValue, b: FieldValue): boolean =>
  ["weight", "price", "on_hand"].includes(familyOf(field)) &&
  typeof a === "string" &&
  typeof b === "string"
    ? Number(a) === Number(b)
    : a === b || (familyOf(field) === "weight" && Number(a ?? 0) === Number(b ?? 0))

/** What is wrong with a patch, null when the ERP takes it. */
export const refusalOf = (
  world: ErpWorld,
  entity: string,
  id: number,
  field: string,
  value: FieldValue,
): string | null => {
  if (familyOf(field) === "barcode" && typeof value === "string") {
    const holder = world
      .all("variants")
      .find((row) => row.id !== id && row.active && row.barcode === value)
    return holder ? `The barcode is taken by ${holder.id}.` : badDigit(value)
  }
  if (field.startsWith("category:") && value === true) {
    const category = Number(field.slice("category:".length))
    return world.store.categories.has(category) ? null : "There is no such category."
  }
  if (entity === "category" && field === "parent" && typeof value === "string") {
    return parentRefusal(world, id, Number(value))
  }
  return null
}

const badDigit = (value: string): string | null =>
  value.startsWith("BAD") ? "The check digit is wrong." : null

const parentRefusal = (world: ErpWorld, id: number, parent: number): string | null => {
  for (let at: number | null = parent; at !== null;) {
    if (at === id) {
      return "A category cannot stand under itself."
    }
    const row = world.store.categories.get(at)
    if (!row) {
      return "There is no such category."
    }
    at = row.parent
  }
  return null
}

/** Writes a patch as the dialect stores it. */
export const applyPatch = (
  tx: ErpTransaction,
  dialect: Dialect,
  entity: string,
  id: number,
  patch: Values,
): void => {
  for (const [field, value] of Object.entries(patch)) {
    if (entity === "category") {
      const parent = typeof value === "string" ? Number(value) : null
      tx.update("categories", id, field === "name" ? { name: String(value) } : { parent })
    } else if (entity === "product") {
      tx.update("products", id, productChange(tx, dialect, id, field, value))
    } else if (entity === "stock") {
      tx.update("quants", id, { quantity: Number(value) })
    } else {
      tx.update("variants", id, variantChange(dialect, field, value))
    }
  }
}

export const productChange = (
  tx: ErpTransaction,
  dialect: Dialect,
  id: number,
  field: string,
  value: FieldValue,
) => {
  if (field.startsWith("category:")) {
    const category = Number(field.slice("category:".length))
    const held = tx.get("products", id)?.categories ?? []
    const others = held.filter((entry) => entry !== category)
    const wanted = value === true ? [...(dialect.single_category ? [] : others), category] : others
    return { categories: wanted.sort((a, b) => a - b) }
  }
  if (field === "active") {
    return { active: value === true }
  }
  const held = stored(dialect, "product", field, value)
  const text = typeof held === "string" ? held : null
  return field === "title" ? { title: text ?? "" } : { description: text }
}

export const variantChange = (dialect: Dialect, field: string, value: FieldValue) => {
  const family = familyOf(field)
  const given = family === "weight" ? toKilograms(value) : value
  const held = stored(dialect, "variant", field, given)
  const text = typeof held === "string" ? held : null
  switch (family) {
    case "sku":
      return { sku: text }
    case "barcode":
      return { barcode: text }
    case "weight":
      return { weight: text }
    default:
      return { price: text ?? "0" }
  }
}

/** In the order in which one category can replace another: what leaves goes first. */
export const inOrder = (patch: Values): Values =>
  Object.fromEntries(
    Object.entries(patch).sort(([, a], [, b]) => Number(a === true) - Number(b === true)),
  )
