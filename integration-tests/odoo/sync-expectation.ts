import { MAIN, OUTLET } from "../http/sync-seed"
import type { OracleCatalog, OracleTemplate, OracleVariant } from "./oracle"
import type { HeldProduct, HeldVariant, StoreView } from "./store-view"

/** What a connection's options say about how Odoo's catalog looks in the store. */
export interface Terms {
  basis: "available" | "on_hand"
  /** Whether products that Odoo had archived before they were first seen are created. */
  archived: boolean
}

/** A record that the store cannot hold as Odoo does: two variants of one code. */
export interface Refused {
  erp_id: string
  field: string
}

/**
 * The store's view as it has to be, from the oracle's reading of Odoo.
 *
 * @param earlier the view before the last change: Odoo forgets what it deleted and cleared, a store
 * does not
 */
export const expectedView = (
  oracle: OracleCatalog,
  earlier: StoreView | null,
  held: StoreView,
  refused: readonly Refused[],
  terms: Terms,
): StoreView => {
  const known = new Map(earlier?.products.map((product) => [product.id, product]))
  const now = new Map(held.products.map((product) => [product.id, product]))
  const context: Context = { oracle, refused, terms, former: variantsOf(earlier) }
  const sold = oracle.templates
    .filter(({ id, active }) => active || known.has(id) || terms.archived)
    .map((template) => expectedProduct(context, template, known.get(template.id), now))
  const ids = new Set(sold.map(({ id }) => id))
  const gone = [...known.keys()].filter((id) => !ids.has(id)).map((id) => goneProduct(id, now))
  return {
    categories: oracle.categories,
    products: [...sold, ...gone].sort((a, b) => a.id - b.id),
  }
}

interface Context {
  oracle: OracleCatalog
  refused: readonly Refused[]
  terms: Terms
  /** Variants of the earlier view by their id in the store. */
  former: ReadonlyMap<string, HeldVariant>
}

const variantsOf = (view: StoreView | null): Map<string, HeldVariant> =>
  new Map(
    view?.products.flatMap(({ variants }) =>
      variants.map((variant) => [variant.medusa_id, variant] as const),
    ),
  )

const expectedProduct = (
  context: Context,
  template: OracleTemplate,
  known: HeldProduct | undefined,
  now: ReadonlyMap<number, HeldProduct>,
): HeldProduct => {
  const held = now.get(template.id)?.variants ?? []
  const present = new Set(known?.variants.map(({ id }) => id))
  // An archived product keeps the variants that it went with.
  const wanted = template.variants.filter(
    ({ id, active }) => active || (!template.active && (!known || present.has(id))),
  )
  const ids = new Set(wanted.map(({ id }) => id))
  return {
    id: template.id,
    link: template.active ? "linked" : "gone",
    status: template.active ? "published" : "draft",
    title: template.name,
    description: template.description_sale,
    categories: template.category_path.length === 0 ? [] : [template.category_path],
    variants: [
      ...wanted.map((variant) =>
        expectedVariant(
          context,
          template,
          variant,
          held.find(({ id }) => id === variant.id),
        ),
      ),
      // What Odoo archived or deleted since may stay, empty, for orders and for its return.
      ...held.filter(({ id, link }) => link === "gone" && !ids.has(id)).map(outOfSale),
    ].sort((a, b) => a.id - b.id),
  }
}

const expectedVariant = (
  { oracle, refused, terms, former }: Context,
  template: OracleTemplate,
  variant: OracleVariant,
  held: HeldVariant | undefined,
): HeldVariant => {
  const before = held && former.get(held.medusa_id)
  const blocked = (field: string): boolean =>
    refused.some((record) => record.erp_id === String(variant.id) && record.field === field)
  const frozen = !template.active && before !== undefined
  // A blank never clears a code, barcode or weight.
  const kept = <T>(
    field: "sku" | "barcode" | "weight",
    value: T | null,
    old: T | null,
  ): T | null => (frozen || value === null || blocked(field) ? old : value)
  return {
    id: variant.id,
    medusa_id: held?.medusa_id ?? "not in the store",
    link: "linked",
    sku: kept("sku", variant.default_code, before?.sku ?? null),
    barcode: kept("barcode", variant.barcode, before?.barcode ?? null),
    weight: kept("weight", grams(variant.weight), before?.weight ?? null),
    options: variant.attribute_values,
    prices: { [oracle.currency.toLowerCase()]: cents(variant.price) },
    stock: template.is_storable ? levels(oracle, variant, terms) : null,
  }
}

const levels = (
  { warehouses }: OracleCatalog,
  variant: OracleVariant,
  { basis }: Terms,
): Record<string, number> =>
  Object.fromEntries(
    [MAIN, OUTLET].map((location, index) => {
      const figures = variant.stock.find(
        ({ warehouse_id }) => warehouse_id === warehouses[index]?.id,
      )
      const figure = (basis === "on_hand" ? figures?.on_hand : figures?.free) ?? 0
      return [location, Math.max(0, figure)]
    }),
  )

const goneProduct = (id: number, now: ReadonlyMap<number, HeldProduct>): HeldProduct => {
  const held = now.get(id)
  if (!held) {
    throw new Error(`Product ${id} has left the store.`)
  }
  return { ...held, link: "gone", status: "draft", variants: held.variants.map(outOfSale) }
}

const outOfSale = (variant: HeldVariant): HeldVariant => ({
  ...variant,
  link: "gone",
  stock: variant.stock && Object.fromEntries([MAIN, OUTLET].map((location) => [location, 0])),
})

/** Odoo's kilograms, as exact as Medusa's four-byte float. */
const grams = (kilograms: number): number | null =>
  kilograms === 0 ? null : Number((kilograms * 1000).toPrecision(6))

const cents = (price: number): number => Math.round(price * 100 + 1e-6) / 100
