import { MedusaId, medusaId } from "../../../src/sync/ids"
import { MedusaOption } from "../../../src/sync/snapshot"
import { View } from "../store/memory-database"
import { VariantRow } from "../store/rows"
import { Editor } from "./erp-edits"
import { barcode, description, title } from "./merchant-texts"
import type { Touched } from "./merchant"

/** A product that the merchant makes, whole: options with a choice or none, every combination a variant. */
export const makeProduct = (view: View, editor: Editor): Touched => {
  const { random, fresh } = editor
  const id = newId(editor, "prod")
  const options = optionsOf(view, editor)
  const categories = view.all("categories").filter((row) => !row.deleted && random.chance(0.3))
  view.put("products", id, {
    id,
    deleted: false,
    title: title(editor),
    handle: fresh("handle"),
    description: description(editor),
    status: random.chance(0.7) ? "published" : "draft",
    external_id: null,
    category_ids: categories.map((row) => row.id).sort(),
    options,
  })
  const managed = random.chance(0.8)
  for (const values of combinationsOf(options)) {
    putVariant(view, editor, id, values, managed)
  }
  return { entity: "product", id }
}

const newId = ({ fresh }: Editor, prefix: string): MedusaId =>
  medusaId(fresh(`${prefix}_by_hand`).replace(" ", "_"))

/** Of names that the ERP knows, or new ones; none at all is one option that says nothing. */
const optionsOf = (view: View, editor: Editor): MedusaOption[] => {
  const { random, fresh } = editor
  const known = view.all("products").flatMap((row) => row.options)
  const count = random.pick([0, 0, 1, 1, 2]) ?? 0
  const titles = new Set<string>()
  const options = Array.from({ length: count }, (): MedusaOption => {
    const like = random.chance(0.5)
      ? random.pick(known.filter((entry) => entry.values.length > 1 && !titles.has(entry.title)))
      : undefined
    const option = like
      ? { title: like.title, values: like.values.slice(0, 2).map((entry) => entry.value) }
      : { title: fresh("Shop option"), values: [fresh("Shop value"), fresh("Shop value")] }
    titles.add(option.title)
    return optionNamed(editor, option)
  })
  return options.length > 0
    ? options
    : [optionNamed(editor, { title: "Default option", values: ["Default option value"] })]
}

const optionNamed = (
  editor: Editor,
  { title: name, values }: { title: string; values: string[] },
): MedusaOption => ({
  id: newId(editor, "opt"),
  title: name,
  is_exclusive: true,
  values: values.map((value) => ({ id: newId(editor, "optval"), value })),
})

type Values = MedusaOption["values"]

const combinationsOf = (options: MedusaOption[]): Values[] =>
  options.reduce<Values[]>(
    (combinations, option) =>
      combinations.flatMap((values) => option.values.map((value) => [...values, value])),
    [[]],
  )

const putVariant = (
  view: View,
  editor: Editor,
  productId: MedusaId,
  values: Values,
  managed: boolean,
): void => {
  const { random, fresh } = editor
  const id = newId(editor, "variant")
  const item = managed ? newId(editor, "iitem") : null
  const sku = random.chance(0.9) ? fresh("NEW") : null
  if (item) {
    view.put("items", item, { id: item, sku })
  }
  const row: VariantRow = {
    id,
    product_id: productId,
    deleted: false,
    title: values.map(({ value }) => value).join(" / "),
    sku,
    barcode: random.chance(0.3) ? barcode(editor) : null,
    weight: random.chance(0.5) ? String(random.between(1, 9000)) : null,
    manage_inventory: managed,
    allow_backorder: false,
    option_value_ids: values.map((value) => value.id),
    item_id: item,
    former_item_id: null,
    prices: [
      {
        id: newId(editor, "price"),
        currency: "eur",
        amount: `${random.between(1, 900)}.${random.between(10, 99)}`,
      },
    ],
  }
  view.put("variants", id, row)
}
