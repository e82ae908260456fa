import { CreatedVariant, Creation } from "../../../src/connectors/contract"
import { Dialect } from "./dialects"
import { productChange, variantChange } from "./erp-fields"
import { ErpTransaction, ErpVariantRow, Made } from "./erp-world"

export type NewVariant = ErpVariantRow

/** Makes a product with its attributes, variants and empty stock, all in one transaction. */
export const newProduct = (tx: ErpTransaction, dialect: Dialect, creation: Creation): Made => {
  const chosen = choicesOf(creation).map((option) => attributeOf(tx, option))
  const product = tx.create("products", {
    active: true,
    title: "",
    description: null,
    categories: creation.category_ids.map(Number).sort((a, b) => a - b),
    tracked: creation.variants.some((variant) => variant.tracked),
    lines: chosen.map(({ attribute, values }) => ({ attribute, values: [...values.values()] })),
  })
  for (const field of ["title", "description"] as const) {
    tx.update("products", product, productChange(tx, dialect, product, field, creation[field]))
  }
  const variants = creation.variants.map((variant) => {
    const values = chosen.flatMap(({ title, values: held }) => {
      const value = held.get(plain(variant.options[title] ?? ""))
      return value === undefined ? [] : [value]
    })
    return [variant.key, { id: newVariant(tx, dialect, product, variant, values), values }] as const
  })
  return { creation, product, variants: new Map(variants) }
}

/** Options that tell variants apart. */
const choicesOf = ({ options }: Creation): Creation["options"] =>
  options.filter(({ values }) => values.length > 1)

const plain = (name: string): string => name.trim().toLowerCase()

/** Attributes and values belong to all products: one of the same name is taken. */
const attributeOf = (tx: ErpTransaction, { title, values }: Creation["options"][number]) => {
  const known = tx.all("attributes").find(({ name }) => plain(name) === plain(title))
  const attribute = known?.id ?? tx.create("attributes", { name: title })
  const held = tx.all("values").filter((value) => value.attribute === attribute)
  const ids = values.map((name) => {
    const found = held.find((value) => plain(value.name) === plain(name))
    return [plain(name), found?.id ?? tx.create("values", { attribute, name })] as const
  })
  return { title, attribute, values: new Map(ids) }
}

const newVariant = (
  tx: ErpTransaction,
  dialect: Dialect,
  product: number,
  { sku, barcode, weight, prices }: CreatedVariant,
  values: number[],
): number => {
  const draft = { active: true, sku: null, barcode: null, weight: null, price: "0" }
  const id = tx.create("variants", { ...draft, product, values })
  const price = prices[0]?.amount ?? null
  for (const [field, value] of Object.entries({ sku, barcode, weight, price })) {
    tx.update("variants", id, variantChange(dialect, field, value))
  }
  tx.put("quants", id, { quantity: 0, reserved: 0 })
  return id
}
