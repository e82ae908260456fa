import type { Env } from "../orm/env"
import {
  boolean,
  float,
  many2one,
  metaFields,
  one2many,
  selection,
  type FieldDraft,
  HIDDEN,
} from "../orm/fields"
import { numberOf, type Row } from "../orm/values"
import type { StockLevel } from "./stock-levels"

export function bomFields(): FieldDraft[] {
  return [
    ...metaFields(),
    boolean("active", "Active", { default: true }),
    selection("type", "BoM Type", [
      ["normal", "Manufacture this product"],
      ["phantom", "Kit"],
    ]),
    many2one("product_tmpl_id", "Product", "product.template", { required: true }),
    many2one("product_id", "Product Variant", "product.product"),
    float("product_qty", "Quantity", { default: 1 }),
    one2many("bom_line_ids", "BoM Lines", "mrp.bom.line", "bom_id"),
  ]
}

export function bomLineFields(): FieldDraft[] {
  return [
    ...metaFields(),
    many2one("bom_id", "Parent BoM", "mrp.bom", { required: true }),
    many2one("product_id", "Component", "product.product", { required: true }),
    float("product_qty", "Quantity", { default: 1 }),
  ]
}

/** Copies: computed, not stored, and yet searchable. */
export function isKitField(): FieldDraft {
  return boolean("is_kits", "Is Kits", {
    ...HIDDEN,
    searchable: true,
    compute: (env, row) => kitOf(env, row) !== undefined,
  })
}

/** The active bill of materials that makes a variant a kit: one of its own, or its product's. */
function kitOf(env: Env, variant: Row): Row | undefined {
  const boms = env.table("mrp.bom")
  return boms.ids
    .map((id) => boms.get(id))
    .find(
      (bom) =>
        bom?.["type"] === "phantom" &&
        bom["active"] === true &&
        bom["product_tmpl_id"] === variant["product_tmpl_id"] &&
        (bom["product_id"] === false || bom["product_id"] === variant.id),
    )
}

/**
 * Copies: a kit has as many pieces as its scarcest component allows, whole ones; quants of its own do not
 * count. Undefined for what is no kit.
 */
export function kitLevel(
  env: Env,
  variantId: number,
  levelOf: (component: number) => StockLevel,
): StockLevel | undefined {
  const variant = env.hasModel("mrp.bom") ? env.row("product.product", variantId) : undefined
  const bom = variant && kitOf(env, variant)
  if (bom === undefined) return undefined
  const lines = env.table("mrp.bom.line")
  const parts = lines.ids
    .map((id) => lines.get(id))
    .filter((line) => line?.["bom_id"] === bom.id)
    .map((line) => ({
      level: levelOf(numberOf(line?.["product_id"])),
      needed: numberOf(line?.["product_qty"]),
    }))
  const least = (figure: (level: StockLevel) => number): number =>
    parts.length === 0
      ? 0
      : Math.floor(
          Math.min(...parts.map(({ level, needed }) => Math.floor(figure(level) / needed))) *
            numberOf(bom["product_qty"]),
        )
  return {
    onHand: least((level) => level.onHand),
    free: least((level) => level.free),
    incoming: least((level) => level.incoming),
    outgoing: least((level) => level.outgoing),
  }
}
