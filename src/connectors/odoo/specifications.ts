import { KIT_FIELD } from "./kits"
import type { FieldFacts } from "./place"
import { tagSpecification, watchedTags } from "./tags"

/** What `web_read` is asked for: nested fields, only those that this Odoo has. */
export type Specification = Record<string, unknown>

export type Fields = ReadonlyMap<string, FieldFacts>

const known = (fields: Fields, names: readonly string[]): Specification =>
  Object.fromEntries(names.filter((name) => fields.has(name)).map((name) => [name, {}]))

const CURRENCY = { fields: { name: {} } }

/** `type` alone says it on Odoo 17, with `is_storable` from 18 on. */
const TRACKING = ["type", "is_storable"]

export const categorySpecification: Specification = { name: {}, parent_id: {}, write_date: {} }

/** What prices in price lists are computed from, besides the sales price. */
const costSpecification = (fields: Fields): Specification => ({
  ...known(fields, ["standard_price"]),
  ...(fields.has("cost_currency_id") && { cost_currency_id: CURRENCY }),
})

/**
 * The whole product in one read, one snapshot; with `variant`, the variant's fields,
 * what price lists need besides. `stamps` adds the write dates of what a delta looks
 * at besides the product and its variants, so that the watermark knows them.
 */
export const productSpecification = (
  fields: Fields,
  filter: readonly string[],
  stamps: boolean,
  variant?: Fields,
  attributes: { product: Specification; variant: Specification } = { product: {}, variant: {} },
  tags = false,
): Specification => {
  const stamp = stamps ? { write_date: {} } : {}
  return {
    ...known(fields, [...TRACKING, ...filter, "weight_uom_name", "description_sale"]),
    ...attributes.product,
    ...tagSpecification(tags, stamp),
    name: {},
    active: {},
    write_date: {},
    categ_id: {},
    ...(fields.has("currency_id") && { currency_id: CURRENCY }),
    ...(fields.has("taxes_id") && { taxes_id: { fields: { price_include: {}, ...stamp } } }),
    attribute_line_ids: {
      fields: {
        active: {},
        ...stamp,
        attribute_id: { fields: { name: {}, create_variant: {}, ...stamp } },
        value_ids: { fields: { name: {}, ...stamp } },
      },
    },
    product_variant_ids: {
      context: { active_test: false },
      fields: {
        ...attributes.variant,
        default_code: {},
        barcode: {},
        weight: {},
        lst_price: {},
        ...(variant && costSpecification(variant)),
        active: {},
        write_date: {},
        product_template_attribute_value_ids: {
          fields: { attribute_id: {}, product_attribute_value_id: {}, ...stamp },
        },
      },
    },
  }
}

export const priceSpecification = (
  fields: Fields,
  stamps: boolean,
  lists = false,
): Specification => {
  const stamp = stamps ? { write_date: {} } : {}
  return {
    lst_price: {},
    ...(lists && { categ_id: {}, ...costSpecification(fields) }),
    write_date: {},
    product_tmpl_id: {},
    ...(fields.has("currency_id") && { currency_id: CURRENCY }),
    ...(fields.has("taxes_id") && { taxes_id: { fields: { price_include: {}, ...stamp } } }),
    ...(stamps && { product_template_attribute_value_ids: { fields: { write_date: {} } } }),
  }
}

/** A variant with all its quants: one snapshot, so that no movement is seen half. */
export const stockSpecification = (fields: Fields): Specification => ({
  ...known(fields, [...TRACKING, KIT_FIELD]),
  write_date: {},
  product_tmpl_id: {},
  uom_id: { fields: { rounding: {} } },
  stock_quant_ids: {
    fields: { location_id: {}, quantity: {}, reserved_quantity: {}, write_date: {} },
  },
})

/**
 * Stamps that a delta of each stream watches, as paths from the stream's model. What moves which
 * stamp was measured on Odoo 17, 18 and 19: a template's edit touches all its variants, a price of
 * an attribute value only that value, a rename only the attribute, stock only quants and moves.
 */
export const watchedStamps = {
  categories: () => ["write_date"],
  products: (fields: Fields, tags = false) => [
    "write_date",
    "product_variant_ids.write_date",
    "product_variant_ids.product_template_attribute_value_ids.write_date",
    "attribute_line_ids.write_date",
    "attribute_line_ids.attribute_id.write_date",
    "attribute_line_ids.value_ids.write_date",
    ...watchedTags(tags),
    ...(fields.has("taxes_id") ? ["taxes_id.write_date"] : []),
  ],
  prices: (fields: Fields) => [
    "write_date",
    "product_template_attribute_value_ids.write_date",
    ...(fields.has("taxes_id") ? ["taxes_id.write_date"] : []),
  ],
  stock: () => ["write_date", "stock_quant_ids.write_date"],
} as const
