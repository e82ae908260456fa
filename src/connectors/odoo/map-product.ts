import type { RejectedRecord, StreamRecords } from "../../sync/canonical"
import type { WeightUnit } from "../../sync/decimal"
import { erpId } from "../../sync/ids"
import { admit, DoorSubject, refuse } from "../door"
import { decimalOf } from "../decimal"
import { AttributeLine, AttributeNames, attributesIn, NO_ATTRIBUTES } from "./attributes"
import { leftOut, listPrices, pricesOf, unknownLists, validUntil } from "./map-prices"
import type { Pricing } from "./pricelists/pricing"
import { tagsIn } from "./tags"
import { Row, idIn, newestOwn, orNull, rowsIn } from "./rows"
import type { Fields } from "./specifications"
import type { ProductTexts } from "./texts"

export interface ProductFacts {
  template: Fields
  variant: Fields
  /** The company's, where the product does not say its own. */
  currency: string
  /** Characteristics that the store maps. */
  attributes?: AttributeNames
  /** The store maps tags, and this Odoo has some. */
  tags?: boolean
}

export interface Mapped<Record> {
  record: Record | null
  rejected: RejectedRecord | null
}

/**
 * A template's row as a canonical product. A price that is no price (negative, NaN) is left out and
 * reported beside the record, so that it does not hold back the rest of the product. With `unsound`
 * price lists nothing is said of prices; without `translations` nothing of further languages.
 */
export const mapProduct = (
  row: Row,
  facts: ProductFacts,
  pricing: Pricing | null | "unsound" = null,
  translations?: ProductTexts,
): Mapped<StreamRecords["products"]> => {
  const subject: DoorSubject = {
    id: erpId(row.id),
    version: null,
    named: `product "${String(row["name"]).slice(0, 80)}" (id ${row.id}) in Odoo`,
  }
  const badPrices: RejectedRecord[] = []
  const { record, rejected } = admit("products", subject, () => {
    const variants = rowsIn(row["product_variant_ids"], "variants").toSorted(byId)
    subject.version = newestOwn([row, ...variants])
    const options = optionsOf(row, variants)
    return {
      id: subject.id,
      version: subject.version,
      active: row["active"],
      title: row["name"],
      description: orNull(row["description_sale"] ?? false),
      ...productAttributes(row, facts),
      ...(facts.tags && { tags: tagsIn(row) }),
      ...(translations && { translations }),
      category_ids: present(idIn(row["categ_id"], "category_ids")).map(erpId),
      options: options.map(({ id, title, values }) => ({ id: erpId(id), title, values })),
      variants: variants
        .filter((variant) => variant["active"] !== false || fits(variant, options))
        .map((variant) => ({
          ...mapVariant(variant, row, facts),
          ...(pricing !== "unsound" &&
            carriedPrices(variant, row, facts, pricing, subject, badPrices)),
        })),
    }
  })
  return { record, rejected: rejected ?? badPrices[0] ?? null }
}

/** Only where some are mapped, so that nothing changes for a store that maps none. */
const productAttributes = (row: Row, { template, attributes = NO_ATTRIBUTES }: ProductFacts) =>
  attributes.product.length > 0 && {
    attributes: attributesIn(row, linesOf(row), template, attributes.product),
  }

const variantAttributes = (row: Row, { variant, attributes = NO_ATTRIBUTES }: ProductFacts) =>
  attributes.variant.length > 0 && {
    attributes: attributesIn(row, [], variant, attributes.variant),
  }

const linesOf = (row: Row): AttributeLine[] =>
  rowsIn(row["attribute_line_ids"], "attributes").flatMap((line) => {
    const [attribute] = rowsIn([line["attribute_id"]], "attributes")
    const values = rowsIn(line["value_ids"], "attributes").map((value) => value["name"])
    return attribute && line["active"] !== false
      ? [{ attribute: attribute.id, name: attribute["name"], values }]
      : []
  })

interface OptionCandidate {
  id: number
  title: unknown
  values: { id: string; title: unknown }[]
}

/**
 * The attributes that tell this product's variants apart: lines in use whose attribute makes
 * variants, and that some variant carries. Odoo leaves lines of a single value out of the variants'
 * sets, so they are no options either, until a second value makes them one. Without any variant
 * (made on demand), the lines with a choice count.
 */
const optionsOf = (row: Row, variants: readonly Row[]): OptionCandidate[] => {
  const carried = new Set(
    variants
      .filter((variant) => variant["active"] !== false || row["active"] === false)
      .flatMap((variant) => pairsOf(variant).map(({ attribute }) => attribute)),
  )
  return rowsIn(row["attribute_line_ids"], "options").flatMap((line) => {
    const [attribute] = rowsIn([line["attribute_id"]], "options")
    const values = rowsIn(line["value_ids"], "options")
    if (!attribute || line["active"] === false) return []
    if (attribute["create_variant"] === "no_variant") return []
    if (variants.length === 0 ? values.length < 2 : !carried.has(attribute.id)) return []
    return [
      {
        id: attribute.id,
        title: attribute["name"],
        values: values.map((value) => ({ id: erpId(value.id), title: value["name"] })),
      },
    ]
  })
}

/** An archived variant of attributes or values that were since removed belongs to no option. */
const fits = (variant: Row, options: readonly OptionCandidate[]): boolean =>
  pairsOf(variant).every(({ attribute, value }) =>
    options.some(
      ({ id, values }) => id === attribute && values.some((v) => v.id === String(value)),
    ),
  )

const pairsOf = (variant: Row): { attribute: number | null; value: number | null }[] => {
  const field = `variants.${variant.id}.option_values`
  return rowsIn(variant["product_template_attribute_value_ids"], field).map((pair) => ({
    attribute: idIn(pair["attribute_id"], field),
    value: idIn(pair["product_attribute_value_id"], field),
  }))
}

/** Prices as the product carries them; those that are none are noted in `badPrices`. */
const carriedPrices = (
  variant: Row,
  template: Row,
  facts: ProductFacts,
  pricing: Pricing | null,
  subject: DoorSubject,
  badPrices: RejectedRecord[],
) => {
  const path = `variants.${variant.id}.prices`
  const { prices, refused } = pricesOf(variant, template, facts)
  if (refused) {
    badPrices.push(refuse(subject, `${path}.list.amount`, variant["lst_price"], refused))
  }
  if (!prices) return {}
  const listed = listPrices(variant, template, facts, pricing)
  badPrices.push(...leftOut(listed, subject, path))
  return {
    prices: [...prices, ...(listed?.prices ?? [])],
    ...validUntil(listed, "prices_valid_until"),
    ...unknownLists(listed),
  }
}

const mapVariant = (variant: Row, template: Row, facts: ProductFacts) => {
  return {
    id: erpId(variant.id),
    version: newestOwn([variant]),
    active: variant["active"],
    sku: orNull(variant["default_code"]),
    barcode: orNull(variant["barcode"]),
    option_values: pairsOf(variant)
      .map(({ attribute, value }) => ({
        option_id: erpId(String(attribute)),
        value_id: erpId(String(value)),
      }))
      .toSorted((a, b) => Number(a.option_id) - Number(b.option_id)),
    weight: weightOf(variant, template, facts.variant),
    tracked: isTracked(template),
    ...variantAttributes(variant, facts),
  }
}

/** Whether Odoo keeps stock: `type` `product` on 17, `is_storable` goods from 18 on. */
export const isTracked = (row: Row): boolean =>
  row["type"] === "product" || (row["type"] === "consu" && row["is_storable"] === true)

const UNITS: Readonly<Record<string, WeightUnit>> = {
  kg: "kg",
  lb: "lb",
  lbs: "lb",
  g: "g",
  oz: "oz",
}

/** Odoo weighs in kilograms, or pounds by a setting for the whole database, named on every product. */
export const unitOf = (row: Row): WeightUnit =>
  UNITS[String(row["weight_uom_name"]).toLowerCase()] ?? "kg"

export const weightOf = (variant: Row, template: Row, fields: Fields) => {
  const weight = variant["weight"]
  if (weight === 0 || weight === false || weight === undefined) return null
  const value = decimalOrRaw(weight, fields.get("weight")?.digits ?? null)
  return { value, unit: unitOf(template) }
}

/** A finite number as a decimal; anything else as it came, for the door to refuse. */
export const decimalOrRaw = (value: unknown, digits: number | null): unknown =>
  typeof value === "number" && Number.isFinite(value) ? decimalOf(value, digits) : value

const present = <T>(value: T | null): T[] => (value === null ? [] : [value])
const byId = (a: Row, b: Row): number => a.id - b.id
