import { Admission, admit } from "../../../src/connectors/door"
import { Stream } from "../../../src/sync/canonical"
import { erpId } from "../../../src/sync/ids"
import { ErpProductRow, ErpTables, ErpVariantRow, ErpWorld, Stamped } from "./erp-world"

export const WAREHOUSE = "WH"

/** The stamp as the ERP shows it: whole units, rounded down. */
export const shownStamp = (us: number, unit = 1_000_000): string =>
  new Date((Math.floor(us / unit) * unit) / 1000).toISOString().slice(0, 19).replace("T", " ")

/** A row's version as the dialect tells it: exact and its own, or the newest of the stamps it shows. */
const shownVersion = (world: ErpWorld, row: Stamped, others: readonly Stamped[] = []): string =>
  world.dialect.exact_versions
    ? String(row.rev).padStart(9, "0")
    : shownStamp(
        Math.max(row.stamp, ...others.map((other) => other.stamp)),
        world.dialect.stamp_unit_us,
      )

/** The version of a record that is written on its own; null when there is none. */
export const versionOf = (world: ErpWorld, entity: string, id: number): string | null => {
  const { categories, products, variants } = world.store
  switch (entity) {
    case "category": {
      const row = categories.get(id)
      return row ? shownVersion(world, row) : null
    }
    case "product": {
      const row = products.get(id)
      return row ? shownVersion(world, row, world.variantsOf(id)) : null
    }
    default: {
      const row = variants.get(id)
      return row ? shownVersion(world, row) : null
    }
  }
}

/** Lines with a choice are the options; Odoo leaves single values out of the variants' sets. */
export const optionLines = (product: ErpProductRow): ErpProductRow["lines"] =>
  product.lines.filter((line) => line.values.length > 1)

/** Newest stamp of a record of a stream, with everything that is read with it. */
export const newestStamp = (world: ErpWorld, stream: Stream, id: number): number =>
  newest(world, stream, id, (row) => row.stamp)

/** The same of the commits. */
export const revOf = (world: ErpWorld, stream: Stream, id: number): number =>
  newest(world, stream, id, (row) => row.rev)

const newest = (
  world: ErpWorld,
  stream: Stream,
  id: number,
  of: (row: Stamped) => number,
): number => {
  const stamps = (rows: (Stamped | undefined)[]): number[] =>
    rows.flatMap((row) => (row ? [of(row)] : []))
  const { categories, products, variants, quants, attributes, values } = world.store
  switch (stream) {
    case "categories":
      return Math.max(0, ...stamps([categories.get(id)]))
    case "products": {
      const lines = products.get(id)?.lines ?? []
      return Math.max(
        0,
        ...stamps([
          products.get(id),
          ...world.variantsOf(id),
          ...lines.map((line) => attributes.get(line.attribute)),
          ...lines.flatMap((line) => line.values.map((value) => values.get(value))),
        ]),
      )
    }
    case "prices":
      return Math.max(0, ...stamps([variants.get(id)]))
    case "images":
      // This world has no images, and its connector no way to read one.
      return 0
    case "stock": {
      const variant = variants.get(id)
      return Math.max(0, ...stamps([variant, quants.get(id), products.get(variant?.product ?? 0)]))
    }
  }
}

/** Ids of a stream's records, ascending. */
export const idsOf = (world: ErpWorld, stream: Stream): number[] => {
  const { categories, products, variants } = world.store
  const table = stream === "categories" ? categories : stream === "products" ? products : variants
  return [...table.keys()].sort((a, b) => a - b)
}

/** A record as the connector hands it over, or its refusal at the door; null when there is none. */
export const canonicalOf = (
  world: ErpWorld,
  stream: Stream,
  id: number,
): Admission<Stream> | null => {
  const subject = { id: erpId(id), version: null, named: `${stream} ${id}` }
  const built = build(world, stream, id)
  return built === null ? null : admit<Stream>(stream, subject, () => built)
}

const build = (world: ErpWorld, stream: Stream, id: number): unknown => {
  const { categories, products, variants } = world.store
  switch (stream) {
    case "categories": {
      const row = categories.get(id)
      return row ? category(world, row) : null
    }
    case "products": {
      const row = products.get(id)
      return row ? product(world, row) : null
    }
    case "prices": {
      const row = variants.get(id)
      return row
        ? { id: String(id), product_id: String(row.product), version: null, prices: prices(row) }
        : null
    }
    case "stock": {
      const row = variants.get(id)
      return row ? stock(world, row) : null
    }
    case "images":
      return null
  }
}

const category = (world: ErpWorld, row: ErpTables["categories"]) => ({
  id: String(row.id),
  version: shownVersion(world, row),
  active: row.active,
  name: row.name,
  parent_id: row.parent === null ? null : String(row.parent),
})

const product = (world: ErpWorld, row: ErpProductRow) => {
  const lines = optionLines(row)
  const variants = world.variantsOf(row.id).sort((a, b) => a.id - b.id)
  return {
    id: String(row.id),
    version: shownVersion(world, row, variants),
    active: row.active,
    title: row.title,
    description: row.description,
    category_ids: row.categories.map(String),
    options: lines.map((line) => ({
      id: String(line.attribute),
      title: world.store.attributes.get(line.attribute)?.name ?? "",
      values: line.values.map((value) => ({
        id: String(value),
        title: world.store.values.get(value)?.name ?? "",
      })),
    })),
    variants: variants
      .filter((variant) => variant.active || world.dialect.file_push || fits(world, lines, variant))
      .map((variant) => ({
        id: String(variant.id),
        version: shownVersion(world, variant),
        active: variant.active,
        sku: variant.sku,
        barcode: variant.barcode,
        weight: variant.weight === null ? null : { value: variant.weight, unit: "kg" },
        tracked: row.tracked,
        prices: prices(variant),
        option_values: pairs(world, lines, variant),
      })),
  }
}

const pairs = (world: ErpWorld, lines: ErpProductRow["lines"], variant: ErpVariantRow) =>
  variant.values.flatMap((value) => {
    const attribute = world.store.values.get(value)?.attribute
    return lines.some((line) => line.attribute === attribute)
      ? [{ option_id: String(attribute), value_id: String(value) }]
      : []
  })

/** An archived variant of values that were since removed belongs to no option. */
const fits = (world: ErpWorld, lines: ErpProductRow["lines"], variant: ErpVariantRow): boolean =>
  lines.every((line) => line.values.some((value) => variant.values.includes(value))) &&
  pairs(world, lines, variant).length === lines.length

const prices = (row: ErpVariantRow) => [
  { list: "list", currency: "eur", amount: row.price, tax_included: null },
]

const stock = (world: ErpWorld, row: ErpVariantRow) => {
  const tracked = world.store.products.get(row.product)?.tracked ?? false
  const quant = world.store.quants.get(row.id)
  const on_hand = quant?.quantity ?? 0
  const available = on_hand - (quant?.reserved ?? 0)
  return {
    id: String(row.id),
    product_id: String(row.product),
    version: null,
    tracked,
    levels: tracked
      ? [{ warehouse: WAREHOUSE, on_hand: String(on_hand), available: String(available) }]
      : [],
  }
}
