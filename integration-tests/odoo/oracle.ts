import type { Client, Domain, Row } from "./client"
import { flag, integers, many2one, many2oneName, number, text, textOrNull } from "./rows"

/** Units of one variant in one warehouse, in the product's own unit of measure. */
export interface OracleStock {
  warehouse_id: number
  /** May be negative: Odoo delivers what it has not. */
  on_hand: number
  /** On hand less what is reserved for orders; what a shop may sell. */
  free: number
}

export interface OracleVariant {
  id: number
  default_code: string | null
  barcode: string | null
  /** In the database's weight unit, kilograms by default. */
  weight: number
  active: boolean
  /** Sorted by attribute, then value; `no_variant` attributes never appear. */
  attribute_values: { attribute: string; value: string }[]
  /** `lst_price`: the template's price and the extras of its values, in the company's currency. */
  price: number
  /** One entry for every warehouse, zeros included; sorted by warehouse. */
  stock: OracleStock[]
}

export interface OracleTemplate {
  id: number
  name: string
  description_sale: string | null
  active: boolean
  /** Goods that are counted; services and consumables have no stock. */
  is_storable: boolean
  list_price: number
  category_id: number | null
  /** From the root down; empty without a category. */
  category_path: string[]
  variants: OracleVariant[]
}

export interface OracleCatalog {
  /** ISO 4217. */
  currency: string
  warehouses: { id: number; name: string; code: string }[]
  categories: { id: number; path: string[] }[]
  /** Everything with `sale_ok`, archived or not, by id. */
  templates: OracleTemplate[]
}

const ANY: Domain = [["active", "in", [true, false]]]

/**
 * What Odoo sells, read the plainest way: one `search_read` a model, joined here. It uses neither
 * `web_search_read` nor computed quantities, so it cannot share a mistake with the connector.
 *
 * Only the user's own company counts: the demo's administrator also sees a second one.
 *
 * @param context for example `{ lang: "fr_FR" }`.
 */
export async function readCatalog(
  odoo: Client,
  context: Record<string, unknown> = {},
): Promise<OracleCatalog> {
  const [user] = await odoo.searchRead("res.users", [["id", "=", odoo.uid]], ["company_id"])
  const company = user ? many2one(user, "company_id") : null
  const scope = { active_test: false, allowed_company_ids: [company], ...context }
  const read: Read = (model, domain, fields) =>
    odoo.searchRead(model, domain, fields, { context: scope })
  const [home] = await read("res.company", [["id", "=", company]], ["currency_id"])
  const categories = await categoryPaths(read)
  const templates = await read(
    "product.template",
    [["sale_ok", "=", true], ...ANY],
    ["name", "description_sale", "active", "is_storable", "list_price", "categ_id"],
  )
  const ids = templates.map((row) => row.id)
  const products = await read(
    "product.product",
    [["product_tmpl_id", "in", ids], ...ANY],
    [
      "product_tmpl_id",
      "default_code",
      "barcode",
      "weight",
      "active",
      "lst_price",
      "product_template_attribute_value_ids",
    ],
  )
  const values = await attributeValues(read, ids)
  const warehouses = await read("stock.warehouse", ANY, ["name", "code", "view_location_id"])
  const stockOf = await stockByProduct(read, warehouses)
  const variants = new Map<number, OracleVariant[]>(ids.map((id) => [id, []]))
  for (const row of products) {
    const template = many2one(row, "product_tmpl_id")
    variants.get(template ?? 0)?.push({
      id: row.id,
      default_code: textOrNull(row, "default_code"),
      barcode: textOrNull(row, "barcode"),
      weight: number(row, "weight"),
      active: flag(row, "active"),
      attribute_values: integers(row, "product_template_attribute_value_ids")
        .flatMap((id) => values.get(id) ?? [])
        .sort((a, b) => compare(a.attribute, b.attribute) || compare(a.value, b.value)),
      price: number(row, "lst_price"),
      stock: warehouses.map(({ id }) => ({ warehouse_id: id, ...stockOf(id, row.id) })),
    })
  }
  return {
    currency: home ? many2oneName(home, "currency_id") : "",
    warehouses: warehouses.map((row) => ({
      id: row.id,
      name: text(row, "name"),
      code: text(row, "code"),
    })),
    categories: [...categories].map(([id, path]) => ({ id, path })),
    templates: templates.map((row) => {
      const category = many2one(row, "categ_id")
      return {
        id: row.id,
        name: text(row, "name"),
        description_sale: textOrNull(row, "description_sale"),
        active: flag(row, "active"),
        is_storable: flag(row, "is_storable"),
        list_price: number(row, "list_price"),
        category_id: category,
        category_path: categories.get(category ?? 0) ?? [],
        variants: variants.get(row.id) ?? [],
      }
    }),
  }
}

type Read = (model: string, domain: Domain, fields: string[]) => Promise<Row[]>

async function categoryPaths(read: Read): Promise<Map<number, string[]>> {
  const rows = new Map(
    (await read("product.category", [], ["name", "parent_id"])).map((row) => [row.id, row]),
  )
  const pathOf = (id: number | null): string[] => {
    const row = rows.get(id ?? 0)
    return row ? [...pathOf(many2one(row, "parent_id")), text(row, "name")] : []
  }
  return new Map([...rows.keys()].map((id) => [id, pathOf(id)]))
}

/** Names by id of `product.template.attribute.value`; archived variants keep archived ones. */
async function attributeValues(
  read: Read,
  templates: number[],
): Promise<Map<number, { attribute: string; value: string }>> {
  const rows = await read(
    "product.template.attribute.value",
    [
      ["product_tmpl_id", "in", templates],
      ["ptav_active", "in", [true, false]],
    ],
    ["attribute_id", "name"],
  )
  return new Map(
    rows.map((row) => [
      row.id,
      { attribute: many2oneName(row, "attribute_id"), value: text(row, "name") },
    ]),
  )
}

async function stockByProduct(
  read: Read,
  warehouses: Row[],
): Promise<(warehouse: number, product: number) => { on_hand: number; free: number }> {
  const sums = new Map<string, { on_hand: number; free: number }>()
  for (const warehouse of warehouses) {
    const quants = await read(
      "stock.quant",
      [
        ["location_id", "child_of", many2one(warehouse, "view_location_id")],
        ["location_id.usage", "=", "internal"],
      ],
      ["product_id", "quantity", "reserved_quantity"],
    )
    for (const quant of quants) {
      const key = `${warehouse.id}/${many2one(quant, "product_id") ?? 0}`
      const sum = sums.get(key) ?? { on_hand: 0, free: 0 }
      const quantity = number(quant, "quantity")
      sums.set(key, {
        on_hand: rounded(sum.on_hand + quantity),
        free: rounded(sum.free + quantity - number(quant, "reserved_quantity")),
      })
    }
  }
  return (warehouse, product) => sums.get(`${warehouse}/${product}`) ?? { on_hand: 0, free: 0 }
}

/** Sums of binary fractions, cut at a precision finer than any unit of measure. */
function rounded(quantity: number): number {
  return Math.round(quantity * 1e6) / 1e6 + 0
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
