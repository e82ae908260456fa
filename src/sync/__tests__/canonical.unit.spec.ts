import {
  categorySchema,
  ENTITIES,
  priceSchema,
  productImagesSchema,
  productSchema,
  STREAM_SCHEMAS,
  STREAMS,
  variantStockSchema,
} from "../canonical"
import { contentHash } from "../hash"
import { product, variant } from "./fixtures"

const category = { id: "1", version: null, active: true, parent_id: null, name: "Desks" }
const price = { list: "list", currency: "eur", amount: "12.50", tax_included: null }
const sound = product({ 1: ["10"] }, [variant("a", ["1:10"])])
const stock = { id: "1", product_id: "2", version: null, tracked: true, levels: [] }
const image = { key: "variant:7", checksum: "ab12", rank: 0, size: 70, variant_ids: ["7"] }
const level = { warehouse: "WH", on_hand: "3", available: "-1.5" }

/** The first complaint, as `path: message`; null where the record passes. */
const complaint = (
  schema: { safeParse(value: unknown): ReturnType<typeof productSchema.safeParse> | Parsed },
  value: unknown,
): string | null => {
  const [issue] = schema.safeParse(value).error?.issues ?? []
  return issue ? `${issue.path.join(".")}: ${issue.message}` : null
}
type Parsed = { error?: { issues: { path: PropertyKey[]; message: string }[] } | undefined }

const withVariant = (changes: object) => ({
  ...sound,
  variants: [{ ...sound.variants[0], ...changes }],
})

describe("the door of the canonical model", () => {
  it("knows the streams and entities by name", () => {
    expect(STREAMS).toEqual(["categories", "products", "prices", "stock", "images"])
    expect(ENTITIES).toEqual(["category", "product", "variant", "option", "option_value"])
    expect(Object.keys(STREAM_SCHEMAS).sort()).toEqual([...STREAMS].sort())
  })

  it.each([
    ["categories", category],
    ["products", sound],
    ["prices", { id: "1", product_id: "2", version: "7", prices: [price] }],
    ["stock", { ...stock, levels: [level] }],
    ["images", { id: "2", version: null, images: [image] }],
  ] as const)("lets a sound record of %s through as it is", (stream, record) => {
    expect(STREAM_SCHEMAS[stream].parse(record)).toEqual(record)
  })

  it.each(["0", "-3", "0.001", "123456789012345678.123456789012"])(
    "takes %s for a decimal",
    (amount) => expect(complaint(variantStockSchema, levelOf(amount))).toBeNull(),
  )

  it.each(["", "1e3", "NaN", "1.", ".5", "+1", "1,5", " 1", "1 ", "1234567890123456789", "x1"])(
    "refuses %p as a decimal",
    (amount) =>
      expect(complaint(variantStockSchema, levelOf(amount))).toBe(
        "levels.0.on_hand: expected a plain decimal number",
      ),
  )

  it("refuses more digits after the point than the store keeps", () => {
    expect(complaint(variantStockSchema, levelOf("0.1234567890123"))).toMatch("plain decimal")
  })

  it.each([
    ["a negative amount", { amount: "-1" }, "amount: is negative"],
    ["an upper-case currency", { currency: "EUR" }, "currency: expected a lower-case ISO"],
    ["a longer currency", { currency: "euro" }, "currency: expected a lower-case ISO"],
    ["a currency inside other text", { currency: "xeur" }, "currency: expected a lower-case ISO"],
    ["a price list without a name", { list: "" }, "list: "],
    ["a tier from nothing on", { min_quantity: "0" }, "min_quantity: is not above 0"],
    ["a beginning without a zone", { starts_at: "2026-03-01T00:00:00" }, "starts_at: expected a"],
    ["an end that is no moment", { ends_at: "2026-13-01T00:00:00Z" }, "ends_at: is no moment"],
  ])("refuses %s", (_case, changes, message) => {
    expect(complaint(priceSchema, { ...price, ...changes })).toMatch(message)
  })

  it("lets a tier with its time and its prices' last moment through as they are", () => {
    const tier = {
      ...price,
      min_quantity: "2.5",
      starts_at: "2026-03-01T00:00:00Z",
      ends_at: null,
    }
    const record = {
      id: "1",
      product_id: "2",
      version: null,
      prices: [price, tier],
      valid_until: "2026-06-01T00:00:01.5Z",
    }
    expect(STREAM_SCHEMAS.prices.parse(record)).toEqual(record)
    const carried = withVariant({ prices: [tier], prices_valid_until: record.valid_until })
    expect(complaint(productSchema, carried)).toBeNull()
  })

  it.each([
    ["tier", { prices: [{ ...price, min_quantity: "3" }] }],
    ["beginning", { prices: [{ ...price, starts_at: "2026-03-01T00:00:00Z" }] }],
    ["last moment", { valid_until: "2026-03-01T00:00:00Z" }],
  ])("makes another content of another %s", (_case, changes) => {
    const record = { id: "1", product_id: "2", version: null, prices: [price] }
    expect(contentHash({ ...record, ...changes }, "")).not.toBe(contentHash(record, ""))
  })

  it.each([
    ["an id of nothing", { id: "" }, "id: "],
    ["an id beyond 255 characters", { id: "x".repeat(256) }, "id: "],
    ["a version beyond 200 characters", { version: "x".repeat(201) }, "version: "],
    ["a name of white space", { name: " \t" }, "name: is empty"],
    ["a name that is too long", { name: "x".repeat(1001) }, "name: longer than 1000 characters"],
    ["a NUL", { name: "a\u0000b" }, "name: contains control characters"],
    ["another control character", { name: "a\u001fb" }, "name: contains control characters"],
    ["half a character", { name: "a\ud83d" }, "name: contains half a character"],
  ])("refuses a category with %s", (_case, changes, message) => {
    expect(complaint(categorySchema, { ...category, ...changes })).toMatch(message)
  })

  it("lets line breaks and tabs through", () => {
    expect(complaint(categorySchema, { ...category, name: "a\tb\r\nc 😀" })).toBeNull()
  })

  it.each([
    ["title", { ...sound, title: " " }, "title: is empty"],
    ["longest title", { ...sound, title: "x".repeat(5001) }, "title: longer than 5000 characters"],
    [
      "longest description",
      { ...sound, description: "x".repeat(1_000_001) },
      "description: longer than 1000000 characters",
    ],
    ["sku", withVariant({ sku: "x".repeat(256) }), "variants.0.sku: longer than 255 characters"],
    ["barcode", withVariant({ barcode: "\u0001" }), "variants.0.barcode: contains control"],
    ["weight", withVariant({ weight: { value: "1", unit: "stone" } }), "variants.0.weight.unit: "],
    [
      "option's title",
      { ...sound, options: [{ id: "1", title: "  ", values: [] }] },
      "options.0.title: is empty",
    ],
    [
      "value's title",
      { ...sound, options: [{ id: "1", title: "A", values: [{ id: "2", title: " " }] }] },
      "options.0.values.0.title: is empty",
    ],
  ])("refuses a product by its %s", (_field, record, message) => {
    expect(complaint(productSchema, record)).toMatch(message)
  })

  it.each(["g", "kg", "lb", "oz"])("weighs in %s", (unit) => {
    expect(complaint(productSchema, withVariant({ weight: { value: "1", unit } }))).toBeNull()
  })

  it.each([
    ["no warehouse", { warehouse: "" }, "levels.0.warehouse: "],
    ["a figure that is none", { available: "many" }, "levels.0.available: expected a plain"],
  ])("refuses a stock level of %s", (_case, changes, message) => {
    expect(complaint(variantStockSchema, { ...stock, levels: [{ ...level, ...changes }] })).toMatch(
      message,
    )
  })

  it.each([
    ["a key with a slash", { key: "a/b" }, "images.0.key: "],
    ["no checksum", { checksum: "" }, "images.0.checksum: "],
    ["a place before the first", { rank: -1 }, "images.0.rank: "],
  ])("refuses an image of %s", (_case, changes, message) => {
    expect(complaint(productImagesSchema, imagesOf({ ...image, ...changes }))).toMatch(message)
  })

  it("refuses a product that names an image twice", () => {
    expect(complaint(productImagesSchema, imagesOf(image, image))).toMatch("names an image twice")
  })
})

const imagesOf = (...images: object[]) => ({ id: "2", version: null, images })

const levelOf = (on_hand: string) => ({ ...stock, levels: [{ ...level, on_hand }] })
