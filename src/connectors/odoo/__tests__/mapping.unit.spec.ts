import { mapCategory } from "../map-category"
import { mapPrices } from "../map-prices"
import { mapProduct, ProductFacts } from "../map-product"
import { mapStock } from "../map-stock"
import type { Row } from "../rows"

const fields = (digits: number | null) =>
  new Map([
    ["lst_price", { type: "float", digits }],
    ["weight", { type: "float", digits: 2 }],
  ])
const facts: ProductFacts = { template: new Map(), variant: fields(null), currency: "usd" }

const pair = (attribute: number, value: number) => ({
  id: attribute * 1000 + value,
  attribute_id: attribute,
  product_attribute_value_id: value,
})

const variant = (id: number, changes: object = {}): Row => ({
  id,
  default_code: false,
  barcode: false,
  weight: 0,
  lst_price: 10,
  active: true,
  write_date: "2026-11-23 03:00:00",
  product_template_attribute_value_ids: [],
  ...changes,
})

const line = (attribute: object, values: [number, string][], changes: object = {}) => ({
  id: 1,
  active: true,
  attribute_id: { id: 3, name: "Color", create_variant: "always", ...attribute },
  value_ids: values.map(([id, name]) => ({ id, name })),
  ...changes,
})

const template = (changes: object = {}): Row => ({
  id: 9,
  name: "Desk",
  active: true,
  write_date: "2026-11-23 02:00:00",
  description_sale: false,
  categ_id: 5,
  type: "consu",
  is_storable: true,
  weight_uom_name: "kg",
  currency_id: { id: 1, name: "EUR" },
  taxes_id: [],
  attribute_line_ids: [],
  product_variant_ids: [variant(42)],
  ...changes,
})

const product = (changes: object = {}, given = facts) => mapProduct(template(changes), given)

describe("a product", () => {
  it("becomes canonical, empty fields null", () => {
    expect(product()).toEqual({
      rejected: null,
      record: {
        id: "9",
        version: "2026-11-23 03:00:00",
        active: true,
        title: "Desk",
        description: null,
        category_ids: ["5"],
        options: [],
        variants: [
          {
            id: "42",
            version: "2026-11-23 03:00:00",
            active: true,
            sku: null,
            barcode: null,
            option_values: [],
            weight: null,
            tracked: true,
            prices: [{ list: "list", currency: "eur", amount: "10", tax_included: null }],
          },
        ],
      },
    })
  })

  it("keeps codes to the letter", () => {
    const { record } = product({
      product_variant_ids: [variant(42, { default_code: " A-1 ", barcode: "0012" })],
    })
    expect(record?.variants[0]).toMatchObject({ sku: " A-1 ", barcode: "0012" })
  })

  it("may have no variants, no category and no stock", () => {
    const made = { product_variant_ids: [], categ_id: false, type: "service", is_storable: false }
    expect(product(made).record).toMatchObject({ variants: [], category_ids: [] })
  })

  it.each([
    ["product", undefined, true],
    ["consu", undefined, false],
    ["consu", true, true],
    ["consu", false, false],
    ["service", false, false],
    ["combo", false, false],
  ])("of type %p, storable %p, is tracked: %p", (type, is_storable, tracked) => {
    expect(product({ type, is_storable }).record?.variants[0]?.tracked).toBe(tracked)
  })

  it("lists its variants by id, whatever order Odoo has", () => {
    const { record } = product({ product_variant_ids: [variant(50), variant(42)] })
    expect(record?.variants.map(({ id }) => id)).toEqual(["42", "50"])
  })

  it.each([
    [1.5, "kg", { value: "1.5", unit: "kg" }],
    [0.30000000000000004, "lb", { value: "0.3", unit: "lb" }],
    [2, "lbs", { value: "2", unit: "lb" }],
    [2, "кг", { value: "2", unit: "kg" }],
    [0, "kg", null],
  ])("weighs %p %s as %p", (weight, weight_uom_name, expected) => {
    const made = { weight_uom_name, product_variant_ids: [variant(42, { weight })] }
    expect(product(made).record?.variants[0]?.weight).toEqual(expected)
  })

  it.each([
    [[], null],
    [[{ id: 1, price_include: false }], false],
    [[{ id: 1, price_include: true }], true],
    [
      [
        { id: 1, price_include: true },
        { id: 2, price_include: false },
      ],
      null,
    ],
  ])("with taxes %p says of its price that they are included: %p", (taxes_id, expected) => {
    expect(product({ taxes_id }).record?.variants[0]?.prices?.[0]?.tax_included).toBe(expected)
  })

  it("rounds prices to the field's digits where it has some", () => {
    const made = { product_variant_ids: [variant(42, { lst_price: 44.99100000000001 })] }
    const amount = (digits: number | null) =>
      product(made, { ...facts, variant: fields(digits) }).record?.variants[0]?.prices?.[0]?.amount
    expect(amount(null)).toBe("44.991")
    expect(amount(2)).toBe("44.99")
  })
})

describe("options", () => {
  const colours: [number, string][] = [
    [50, "White"],
    [51, "Black"],
  ]
  const coloured = (id: number, value: number, changes: object = {}) =>
    variant(id, { product_template_attribute_value_ids: [pair(3, value)], ...changes })

  it("go by the dictionary's ids, so that lines made anew keep them", () => {
    const { record } = product({
      attribute_line_ids: [line({}, colours)],
      product_variant_ids: [coloured(42, 50), coloured(43, 51)],
    })
    expect(record?.options).toEqual([
      {
        id: "3",
        title: "Color",
        values: [
          { id: "50", title: "White" },
          { id: "51", title: "Black" },
        ],
      },
    ])
    expect(record?.variants[0]?.option_values).toEqual([{ option_id: "3", value_id: "50" }])
  })

  it("keep values of the same name apart", () => {
    const { record } = product({
      attribute_line_ids: [
        line({}, [
          [50, "Red"],
          [51, "Red"],
        ]),
      ],
      product_variant_ids: [coloured(42, 50), coloured(43, 51)],
    })
    expect(record?.options[0]?.values.map(({ id }) => id)).toEqual(["50", "51"])
  })

  it("are not what makes no variants, nor a single value, nor an archived line", () => {
    const { record } = product({
      attribute_line_ids: [
        line({ id: 7, create_variant: "no_variant" }, colours),
        line({ id: 8 }, [[60, "Oak"]]),
        line({}, colours, { active: false }),
      ],
    })
    expect(record?.options).toEqual([])
  })

  it("with a choice stand though no variant was made yet", () => {
    const { record } = product({
      attribute_line_ids: [
        line({ create_variant: "dynamic" }, colours),
        line({ id: 8 }, [[60, "O"]]),
      ],
      product_variant_ids: [],
    })
    expect(record?.options.map(({ id }) => id)).toEqual(["3"])
  })

  it("leave out an archived variant of a value since removed, and keep one that fits", () => {
    const archived = { active: false }
    const { record } = product({
      attribute_line_ids: [line({}, colours)],
      product_variant_ids: [
        coloured(42, 50),
        coloured(43, 51, archived),
        coloured(44, 59, archived),
      ],
    })
    expect(record?.variants.map(({ id, active }) => [id, active])).toEqual([
      ["42", true],
      ["43", false],
    ])
  })

  it("of an archived product are those of its archived variants", () => {
    const { record } = product({
      active: false,
      attribute_line_ids: [line({}, colours)],
      product_variant_ids: [coloured(42, 50, { active: false })],
    })
    expect(record?.options).toHaveLength(1)
    expect(record?.variants).toHaveLength(1)
  })
})

describe("odd records", () => {
  it.each([
    ["a number for a name", { name: 5 }, "title"],
    ["no name", { name: false }, "title"],
    ["lines that are none", { attribute_line_ids: false }, "options"],
    ["variants as bare ids", { product_variant_ids: [42] }, "variants"],
    [
      "true for a barcode",
      { product_variant_ids: [variant(42, { barcode: true })] },
      "variants.42.barcode",
    ],
    [
      "NaN for a weight",
      { product_variant_ids: [variant(42, { weight: "NaN" })] },
      "variants.42.weight.value",
    ],
    ["ten megabytes of description", { description_sale: "x".repeat(1e7) }, "description"],
  ])("with %s are rejected by name", (_name, changes, field) => {
    const { record, rejected } = product(changes)
    expect(record).toBeNull()
    expect(rejected).toMatchObject({ id: "9", field })
    expect(rejected?.remedy).toContain("(id 9) in Odoo")
  })

  it.each([
    ["negative", -5],
    ["NaN", "NaN"],
    ["text", "abc"],
    ["enormous", 1e21],
  ])("with a %s price keep everything else", (_name, lst_price) => {
    const { record, rejected } = product({
      product_variant_ids: [variant(42, { lst_price }), variant(43)],
    })
    expect(record?.variants[0]?.prices).toBeUndefined()
    expect(record?.variants[1]?.prices).toHaveLength(1)
    expect(rejected).toMatchObject({ id: "9", field: "variants.42.prices.list.amount" })
  })
})

it("maps prices of a variant", () => {
  const row = { ...variant(42, { lst_price: 0.1 + 0.2 }), product_tmpl_id: 9, taxes_id: [] }
  expect(mapPrices(row, facts).record).toEqual({
    id: "42",
    product_id: "9",
    version: null,
    prices: [{ list: "list", currency: "usd", amount: "0.3", tax_included: null }],
  })
})

it("maps a category", () => {
  const row = { id: 4, name: "Desks", parent_id: 1, write_date: "2026-11-23 03:00:00" }
  expect(mapCategory(row).record).toEqual({
    id: "4",
    version: "2026-11-23 03:00:00",
    active: true,
    parent_id: "1",
    name: "Desks",
  })
  expect(mapCategory({ ...row, parent_id: false }).record?.parent_id).toBeNull()
  expect(mapCategory({ ...row, name: "" }).rejected?.field).toBe("name")
})

describe("stock", () => {
  const warehouses = {
    codes: ["WH", "CHI"],
    locations: new Map([
      [5, "WH"],
      [8, "WH"],
      [27, "CHI"],
    ]),
    main: new Map([
      ["WH", 5],
      ["CHI", 27],
    ]),
  }
  const quant = (location_id: number, quantity: unknown, reserved_quantity: unknown = 0) => ({
    id: location_id,
    location_id,
    quantity,
    reserved_quantity,
  })
  const stock = (quants: unknown, changes: object = {}) =>
    mapStock(
      {
        id: 42,
        type: "consu",
        is_storable: true,
        product_tmpl_id: 9,
        uom_id: { id: 1, rounding: 0.01 },
        stock_quant_ids: quants,
        ...changes,
      },
      warehouses,
    )

  it("is summed per warehouse over its internal locations alone", () => {
    const { record } = stock([quant(5, 0.1, 0.1), quant(8, 0.2), quant(2, -99), quant(27, 7, 2)])
    expect(record?.levels).toEqual([
      { warehouse: "WH", on_hand: "0.3", available: "0.2" },
      { warehouse: "CHI", on_hand: "7", available: "5" },
    ])
  })

  it("is zero in every warehouse when no quant is left", () => {
    expect(stock([]).record?.levels).toEqual([
      { warehouse: "WH", on_hand: "0", available: "0" },
      { warehouse: "CHI", on_hand: "0", available: "0" },
    ])
  })

  it("may be negative", () => {
    expect(stock([quant(5, -3, 1)]).record?.levels[0]).toMatchObject({
      on_hand: "-3",
      available: "-4",
    })
  })

  it("is not kept of untracked goods", () => {
    expect(stock([], { is_storable: false }).record).toMatchObject({ tracked: false, levels: [] })
  })

  it("that is not a number is rejected", () => {
    expect(stock([quant(5, "NaN")]).rejected).toMatchObject({ id: "42", field: "levels" })
  })
})
