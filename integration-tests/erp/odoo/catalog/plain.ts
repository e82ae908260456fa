import { createRecords, patchRow, writeRecords } from "../orm/records"
import type { Env } from "../orm/env"
import { barcodeOf, bringStock } from "./bring"
import { Choices } from "./random"
import { BATCH, type Workshop } from "./workshop"

interface PlainAttribute {
  readonly id: number
  readonly values: readonly number[]
}

function makeAttribute(env: Env, count: number): PlainAttribute {
  const [id = 0] = createRecords(env, env.model("product.attribute"), [
    { name: "Version", create_variant: "always", display_type: "pills", sequence: 10 },
  ])
  const names = Array.from({ length: count }, (_, at) => ({
    name: `V${at + 1}`,
    attribute_id: id,
    sequence: at,
    default_extra_price: at * 2.5,
  }))
  return { id, values: createRecords(env, env.model("product.attribute.value"), names) }
}

function makeCategories(env: Env): number[] {
  const model = env.model("product.category")
  return Array.from({ length: 4 }, (_, at) => `Range ${at + 1}`).flatMap((name) => {
    const [parent = 0] = createRecords(env, model, [{ name }])
    const children = ["A", "B", "C", "D"].map((part) => ({ name: part, parent_id: parent }))
    return createRecords(env, model, children)
  })
}

/** A regular catalog: every product alike, with codes, barcodes, weights, and stock in both warehouses. */
export function createPlainProducts(
  workshop: Workshop,
  products: number,
  variants: number,
  seed: number,
): void {
  const choices = new Choices(seed)
  const first = workshop.nextBatch()
  const categories = makeCategories(first)
  const attribute = variants > 1 ? makeAttribute(first, variants) : undefined
  const places = workshop.base.warehouses.map((warehouse) => warehouse.stock)
  let env = first
  for (let number = 1; number <= products; number += 1) {
    if (number % BATCH === 1) env = workshop.nextBatch()
    const code = `P${String(number).padStart(5, "0")}`
    const [template = 0] = createRecords(env, env.model("product.template"), [
      {
        name: `Product ${code}`,
        list_price: choices.price(5, 500),
        description_sale: `The ${code} of our plain range.`,
        categ_id: categories[number % categories.length] ?? false,
        ...(env.version === 17 ? { detailed_type: "product" } : { is_storable: true }),
        ...(attribute === undefined
          ? {}
          : {
              attribute_line_ids: [
                [0, 0, { attribute_id: attribute.id, value_ids: [[6, 0, attribute.values]] }],
              ],
            }),
      },
    ])
    const ids = [...env.table("product.product").find("product_tmpl_id", template)]
    ids.forEach((id, at) => {
      patchRow(env, "product.product", id, {
        default_code: ids.length === 1 ? code : `${code}-${at + 1}`,
        barcode: barcodeOf(id),
        weight: choices.between(1, 400) / 10,
      })
      for (const place of places) bringStock(env, id, place, choices.between(1, 200))
    })
    const [only] = ids
    if (ids.length === 1 && only !== undefined) {
      // A product with one variant shows that variant's code and weight.
      writeRecords(env, env.model("product.template"), [template], { default_code: code })
    }
  }
}
