import type { Client } from "../client"
import { reference, textOrNull } from "../rows"
import { type Edit, type EditResult, found, nextNumber } from "./edit"
import {
  matrixTemplate,
  newMatrix,
  singleVariantTemplate,
  type Variant,
  variantsOf,
} from "./subjects"

const products = (template: number): EditResult => ({
  template_ids: [template],
  touches: ["products"],
})

/** The last variant of a template that has several. */
async function sibling(odoo: Client): Promise<Variant> {
  const template = await matrixTemplate(odoo)
  return { id: found((await variantsOf(odoo, template)).at(-1), "variant"), template }
}

/**
 * An archived variant that may come back: its values are still offered, and no other variant has
 * taken its combination. Without one, a new matrix with one archived.
 */
async function archivedVariant(odoo: Client): Promise<Variant> {
  const rows = await odoo.searchRead(
    "product.product",
    [
      ["active", "=", false],
      ["product_tmpl_id.active", "=", true],
      ["product_tmpl_id.sale_ok", "=", true],
      ["product_template_attribute_value_ids", "!=", false],
      "!",
      ["product_template_attribute_value_ids.ptav_active", "=", false],
    ],
    ["product_tmpl_id", "combination_indices"],
  )
  for (const row of rows) {
    const template = reference(row, "product_tmpl_id")
    const rivals = await odoo.search("product.product", [
      ["product_tmpl_id", "=", template],
      ["combination_indices", "=", row.combination_indices],
    ])
    if (rivals.length === 0) {
      return { id: row.id, template }
    }
  }
  const template = await newMatrix(odoo, 2, 2)
  const id = found((await variantsOf(odoo, template))[0], "variant")
  await odoo.call("product.product", "action_archive", [[id]])
  return { id, template }
}

export const variantEdits: Edit[] = [
  {
    name: "variant code changed",
    async apply(odoo) {
      const { id, template } = await sibling(odoo)
      await odoo.write("product.product", id, { default_code: `CODE-${nextNumber()}` })
      return products(template)
    },
  },
  {
    // Odoo does not keep codes unique.
    name: "variant given its sibling's code",
    async apply(odoo) {
      const template = await matrixTemplate(odoo)
      const twins = (await variantsOf(odoo, template)).slice(0, 2)
      await odoo.write("product.product", twins, { default_code: `TWIN-${nextNumber()}` })
      return products(template)
    },
  },
  {
    name: "variant barcode changed",
    async apply(odoo) {
      const { id, template } = await sibling(odoo)
      await odoo.write("product.product", id, { barcode: barcode() })
      return products(template)
    },
  },
  {
    name: "barcodes of two variants swapped",
    async apply(odoo) {
      const template = await matrixTemplate(odoo)
      const ids = await variantsOf(odoo, template)
      const first = found(ids[0], "first variant")
      const second = found(ids[1], "second variant")
      const rows = await odoo.searchRead(
        "product.product",
        [["id", "in", [first, second]]],
        ["barcode"],
      )
      const old = rows.map((row) => textOrNull(row, "barcode") ?? barcode())
      // Barcodes are unique, so one must be free in between.
      await odoo.write("product.product", first, { barcode: false })
      await odoo.write("product.product", second, { barcode: old[0] })
      await odoo.write("product.product", first, { barcode: old[1] })
      return products(template)
    },
  },
  {
    name: "variant weight changed",
    async apply(odoo) {
      const { id, template } = await sibling(odoo)
      await odoo.write("product.product", id, { weight: 1 + nextNumber() / 100 })
      return products(template)
    },
  },
  {
    name: "barcode of a single variant cleared",
    async apply(odoo) {
      const template = await singleVariantTemplate(odoo, [["barcode", "!=", false]], {
        barcode: barcode(),
      })
      await odoo.write("product.product", await variantsOf(odoo, template), { barcode: false })
      return products(template)
    },
  },
  {
    name: "variant archived",
    async apply(odoo) {
      const { id, template } = await sibling(odoo)
      await odoo.call("product.product", "action_archive", [[id]])
      return products(template)
    },
  },
  {
    name: "variant unarchived",
    async apply(odoo) {
      const { id, template } = await archivedVariant(odoo)
      await odoo.call("product.product", "action_unarchive", [[id]])
      return products(template)
    },
  },
]

function barcode(): string {
  return `29${String(Date.now()).slice(-7)}${String(nextNumber()).padStart(4, "0")}`
}
