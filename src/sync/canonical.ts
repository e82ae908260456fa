import { z } from "@medusajs/framework/zod"
import { ErpId } from "./ids"

/**
 * The canonical model: what a connector hands over, whatever the ERP. Data fields are snake_case;
 * money, quantities and weights are decimal strings, never floats; text is passed as the ERP holds it.
 */

/** One kind of record of a connection that is polled, hooked and swept on its own. */
export const STREAMS = ["categories", "products", "prices", "stock", "images"] as const
export type Stream = (typeof STREAMS)[number]

/** Kinds of record that can be linked. Options and values are linked per product. */
export const ENTITIES = ["category", "product", "variant", "option", "option_value"] as const
export type Entity = (typeof ENTITIES)[number]

const id = z
  .string()
  .min(1)
  .max(255)
  .transform((value) => value as ErpId)

/** Plain decimal notation, no exponent, no NaN: `"12.50"`, `"-3"`, `"0.001"`. */
export const decimalSchema = z
  .string()
  .regex(/^-?\d{1,18}(\.\d{1,12})?$/, "expected a plain decimal number")

const text = (max: number) =>
  z
    .string()
    .max(max, `longer than ${max} characters`)
    // PostgreSQL cannot hold NUL; other control characters are data errors of the ERP.
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f]*$/, "contains control characters")
    // Half of a surrogate pair cannot be stored: it would come back as another text, and be written anew for ever.
    .refine((value) => !/\p{Cs}/u.test(value), "contains half a character")

/** A moment in UTC: `2026-03-01T00:00:00Z`, with fractions of a second at will. */
const moment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/, "expected a moment in UTC")
  .refine((text) => !Number.isNaN(Date.parse(text)), "is no moment")

/** The ERP's version of a record: an etag, a stamp, a row version. Compared only as the connector declares. */
const version = z.string().max(200).nullable()

export const categorySchema = z.object({
  id,
  version,
  active: z.boolean(),
  parent_id: id.nullable(),
  name: text(1000).refine((name) => name.trim() !== "", "is empty"),
})

export const priceSchema = z.object({
  /** Which price list of the ERP; `list` is the plain sales price. */
  list: z.string().min(1),
  /** ISO 4217, lower case. */
  currency: z.string().regex(/^[a-z]{3}$/, "expected a lower-case ISO currency code"),
  amount: decimalSchema.refine((amount) => !amount.startsWith("-"), "is negative"),
  tax_included: z.boolean().nullable(),
  /** From this quantity on, in the product's own unit; absent or null: from the first piece on. */
  min_quantity: decimalSchema
    .refine((quantity) => Number(quantity) > 0, "is not above 0")
    .nullable()
    .optional(),
  /** When it begins and ends to hold, for an ERP that tells prices to come; absent or null: no bound. */
  starts_at: moment.nullable().optional(),
  ends_at: moment.nullable().optional(),
})

/** The first moment at which prices may be others although nobody edits them; absent or null: none. */
const validUntil = moment.nullable().optional()

/** Price lists of which nothing is known now, since a price of theirs could not be told. */
const unknownLists = z.array(z.string().min(1)).optional()

export const optionSchema = z.object({
  /** The dictionary's id of the attribute (not the template's line), so that remade lines keep it. */
  id,
  title: text(500).refine((title) => title.trim() !== "", "is empty"),
  values: z.array(
    z.object({ id, title: text(500).refine((title) => title.trim() !== "", "is empty") }),
  ),
})

/** Characteristics and custom fields that are mapped, by the ERP's names; null is an empty one. */
const attributes = z.record(
  z.string().min(1).max(200),
  z.union([text(100_000), z.boolean(), z.null()]),
)

/** Texts in further languages, by the store's locale; null: the language has none of its own. */
const translations = z.record(
  z.string().min(1).max(50),
  z.object({ title: text(5000).nullable(), description: text(1_000_000).nullable() }),
)

export const variantSchema = z.object({
  id,
  version,
  active: z.boolean(),
  sku: text(255).nullable(),
  barcode: text(255).nullable(),
  /** Pairs of dictionary ids (attribute, value); empty for a product without options. */
  option_values: z.array(z.object({ option_id: id, value_id: id })),
  weight: z.object({ value: decimalSchema, unit: z.enum(["g", "kg", "lb", "oz"]) }).nullable(),
  /** Whether the ERP keeps stock of it. */
  tracked: z.boolean(),
  attributes: attributes.optional(),
  /** Present when the product's aggregate read carries prices too. */
  prices: z.array(priceSchema).optional(),
  /** Of `prices`, as `valid_until` of the prices stream. */
  prices_valid_until: validUntil,
  /** Of `prices`, as `unknown_lists` of the prices stream. */
  unknown_lists: unknownLists,
})

export const productSchema = z.object({
  id,
  version,
  active: z.boolean(),
  title: text(5000).refine((title) => title.trim() !== "", "is empty"),
  description: text(1_000_000).nullable(),
  category_ids: z.array(id),
  /** Names of its tags, where they are mapped; a tag is known by its name on both sides. */
  tags: z.array(text(255).refine((name) => name.trim() !== "", "is empty")).optional(),
  attributes: attributes.optional(),
  /** A locale that is missing: the ERP has no such language, or does not use it. */
  translations: translations.optional(),
  options: z.array(optionSchema),
  variants: z.array(variantSchema),
})

/**
 * Prices of one variant, complete: a list absent here, and not among the unknown ones, has no price in
 * the ERP. The tiers of a list
 * (`min_quantity`) are prices of their own, beside the one without.
 */
export const variantPricesSchema = z.object({
  id,
  product_id: id,
  version,
  prices: z.array(priceSchema),
  valid_until: validUntil,
  unknown_lists: unknownLists,
})

/** Stock of one variant, complete: a warehouse absent here holds nothing. */
export const variantStockSchema = z.object({
  id,
  product_id: id,
  version,
  tracked: z.boolean(),
  levels: z.array(
    z.object({ warehouse: z.string().min(1), on_hand: decimalSchema, available: decimalSchema }),
  ),
})

/**
 * Images of one product, complete: an image absent here is no more in the ERP. They are named and
 * fingerprinted, not carried: `Connector.image` reads the bytes of one.
 */
export const productImagesSchema = z.object({
  /** The product's id. */
  id,
  version,
  images: z
    .array(
      z.object({
        /** Names the image's place for as long as the product lives, whatever picture it holds. */
        key: z
          .string()
          .regex(/^[\w:.-]{1,100}$/, "expected a key of letters, digits, colons, dots and hyphens"),
        /** Moves exactly when the bytes do. */
        checksum: z.string().min(1).max(200),
        /** Its place in the ERP's order; the first one stands for the product. */
        rank: z.number().int().min(0),
        /** In bytes, where the ERP says it. */
        size: z.number().int().min(0).nullable().optional(),
        /** Variants that it shows; empty: all of them. */
        variant_ids: z.array(id),
      }),
    )
    .refine(
      (images) => new Set(images.map(({ key }) => key)).size === images.length,
      "names an image twice",
    ),
})

export type ErpCategory = z.infer<typeof categorySchema>
export type ErpPrice = z.infer<typeof priceSchema>
export type ErpOption = z.infer<typeof optionSchema>
export type ErpVariant = z.infer<typeof variantSchema>
export type ErpProduct = z.infer<typeof productSchema>
export type ErpVariantPrices = z.infer<typeof variantPricesSchema>
export type ErpVariantStock = z.infer<typeof variantStockSchema>
export type ErpProductImages = z.infer<typeof productImagesSchema>
export type ErpImage = ErpProductImages["images"][number]

/** The record type of each stream. */
export interface StreamRecords {
  categories: ErpCategory
  products: ErpProduct
  prices: ErpVariantPrices
  stock: ErpVariantStock
  images: ErpProductImages
}
export type StreamRecord = StreamRecords[Stream]

/** A record that did not pass the door: it parks with the field, the value and the reason. */
export interface RejectedRecord {
  id: ErpId
  /** Dotted path in the canonical record, `variants.42.barcode` names the child by its ERP id. */
  field: string
  /** What the ERP sent, shortened to 200 characters. */
  value: string
  reason: string
  remedy: string
  version: string | null
}

export const STREAM_SCHEMAS = {
  categories: categorySchema,
  products: productSchema,
  prices: variantPricesSchema,
  stock: variantStockSchema,
  images: productImagesSchema,
} as const
