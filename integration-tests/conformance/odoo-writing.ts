import type { WritableField, WriteTarget, WritingSubject } from "../../src/connectors/conformance"
import type { Creation } from "../../src/connectors/contract"
import { erpId } from "../../src/sync/ids"
import type { FieldName, FieldValue, Values } from "../../src/sync/values"
import { odooAdditions } from "./odoo-additions"

type Val = string | number | boolean | readonly Val[] | { readonly [field: string]: Val }
type Vals = { readonly [field: string]: Val }

/** The merchant's hands and eyes, by whatever way is not the connector's. */
export interface OdooHands {
  create(model: string, vals: Vals): Promise<number>
  write(model: string, id: number, vals: Vals): Promise<void>
  unlink(model: string, id: number): Promise<void>
  search(model: string, domain: unknown[]): Promise<number[]>
  /** Counts something at a place, and applies the count. */
  setStock(variant: number, location: number, quantity: number): Promise<void>
  /** Moves with every write of a record. */
  stamp(model: string, id: number): Promise<string>
  /** Vals of goods that Odoo keeps stock of. */
  storable: Vals
}

const CATEGORY = "product.category"
const TEMPLATE = "product.template"
const VARIANT = "product.product"

let count = 0
const next = (): string => {
  count += 1
  return `${process.pid}-${count}`
}

/** What the write cases need of an Odoo, real or simulated; every case gets records of its own. */
export const odooWriting = (hands: OdooHands, currency: string): WritingSubject => ({
  fields: fieldsOf(hands, currency),
  edit: (target, values) => edit(hands, target, values),
  touch: (target) => touch(hands, target),
  stamp: (target) => stamp(hands, target),
  remove: (target) => remove(hands, target),
  refused: {
    field: "barcode",
    make: async () => {
      const taken = `taken-${next()}`
      await hands.create(TEMPLATE, { name: "Holds it", barcode: taken })
      return variantTarget(hands, [{ barcode: taken, sku: `S-${next()}` }, {}])
    },
  },
  creations: ([single, matrix]) => [
    singleCreation(single, currency),
    matrixCreation(matrix, currency),
  ],
  additions: odooAdditions(hands, currency),
})

const fieldsOf = (hands: OdooHands, currency: string): WritableField[] => {
  const field = (
    entity: WritableField["entity"],
    family: FieldName,
    make: WritableField["make"],
  ): WritableField => ({ entity, family, make })
  const price = `price:list:${currency}`
  return [
    field("category", "name", () =>
      categoryTarget(hands, [{ name: `Named ${next()}` }, { name: `Renamed ${next()}` }]),
    ),
    field("category", "parent", async () => {
      const parent = await hands.create(CATEGORY, { name: "Above" })
      const other = await hands.create(CATEGORY, { name: "Elsewhere" })
      return categoryTarget(hands, [{ parent: String(parent) }, { parent: String(other) }])
    }),
    field("product", "title", () =>
      productTarget(hands, [{ title: `Titled ${next()}` }, { title: `Retitled ${next()}` }]),
    ),
    field("product", "description", () =>
      productTarget(hands, [{ description: "Two\nlines" }, { description: null }]),
    ),
    field("product", "category", async () => {
      const [from, to] = [
        await hands.create(CATEGORY, { name: "From" }),
        await hands.create(CATEGORY, { name: "To" }),
      ]
      const moved = { [`category:${from}`]: null, [`category:${to}`]: true }
      const back = { [`category:${from}`]: true, [`category:${to}`]: null }
      return productTarget(hands, [moved, back], { categ_id: from })
    }),
    field("product", "active", () => productTarget(hands, [{ active: false }, { active: true }])),
    field("variant", "sku", () =>
      variantTarget(hands, [{ sku: `S-${next()}` }, { sku: `T-${next()}` }]),
    ),
    field("variant", "barcode", () =>
      variantTarget(hands, [{ barcode: `B-${next()}` }, { barcode: `C-${next()}` }]),
    ),
    field("variant", "weight", () => variantTarget(hands, [{ weight: "1.5" }, { weight: "2.25" }])),
    field("variant", "price", () =>
      variantTarget(hands, [{ [price]: "12.5" }, { [price]: "13.25" }]),
    ),
    field("variant", "active", () => variantTarget(hands, [{ active: false }, { active: true }])),
    field("stock", "on_hand", () => stockTarget(hands)),
  ]
}

const categoryTarget = async (
  hands: OdooHands,
  patches: readonly [Values, Values],
): Promise<WriteTarget> => {
  const id = await hands.create(CATEGORY, { name: `Category ${next()}` })
  return { entity: "category", id: erpId(id), product_id: null, weight_unit: "kg", patches }
}

const createTemplate = (hands: OdooHands, vals: Vals = {}): Promise<number> =>
  hands.create(TEMPLATE, { name: `Product ${next()}`, list_price: 3, sale_ok: true, ...vals })

const productTarget = async (
  hands: OdooHands,
  patches: readonly [Values, Values],
  vals: Vals = {},
): Promise<WriteTarget> => {
  const id = await createTemplate(hands, vals)
  return { entity: "product", id: erpId(id), product_id: null, weight_unit: "kg", patches }
}

const variantTarget = async (
  hands: OdooHands,
  patches: readonly [Values, Values],
  vals: Vals = {},
): Promise<WriteTarget> => {
  const template = await createTemplate(hands, vals)
  const [id = 0] = await hands.search(VARIANT, [["product_tmpl_id", "=", template]])
  return {
    entity: "variant",
    id: erpId(id),
    product_id: erpId(template),
    weight_unit: "kg",
    patches,
  }
}

const stockTarget = async (hands: OdooHands): Promise<WriteTarget> => {
  const patches = [{ "on_hand:WH": "5" }, { "on_hand:WH": "7" }] as const
  const target = await variantTarget(hands, [...patches], hands.storable)
  return { ...target, entity: "stock" }
}

const mainStock = async (hands: OdooHands): Promise<number> => {
  const [id] = await hands.search("stock.location", [
    ["usage", "=", "internal"],
    ["warehouse_id.code", "=", "WH"],
  ])
  if (id === undefined) throw new Error("Warehouse WH has no stock location.")
  return id
}

const edit = async (
  hands: OdooHands,
  { entity, id }: WriteTarget,
  values: Values,
): Promise<void> => {
  for (const [field, value] of Object.entries(values)) {
    if (entity === "stock") {
      await hands.setStock(Number(id), await mainStock(hands), Number(value))
    } else {
      await hands.write(modelOf(entity), Number(id), odooVals(field, value))
    }
  }
}

const odooVals = (field: FieldName, value: FieldValue): Vals => {
  const [family = "", key] = field.split(":")
  switch (family) {
    case "parent":
      return { parent_id: Number(value) }
    case "category":
      return value === true ? { categ_id: Number(key) } : {}
    case "price":
      return { list_price: Number(value) }
    case "weight":
      return { weight: Number(value) }
    default:
      return { [NAMES[family] ?? family]: value ?? false }
  }
}

const NAMES: Readonly<Record<string, string>> = {
  title: "name",
  description: "description_sale",
  sku: "default_code",
}

const modelOf = (entity: WriteTarget["entity"]): string =>
  ({ category: CATEGORY, product: TEMPLATE, variant: VARIANT, stock: VARIANT })[entity]

const touch = (hands: OdooHands, { entity, id, product_id }: WriteTarget): Promise<void> =>
  entity === "category"
    ? hands.write(CATEGORY, Number(id), {})
    : hands.write(TEMPLATE, Number(product_id ?? id), { description_purchase: `By ${next()}` })

const stamp = async (hands: OdooHands, { entity, id }: WriteTarget): Promise<string> => {
  if (entity !== "stock") return hands.stamp(modelOf(entity), Number(id))
  const quants = await hands.search("stock.quant", [["product_id", "=", Number(id)]])
  const moves = await hands.search("stock.move.line", [["product_id", "=", Number(id)]])
  const stamps = await Promise.all(quants.map((quant) => hands.stamp("stock.quant", quant)))
  return [moves.length, ...stamps].join(" ")
}

const remove = async (
  hands: OdooHands,
  { entity, id, product_id: product }: WriteTarget,
): Promise<void> =>
  entity === "category"
    ? hands.unlink(CATEGORY, Number(id))
    : hands.unlink(TEMPLATE, Number(product ?? id))

const priced = (currency: string, amount: string) => [{ list: "list", currency, amount }]

const singleCreation = (key: string, currency: string): Creation => ({
  key,
  title: `Created ${next()}`,
  description: "With all that it has",
  category_ids: [],
  options: [],
  weight_unit: "g",
  variants: [
    {
      key: `${key}_v`,
      options: {},
      sku: `SKU-${next()}`,
      barcode: `77${next()}`,
      weight: "1500",
      tracked: true,
      prices: priced(currency, "9.99"),
    },
  ],
})

const matrixCreation = (key: string, currency: string): Creation => {
  const sizes = ["Small", "Large"]
  const colours = ["red", "Green", "blue"]
  const size = `Size ${next()}`
  return {
    key,
    title: `Matrix ${next()}`,
    description: null,
    category_ids: [],
    options: [
      { title: size, values: sizes },
      { title: "COLOR", values: colours },
      { title: "Material", values: ["Wood"] },
    ],
    weight_unit: "kg",
    variants: sizes.flatMap((chosen) =>
      colours.map((colour, at) => ({
        key: `${key}_${chosen}_${colour}`,
        options: { [size]: chosen, COLOR: colour, Material: "Wood" },
        sku: `M-${next()}`,
        barcode: `88${next()}`,
        weight: String(at + 0.5),
        tracked: false,
        prices: priced(currency, "20"),
      })),
    ),
  }
}
