import { Change } from "../../../src/connectors/contract"
import { Random } from "../random"
import { Dialect } from "./dialects"
import { remakeVariants, renumberVariants } from "./erp-variants"
import { ErpTransaction, ErpVariantRow, ErpWorld } from "./erp-world"

export interface Editor {
  random: Random
  dialect: Dialect
  /** Which record both sides like to edit, by its place. */
  hot: number
  /** A value that nobody used before. */
  fresh(stem: string): string
}

/** One of the rows; now and then the one that the other side likes to edit as well. */
export const pickRow = <T>({ random, hot }: Editor, rows: readonly T[]): T | undefined =>
  rows.length > 0 && random.chance(0.35) ? rows[hot % rows.length] : random.pick(rows)

type Edit = (tx: ErpTransaction, editor: Editor) => void

const MANY: readonly (readonly [string, number, Edit])[] = [
  ["title", 8, (tx, on) => editProduct(tx, on, { title: on.fresh("Title") })],
  ["description", 5, (tx, on) => editProduct(tx, on, { description: description(on) })],
  ["categories", 6, (tx, on) => editProduct(tx, on, { categories: someCategories(tx, on) })],
  ["archive or back", 5, (tx, on) => toggle(tx, on, "products")],
  ["delete product", 1, (tx, on) => deleteProduct(tx, on)],
  ["create product", 4, (tx, on) => createProduct(tx, on)],
  ["bad title", 2, (tx, on) => editProduct(tx, on, { title: " " })],
  ["tracked", 2, (tx, on) => flipTracked(tx, on)],
  ["lines", 7, (tx, on) => editLines(tx, on)],
  ["renumber", 4, (tx, on) => renumberVariants(tx, on.random.pick(tx.all("products"))?.id ?? 0)],
  ["value name", 3, (tx, on) => rename(tx, on, "values")],
  ["attribute name", 2, (tx, on) => rename(tx, on, "attributes")],
  ["sku", 4, (tx, on) => editVariant(tx, on, { sku: on.fresh("SKU") })],
  ["swap skus", 2, (tx, on) => swapSkus(tx, on)],
  ["duplicate sku", 2, (tx, on) => editVariant(tx, on, { sku: someSku(tx, on) })],
  ["barcode", 3, (tx, on) => editVariant(tx, on, { barcode: on.fresh("EAN") })],
  ["bad barcode", 1, (tx, on) => editVariant(tx, on, { barcode: "4006\u0001381" })],
  ["weight", 3, (tx, on) => editVariant(tx, on, { weight: String(on.random.between(0, 9)) })],
  ["price", 6, (tx, on) => editVariant(tx, on, { price: price(on) })],
  ["variant active", 3, (tx, on) => toggle(tx, on, "variants")],
  ["stock", 9, (tx, on) => editStock(tx, on)],
  ["category name", 3, (tx, on) => rename(tx, on, "categories")],
  ["category move", 4, (tx, on) => moveCategory(tx, on)],
  ["category active", 2, (tx, on) => toggle(tx, on, "categories")],
  ["create category", 3, (tx, on) => void createCategory(tx, on)],
  ["delete category", 1, (tx, on) => deleteCategory(tx, on)],
  ["touch", 3, (tx, on) => editProduct(tx, on, {})],
]

/** An ERP that pushes files marks what it gives up; it neither deletes nor renumbers. */
const ONLY_ROWS: readonly string[] = ["delete product", "delete category", "renumber"]

/** One edit of the ERP's users, by weight. Returns its name, null when it changed nothing. */
export const editErp = (world: ErpWorld, editor: Editor): string | null => {
  const many = editor.dialect.file_push ? MANY.filter(([name]) => !ONLY_ROWS.includes(name)) : MANY
  const edit = editor.random.weighted(many.map((entry) => [entry, entry[1]] as const))
  const late = editor.random.chance(editor.dialect.late_share)
    ? editor.random.between(1_000, 600_000)
    : 0
  if (!edit) {
    return null
  }
  const [name, , work] = edit
  return world.transaction((tx) => work(tx, editor), late) ? name : null
}

/** An edit of the very field that is about to be written by the plugin. */
export const meddleWith = (world: ErpWorld, editor: Editor, change: Change): string | null => {
  const id = Number(change.id)
  const edits: Record<string, (tx: ErpTransaction) => void> = {
    title: (tx) => tx.update("products", id, { title: editor.fresh("Title") }),
    description: (tx) => tx.update("products", id, { description: editor.fresh("Text") }),
    sku: (tx) => tx.update("variants", id, { sku: editor.fresh("SKU") }),
    barcode: (tx) => tx.update("variants", id, { barcode: editor.fresh("EAN") }),
    name: (tx) => tx.update("categories", id, { name: editor.fresh("Category") }),
  }
  const field = Object.keys(change.patch).find((name) => edits[name])
  const edit = field && edits[field]
  return edit && world.transaction(edit) ? `${field} in between` : null
}

/** A first catalog: a tree of categories and products with and without options. */
export const seedErp = (world: ErpWorld, editor: Editor, products: number): void => {
  world.transaction((tx) => {
    for (let i = 0; i < 4; i += 1) {
      createCategory(tx, editor)
    }
    for (let i = 0; i < 2; i += 1) {
      const attribute = tx.create("attributes", { name: editor.fresh("Attribute") })
      for (let j = 0; j < 3; j += 1) {
        tx.create("values", { attribute, name: editor.fresh("Value") })
      }
    }
    for (let i = 0; i < products; i += 1) {
      createProduct(tx, editor)
    }
  })
}

const description = ({ random, fresh }: Editor): string | null =>
  random.chance(0.2) ? null : fresh("Text")

const price = ({ random }: Editor): string =>
  `${random.between(1, 900)}.${random.between(0, 999).toString().padStart(3, "0")}`

const someCategories = (tx: ErpTransaction, { random, dialect }: Editor): number[] => {
  const some = tx
    .all("categories")
    .flatMap((category) => (random.chance(0.35) ? [category.id] : []))
  return dialect.single_category ? some.slice(0, 1) : some
}

const editProduct = (
  tx: ErpTransaction,
  editor: Editor,
  change: Parameters<typeof tx.update<"products">>[2],
): void => {
  const product = pickRow(editor, tx.all("products"))
  if (product) {
    tx.update("products", product.id, change)
  }
}

const editVariant = (tx: ErpTransaction, editor: Editor, change: Partial<ErpVariantRow>): void => {
  const variant = pickRow(editor, tx.all("variants"))
  if (variant) {
    tx.update("variants", variant.id, change)
  }
}

const someSku = (tx: ErpTransaction, { random }: Editor): string | null =>
  random.pick(tx.all("variants"))?.sku ?? null

const swapSkus = (tx: ErpTransaction, { random }: Editor): void => {
  const [a, b] = [random.pick(tx.all("variants")), random.pick(tx.all("variants"))]
  if (a && b && a !== b) {
    tx.update("variants", a.id, { sku: b.sku })
    tx.update("variants", b.id, { sku: a.sku })
  }
}

const toggle = (
  tx: ErpTransaction,
  { random }: Editor,
  table: "products" | "variants" | "categories",
): void => {
  const row = random.pick(tx.all(table))
  if (row) {
    tx.update(table, row.id, { active: !row.active })
  }
}

const rename = (
  tx: ErpTransaction,
  { random, fresh }: Editor,
  table: "values" | "attributes" | "categories",
): void => {
  const row = random.pick(tx.all(table))
  // Now and then a name that another one has already.
  const other = random.chance(0.15) ? random.pick(tx.all(table))?.name : undefined
  if (row) {
    tx.update(table, row.id, { name: other ?? fresh(table) })
  }
}

const createProduct = (tx: ErpTransaction, editor: Editor): void => {
  const { random, fresh } = editor
  const attributes = tx.all("attributes").filter(() => random.chance(0.4))
  const id = tx.create("products", {
    active: random.chance(0.9),
    title: fresh("Title"),
    description: description(editor),
    categories: someCategories(tx, editor),
    tracked: random.chance(0.85),
    lines: attributes.map((attribute) => ({
      attribute: attribute.id,
      values: valuesOf(tx, attribute.id).slice(0, random.between(1, 2)),
    })),
  })
  remakeVariants(tx, id, draftOf(editor, id))
  for (const variant of tx.all("variants").filter((row) => row.product === id)) {
    tx.put("quants", variant.id, { quantity: random.between(0, 12), reserved: 0 })
  }
}

const valuesOf = (tx: ErpTransaction, attribute: number): number[] =>
  tx
    .all("values")
    .filter((value) => value.attribute === attribute)
    .map((value) => value.id)

const draftOf =
  (editor: Editor, product: number) =>
  (values: number[]): Omit<ErpVariantRow, "id" | "stamp" | "rev"> => ({
    product,
    values,
    active: true,
    sku: editor.random.chance(0.9) ? editor.fresh("SKU") : null,
    barcode: editor.random.chance(0.4) ? editor.fresh("EAN") : null,
    weight: editor.random.chance(0.5) ? String(editor.random.between(1, 9)) : null,
    price: price(editor),
  })

/** Adds or removes a value or a whole attribute; the variants follow. */
const editLines = (tx: ErpTransaction, editor: Editor): void => {
  const { random } = editor
  const product = random.pick(tx.all("products"))
  const attribute = random.pick(tx.all("attributes"))
  if (!product || !attribute) {
    return
  }
  const line = product.lines.find((entry) => entry.attribute === attribute.id)
  const others = product.lines.filter((entry) => entry !== line)
  const all = valuesOf(tx, attribute.id)
  const values = all.filter((value) => random.chance(line?.values.includes(value) ? 0.8 : 0.5))
  const lines = values.length > 0 ? [...others, { attribute: attribute.id, values }] : others
  lines.sort((a, b) => a.attribute - b.attribute)
  tx.update("products", product.id, { lines })
  remakeVariants(tx, product.id, draftOf(editor, product.id))
}

const flipTracked = (tx: ErpTransaction, { random }: Editor): void => {
  const product = random.pick(tx.all("products"))
  if (product) {
    tx.update("products", product.id, { tracked: !product.tracked })
  }
}

const editStock = (tx: ErpTransaction, { random }: Editor): void => {
  const quant = random.pick(tx.all("quants"))
  if (quant) {
    tx.update("quants", quant.id, { quantity: quant.reserved + random.between(0, 12) })
  }
}

const createCategory = (tx: ErpTransaction, { random, fresh }: Editor): number => {
  const parent = random.chance(0.5) ? (random.pick(tx.all("categories"))?.id ?? null) : null
  return tx.create("categories", { active: true, name: fresh("Category"), parent })
}

const moveCategory = (tx: ErpTransaction, { random }: Editor): void => {
  const row = random.pick(tx.all("categories"))
  const parent = random.chance(0.3) ? null : (random.pick(tx.all("categories"))?.id ?? null)
  const above: number[] = []
  for (let at = parent; at !== null; at = tx.get("categories", at)?.parent ?? null) {
    above.push(at)
  }
  if (row && !above.includes(row.id)) {
    tx.update("categories", row.id, { parent })
  }
}

const deleteCategory = (tx: ErpTransaction, { random }: Editor): void => {
  const row = random.pick(tx.all("categories"))
  const used =
    tx.all("categories").some((entry) => entry.parent === row?.id) ||
    tx.all("products").some((entry) => row && entry.categories.includes(row.id))
  if (row && !used) {
    tx.remove("categories", row.id)
  }
}

const deleteProduct = (tx: ErpTransaction, { random }: Editor): void => {
  const product = random.pick(tx.all("products"))
  if (product) {
    for (const variant of tx.all("variants").filter((row) => row.product === product.id)) {
      tx.remove("variants", variant.id)
      tx.remove("quants", variant.id)
    }
    tx.remove("products", product.id)
  }
}
