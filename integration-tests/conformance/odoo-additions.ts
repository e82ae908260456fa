import type { VariantAddition } from "../../src/connectors/conformance"
import type { VariantCreation } from "../../src/connectors/contract"
import { erpId } from "../../src/sync/ids"
import type { OdooHands } from "./odoo-writing"

const TEMPLATE = "product.template"
const VARIANT = "product.product"
const VALUE = "product.attribute.value"
const OWN = "product.template.attribute.value"

let count = 0
const next = (): string => {
  count += 1
  return `${process.pid}-${count}`
}

/** Variants that products of Odoo lack; every product has one that was taken out of sale. */
export const odooAdditions = (hands: OdooHands, currency: string): VariantAddition[] => [
  {
    name: "a value that is new to the ERP, beside archived variants",
    make: async (key) => {
      const { product, size, sizes, colour, colours } = await matrix(hands, "always")
      await hands.write(VARIANT, await variantOf(hands, product, [sizes[0], colours[0]]), {
        active: false,
      })
      return {
        ...creation(key, product),
        values: [
          { option_id: erpId(size), value_id: erpId(sizes[1]), title: "Large" },
          { option_id: erpId(colour), value_id: null, title: `Green ${next()}` },
        ],
        prices: [{ list: "list", currency, amount: "12" }],
      }
    },
  },
  {
    name: "a value of the dictionary that other products have",
    make: async (key) => {
      const { product, size, sizes, colour } = await matrix(hands, "always")
      await hands.create(VALUE, { name: "Elsewhere", attribute_id: colour })
      return {
        ...creation(key, product),
        values: [
          { option_id: erpId(size), value_id: erpId(sizes[0]), title: "Small" },
          { option_id: erpId(colour), value_id: null, title: "Elsewhere" },
        ],
      }
    },
  },
  {
    name: "a combination that somebody deleted",
    make: async (key) => {
      const { product, size, sizes, colour, colours } = await matrix(hands, "always")
      await hands.unlink(VARIANT, await variantOf(hands, product, [sizes[0], colours[1]]))
      return {
        ...creation(key, product),
        values: [
          { option_id: erpId(size), value_id: erpId(sizes[0]), title: "Small" },
          { option_id: erpId(colour), value_id: erpId(colours[1]), title: "Blue" },
        ],
      }
    },
  },
  {
    name: "values that make variants on demand",
    make: async (key) => {
      const { product, size, sizes, colour, colours } = await matrix(hands, "dynamic")
      const own = await ownValues(hands, product, [sizes[0], colours[0]])
      await hands.create(VARIANT, {
        product_tmpl_id: product,
        product_template_attribute_value_ids: [[6, 0, own]],
      })
      return {
        ...creation(key, product),
        values: [
          { option_id: erpId(size), value_id: erpId(sizes[1]), title: "Large" },
          { option_id: erpId(colour), value_id: null, title: `Green ${next()}` },
        ],
      }
    },
  },
]

const creation = (key: string, product: number): Omit<VariantCreation, "values"> => ({
  key,
  product_id: erpId(product),
  sku: `N-${next()}`,
  barcode: `99${next()}`,
  weight: "1.5",
  weight_unit: "kg",
  prices: [],
})

/** A product of two attributes with two values each. */
const matrix = async (hands: OdooHands, mode: "always" | "dynamic") => {
  const attribute = async (name: string, values: readonly [string, string]) => {
    const id = await hands.create("product.attribute", {
      name: `${name} ${next()}`,
      create_variant: mode,
    })
    const value = (title: string) => hands.create(VALUE, { name: title, attribute_id: id })
    return { id, values: [await value(values[0]), await value(values[1])] as const }
  }
  const size = await attribute("Size", ["Small", "Large"])
  const colour = await attribute("Colour", ["Red", "Blue"])
  const product = await hands.create(TEMPLATE, {
    name: `Extended ${next()}`,
    list_price: 12,
    sale_ok: true,
    attribute_line_ids: [size, colour].map(({ id, values }) => [
      0,
      0,
      { attribute_id: id, value_ids: [[6, 0, [...values]]] },
    ]),
  })
  return { product, size: size.id, sizes: size.values, colour: colour.id, colours: colour.values }
}

/** The product's own records of values of the dictionary. */
const ownValues = async (
  hands: OdooHands,
  product: number,
  values: readonly number[],
): Promise<number[]> => {
  const own: number[] = []
  for (const value of values) {
    own.push(
      ...(await hands.search(OWN, [
        ["product_tmpl_id", "=", product],
        ["product_attribute_value_id", "=", value],
      ])),
    )
  }
  return own
}

const variantOf = async (
  hands: OdooHands,
  product: number,
  values: readonly number[],
): Promise<number> => {
  const own = await ownValues(hands, product, values)
  const [id] = await hands.search(VARIANT, [
    ["product_tmpl_id", "=", product],
    ...own.map((value) => ["product_template_attribute_value_ids", "in", [value]]),
  ])
  if (id === undefined) throw new Error(`Product ${product} has no variant of ${values.join()}.`)
  return id
}
