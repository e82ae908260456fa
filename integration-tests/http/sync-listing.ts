import { JsonObject, World } from "../erp/odoo"

/** A product as an independent reading of Odoo says that the store must hold it. */
export interface ExpectedProduct {
  id: number
  title: string
  description: string | null
  status: string
  category: string | null
  variants: {
    id: number
    sku: string | null
    barcode: string | null
    price: number
    /** In grams. */
    weight: number | null
    stock: { WH: number; WH2: number } | null
  }[]
}

const ARCHIVED_TOO = { active_test: false }

/** All templates on sale, from plain reads and nothing of the connector's. */
export const expectedCatalog = (world: World): ExpectedProduct[] => {
  const ids = world.search("product.template", [["sale_ok", "=", true]])
  const fields = ["name", "description_sale", "categ_id", "type", "active"]
  const storable = world.row("product.template", ids[0] ?? 0)?.["is_storable"] !== undefined
  const templates = world.read(
    "product.template",
    ids,
    storable ? [...fields, "is_storable"] : fields,
  )
  return templates.map((template) => ({
    id: Number(template["id"]),
    title: String(template["name"]),
    description: textOf(template["description_sale"]),
    status: "published",
    category: lastPart(template["categ_id"]),
    variants: variantsOf(world, template),
  }))
}

const variantsOf = (world: World, template: JsonObject): ExpectedProduct["variants"] => {
  const ids = world.search("product.product", [["product_tmpl_id", "=", template["id"] ?? 0]])
  const tracked =
    template["type"] === "product" ||
    (template["type"] === "consu" && template["is_storable"] === true)
  return world
    .read("product.product", ids, ["default_code", "barcode", "lst_price", "weight"])
    .map((variant) => ({
      id: Number(variant["id"]),
      sku: textOf(variant["default_code"]),
      barcode: textOf(variant["barcode"]),
      price: Math.round(Number(variant["lst_price"]) * 100 + 1e-6) / 100,
      weight: Number(variant["weight"]) === 0 ? null : Math.round(Number(variant["weight"]) * 1000),
      stock: tracked
        ? {
            WH: availableIn(world, Number(variant["id"]), "WH"),
            WH2: availableIn(world, Number(variant["id"]), "WH2"),
          }
        : null,
    }))
}

/** Quantity less reservations in a warehouse's own locations; never below zero. */
const availableIn = (world: World, variant: number, code: string): number => {
  const [warehouse] = world.search("stock.warehouse", [["code", "=", code]])
  const view = world.row("stock.warehouse", warehouse ?? 0)?.["view_location_id"]
  const locations = world.search(
    "stock.location",
    [
      ["id", "child_of", Number(view)],
      ["usage", "=", "internal"],
    ],
    ARCHIVED_TOO,
  )
  const quants = world.search("stock.quant", [
    ["product_id", "=", variant],
    ["location_id", "in", locations],
  ])
  const total = world
    .read("stock.quant", quants, ["quantity", "reserved_quantity"])
    .reduce((sum, quant) => sum + Number(quant["quantity"]) - Number(quant["reserved_quantity"]), 0)
  return Math.max(0, Math.round(total * 100) / 100)
}

const textOf = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" ? value : null

/** `[7, "All / Lights / Lamps"]` names a category by its whole path. */
const lastPart = (value: unknown): string | null =>
  Array.isArray(value) ? (String(value[1]).split(" / ").at(-1) ?? null) : null
