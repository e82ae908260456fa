import type { Client, Domain, Row } from "../client"
import { integers, many2one, reference } from "../rows"
import { found, nextNumber, setTo } from "./edit"

export interface Variant {
  id: number
  template: number
}

const GOODS: Domain = [
  ["sale_ok", "=", true],
  ["type", "=", "consu"],
  ["is_storable", "=", true],
]

/** Longest untouched first, so that a series of edits wanders through the catalog. */
const OLDEST_FIRST = "write_date, id"

/**
 * A saleable, storable template with exactly one variant and no attributes, that also matches
 * `extra`; without one, a new one made with `values`.
 */
export async function singleVariantTemplate(
  odoo: Client,
  extra: Domain = [],
  values: Record<string, unknown> = {},
): Promise<number> {
  const domain: Domain = [...GOODS, ["attribute_line_ids", "=", false], ...extra]
  const [id] = await odoo.search("product.template", domain, { order: OLDEST_FIRST, limit: 1 })
  return id ?? newTemplate(odoo, values)
}

/**
 * The same as its variant, without lots. Stock leaves write dates alone: a count takes turns.
 */
export async function countedVariant(odoo: Client): Promise<Variant> {
  const templates = await odoo.search("product.template", [
    ...GOODS,
    ["attribute_line_ids", "=", false],
    ["tracking", "=", "none"],
  ])
  const template = templates[nextNumber() % Math.max(1, templates.length)]
  return onlyVariant(odoo, template ?? (await newTemplate(odoo)))
}

async function onlyVariant(odoo: Client, template: number): Promise<Variant> {
  const [id] = await variantsOf(odoo, template)
  return { id: found(id, `active variant of template ${template}`), template }
}

/** A saleable, storable template with at least `least` active variants. */
export async function matrixTemplate(odoo: Client, least = 2): Promise<number> {
  const domain: Domain = [...GOODS, ["attribute_line_ids", "!=", false]]
  const rows = await odoo.searchRead("product.template", domain, ["product_variant_ids"], {
    order: OLDEST_FIRST,
  })
  const row = rows.find((candidate) => variantIds(candidate).length >= least)
  return row?.id ?? newMatrix(odoo, 2, Math.max(2, Math.ceil(least / 2)))
}

export function variantsOf(odoo: Client, template: number): Promise<number[]> {
  return odoo.search("product.product", [["product_tmpl_id", "=", template]])
}

/** Sets the units of `product` in `location`, as the Inventory screen does. */
export async function setQuantity(
  odoo: Client,
  product: number,
  location: number,
  quantity: number,
): Promise<void> {
  const values = {
    product_id: product,
    location_id: location,
    inventory_quantity_auto_apply: quantity,
  }
  await odoo.create("stock.quant", values, { inventory_mode: true })
}

/** A warehouse's stock location and its operation types. */
interface Warehouse {
  id: number
  stock: number
  deliveries: number
  receipts: number
}

/** The warehouses of the user's company, oldest first. */
export async function warehouses(odoo: Client): Promise<Warehouse[]> {
  const [user] = await odoo.searchRead("res.users", [["id", "=", odoo.uid]], ["company_id"])
  const company = user ? many2one(user, "company_id") : null
  const fields = ["lot_stock_id", "out_type_id", "in_type_id"]
  const rows = await odoo.searchRead("stock.warehouse", [["company_id", "=", company]], fields)
  return rows.map((row) => ({
    id: row.id,
    stock: reference(row, "lot_stock_id"),
    deliveries: reference(row, "out_type_id"),
    receipts: reference(row, "in_type_id"),
  }))
}

/** The stock location of the company's first warehouse. */
export async function mainStock(odoo: Client): Promise<number> {
  const [warehouse] = await warehouses(odoo)
  return found(warehouse, "warehouse of the user's company").stock
}

/** A fresh storable template in the first category. */
export async function newTemplate(
  odoo: Client,
  values: Record<string, unknown> = {},
): Promise<number> {
  const [category] = await odoo.search("product.category", [], { limit: 1 })
  const number = nextNumber()
  return odoo.create("product.template", {
    name: `Folding Stool ${number}`,
    type: "consu",
    is_storable: true,
    list_price: 20 + number,
    categ_id: category ?? false,
    default_code: `STOOL-${number}`,
    ...values,
  })
}

/** A fresh template of `sizes` x `colors` variants, made as the form does: through its lines. */
export async function newMatrix(odoo: Client, sizes: number, colors: number): Promise<number> {
  const size = await newAttribute(odoo, "Size", sizes)
  const color = await newAttribute(odoo, "Shade", colors)
  return newTemplate(odoo, {
    default_code: false,
    attribute_line_ids: [line(size.id, size.values), line(color.id, color.values)],
  })
}

export async function newAttribute(
  odoo: Client,
  name: string,
  values: number,
  create_variant: "always" | "dynamic" | "no_variant" = "always",
): Promise<{ id: number; values: number[] }> {
  const number = nextNumber()
  const id = await odoo.create("product.attribute", {
    name: `${name} ${number}`,
    create_variant,
    value_ids: Array.from({ length: values }, (_, index) => [
      0,
      0,
      { name: `${name} ${number}.${index + 1}` },
    ]),
  })
  return { id, values: await odoo.search("product.attribute.value", [["attribute_id", "=", id]]) }
}

/** The command that adds an attribute line to a template. */
export function line(attribute: number, values: number[]): unknown[] {
  return [0, 0, { attribute_id: attribute, value_ids: setTo(values) }]
}

function variantIds(row: Row): number[] {
  return integers(row, "product_variant_ids")
}
