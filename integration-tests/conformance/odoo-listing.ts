import type { Listing } from "../../src/connectors/conformance"

type Row = Record<string, unknown> & { id: number }

/** `search_read` by whatever way is not the connector's. */
export type Read = (model: string, domain: unknown[], fields: string[]) => Promise<Row[]>

const ANY = ["active", "in", [true, false]]

/** What an Odoo sells, by one plain `search_read` a model, joined here. */
export const listOdoo = async (read: Read): Promise<Listing> => {
  const categories = await read("product.category", [], ["name", "parent_id"])
  const templates = await read(
    "product.template",
    [["sale_ok", "=", true], ANY],
    ["name", "active"],
  )
  const ids = templates.map(({ id }) => id)
  const variants = await read(
    "product.product",
    [["product_tmpl_id", "in", ids], ANY],
    ["product_tmpl_id", "default_code", "barcode", "active", "lst_price"],
  )
  return {
    categories: categories.map(({ id, name, parent_id }) => ({
      id: String(id),
      name: String(name),
      parent_id: idOf(parent_id) === null ? null : String(idOf(parent_id)),
    })),
    products: templates.map(({ id, name, active }) => ({
      id: String(id),
      title: String(name),
      active: active === true,
      variants: variants
        .filter((variant) => idOf(variant["product_tmpl_id"]) === id)
        .map((variant) => ({
          id: String(variant.id),
          sku: textOrNull(variant["default_code"]),
          barcode: textOrNull(variant["barcode"]),
          active: variant["active"] === true,
          amount: plain(Number(variant["lst_price"])),
        })),
    })),
    stock: await stockOf(read, new Set(variants.map(({ id }) => id))),
  }
}

const stockOf = async (read: Read, inScope: ReadonlySet<number>): Promise<Listing["stock"]> => {
  const levels: Listing["stock"] = []
  for (const warehouse of await read("stock.warehouse", [], ["code", "view_location_id"])) {
    const quants = await read(
      "stock.quant",
      [
        ["location_id", "child_of", idOf(warehouse["view_location_id"])],
        ["location_id.usage", "=", "internal"],
      ],
      ["product_id", "quantity", "reserved_quantity"],
    )
    const sums = new Map<number, { held: number; reserved: number }>()
    for (const { product_id, quantity, reserved_quantity } of quants) {
      const id = idOf(product_id) ?? 0
      const sum = sums.get(id) ?? { held: 0, reserved: 0 }
      sums.set(id, {
        held: sum.held + Number(quantity),
        reserved: sum.reserved + Number(reserved_quantity),
      })
    }
    for (const [id, { held, reserved }] of sums) {
      if (!inScope.has(id)) continue
      const level = { on_hand: plain(held), available: plain(held - reserved) }
      if (level.on_hand === "0" && level.available === "0") continue
      levels.push({ id: String(id), warehouse: String(warehouse["code"]), ...level })
    }
  }
  return levels
}

const idOf = (value: unknown): number | null => {
  if (Array.isArray(value)) return Number(value[0])
  return typeof value === "number" ? value : null
}
const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null)
/** Good to a millionth, which is finer than any price or unit of the test data. */
const plain = (value: number): string => String(Math.round(value * 1e6) / 1e6 + 0)
