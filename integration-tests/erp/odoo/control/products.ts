import type { Backend } from "../backend"
import { roundDigits } from "../orm/floats"
import { descendants } from "../orm/trees"
import {
  idOf,
  isObject,
  numberOf,
  textOf,
  type Json,
  type JsonObject,
  type Row,
} from "../orm/values"
import type { World } from "../world"
import { BadControl } from "./edits"

const PAGE = 40

interface Place {
  readonly id: number
  readonly name: string
  readonly stock: number
  readonly locations: ReadonlySet<number>
}

/** What the demo page shows and changes. */
export class ProductDesk {
  constructor(
    private readonly backend: Backend,
    private readonly world: World,
  ) {}

  private places(): Place[] {
    return this.backend.execute(this.backend.deskUser, {}, (env) =>
      env.table("stock.warehouse").ids.map((id) => {
        const row = env.row("stock.warehouse", id)
        const view = idOf(row?.["view_location_id"])
        return {
          id,
          name: textOf(row?.["name"]) || "",
          stock: idOf(row?.["lot_stock_id"]),
          locations: descendants(env, env.model("stock.location"), [view]),
        }
      }),
    )
  }

  private onHand(variant: number, place: Place): number {
    const quants = this.backend.db.table("stock.quant")
    let total = 0
    for (const id of quants.find("product_id", variant)) {
      const quant = quants.get(id)
      if (place.locations.has(idOf(quant?.["location_id"]))) total += numberOf(quant?.["quantity"])
    }
    return roundDigits(total, 2)
  }

  private describe(row: Row, places: readonly Place[]): JsonObject {
    const table = this.backend.db.table("product.product")
    const tracked =
      this.backend.version === 17 ? row["type"] === "product" : row["is_storable"] === true
    const variants = this.world.call("product.product", "search_read", {
      domain: [["product_tmpl_id", "=", row.id]],
      fields: ["display_name", "default_code", "active", "lst_price"],
      context: { active_test: row["active"] === true },
    })
    const list = Array.isArray(variants) ? variants.filter(isObject) : []
    return {
      id: row.id,
      name: textOf(row["name"]),
      list_price: numberOf(row["list_price"]),
      active: row["active"] === true,
      tracked,
      variants: list.map((variant) => ({
        id: variant["id"] ?? 0,
        label: combination(String(variant["display_name"]), textOf(row["name"]) || ""),
        code: textOf(table.get(Number(variant["id"]))?.["default_code"]),
        price: variant["lst_price"] ?? 0,
        stock: tracked ? places.map((place) => this.onHand(Number(variant["id"]), place)) : [],
      })),
    }
  }

  /** A page of products whose title or code contains a text. */
  list(search: string, offset: number, archived: boolean): JsonObject {
    const wanted = search.trim()
    const words: Json[] =
      wanted === ""
        ? []
        : ["|", ["name", "ilike", wanted], ["product_variant_ids.default_code", "ilike", wanted]]
    const domain: Json = [["active", "=", !archived], ...words]
    const found = this.world.search("product.template", domain)
    const table = this.backend.db.table("product.template")
    const places = this.places()
    const rows = found.slice(offset, offset + PAGE).map((id) => table.get(id))
    return {
      total: found.length,
      offset,
      page: PAGE,
      warehouses: places.map(({ id, name }) => ({ id, name })),
      products: rows
        .filter((row): row is Row => row !== undefined)
        .map((row) => this.describe(row, places)),
    }
  }

  /** Changes title, price or visibility of a product. */
  save(body: JsonObject): JsonObject {
    const { id, name, list_price: price, active } = body
    if (typeof id !== "number") throw new BadControl('"id" must be a number')
    const vals: { [key: string]: Json } = {}
    if (typeof name === "string") vals["name"] = name
    if (typeof price === "number" && Number.isFinite(price)) vals["list_price"] = price
    if (Object.keys(vals).length > 0) this.world.write("product.template", id, vals)
    if (active === false) this.world.archive("product.template", id)
    if (active === true) this.world.unarchive("product.template", id)
    const row = this.world.row("product.template", id)
    if (row === undefined) throw new BadControl("This product is gone")
    return this.describe(row, this.places())
  }

  /** Counts a variant in a warehouse: the shelves keep theirs, the stock location takes the rest. */
  saveStock(body: JsonObject): JsonObject {
    const { variant, warehouse, quantity } = body
    const place = this.places().find(({ id }) => id === warehouse)
    if (typeof variant !== "number" || typeof quantity !== "number" || place === undefined) {
      throw new BadControl('"variant", "warehouse" and "quantity" must be numbers')
    }
    const quants = this.backend.db.table("stock.quant")
    const atStock = quants
      .find("product_id", variant)
      .map((id) => quants.get(id))
      .find((quant) => quant?.["location_id"] === place.stock)
    const elsewhere = this.onHand(variant, place) - numberOf(atStock?.["quantity"])
    this.world.setStock(variant, place.stock, roundDigits(quantity - elsewhere, 2))
    return { variant, warehouse: place.id, quantity: this.onHand(variant, place) }
  }
}

/** The part of a variant's name that tells it from its siblings. */
function combination(displayName: string, title: string): string {
  const plain = displayName.replace(/^\[[^\]]*\] /, "")
  return plain.startsWith(title) ? plain.slice(title.length).replace(/^ \(|\)$/g, "") : plain
}
