import { variantTitle, optionNames, withDefaultOption } from "../../../src/sync/default-option"
import { ErpCategory, ErpProduct, ErpVariantPrices } from "../../../src/sync/canonical"
import { weightOf } from "../../../src/sync/field-rules"
import { Rules } from "../../../src/sync/rules"
import { FieldValue } from "../../../src/sync/values"
import { CategoryRow, ProductRow, VariantRow } from "../store/rows"
import { canonicalOf, idsOf, WAREHOUSE } from "../world/erp-canonical"
import { ErpWorld } from "../world/erp-world"

export type Fields = Map<string, FieldValue>

/** A record's synced fields as the ERP holds them now: `product/12/title`. */
export const erpFields = (world: ErpWorld, rules: Rules): Fields => {
  const fields: Fields = new Map()
  for (const id of idsOf(world, "categories")) {
    const admitted = canonicalOf(world, "categories", id)
    if (admitted?.record) {
      const record = admitted.record as ErpCategory
      fields.set(`category/${id}/name`, record.name)
      fields.set(`category/${id}/parent`, record.parent_id)
      fields.set(`category/${id}/active`, record.active)
    }
  }
  for (const id of idsOf(world, "products")) {
    const admitted = canonicalOf(world, "products", id)
    if (admitted?.record) {
      productFields(fields, withDefaultOption(admitted.record as ErpProduct), rules)
    }
  }
  // Prices are read by themselves too, so that a product refused at the door keeps its own.
  for (const id of idsOf(world, "prices")) {
    const admitted = canonicalOf(world, "prices", id)
    for (const price of (admitted?.record as ErpVariantPrices | undefined)?.prices ?? []) {
      fields.set(`variant/${id}/price:${price.currency}`, price.amount)
    }
  }
  for (const quant of world.all("quants")) {
    fields.set(`stock/${quant.id}/on_hand:${WAREHOUSE}`, String(quant.quantity))
  }
  return fields
}

const productFields = (fields: Fields, product: ErpProduct, rules: Rules): void => {
  const at = `product/${product.id}`
  fields.set(`${at}/title`, product.title)
  fields.set(`${at}/description`, product.description)
  fields.set(`${at}/active`, product.active)
  for (const id of product.category_ids) {
    fields.set(`${at}/category:${id}`, true)
  }
  const names = optionNames(product)
  for (const variant of product.variants) {
    const own = `variant/${variant.id}`
    fields.set(`${own}/active`, variant.active)
    fields.set(`${own}/title`, variantTitle(product, variant, names))
    fields.set(`${own}/sku`, variant.sku)
    fields.set(`${own}/barcode`, variant.barcode)
    fields.set(`${own}/weight`, weightOf(rules, variant.weight))
    fields.set(`${own}/tracked`, variant.tracked)
  }
}

/** The same of Medusa's rows, category elements by Medusa id. */
export const medusaCategory = (row: CategoryRow): Fields =>
  new Map<string, FieldValue>([
    ["name", row.name],
    ["parent", row.parent_id],
    ["is_active", row.is_active],
  ])

export const medusaProduct = (row: ProductRow): Fields =>
  new Map<string, FieldValue>([
    ["title", row.title],
    ["description", row.description],
    ["status", row.status],
    ...row.category_ids.map((id) => [`category:${id}`, true] as const),
  ])

export const medusaVariant = (row: VariantRow): Fields =>
  new Map<string, FieldValue>([
    ["title", row.title],
    ["sku", row.sku],
    ["barcode", row.barcode],
    ["weight", row.weight],
    ["tracked", row.manage_inventory],
    ["allow_backorder", row.allow_backorder],
    ...(row.prices ?? []).map((price) => [`price:${price.currency}`, price.amount] as const),
  ])
