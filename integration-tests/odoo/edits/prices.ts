import type { Client } from "../client"
import { number } from "../rows"
import { type Edit, type EditResult, found, nextNumber } from "./edit"
import { matrixTemplate, singleVariantTemplate, variantsOf } from "./subjects"

const prices = (template: number): EditResult => ({ template_ids: [template], touches: ["prices"] })

async function priceOf(odoo: Client, template: number): Promise<number> {
  const [row] = await odoo.searchRead("product.template", [["id", "=", template]], ["list_price"])
  return row ? number(row, "list_price") : 0
}

export const priceEdits: Edit[] = [
  {
    name: "list price changed",
    async apply(odoo) {
      const id = await singleVariantTemplate(odoo)
      const list_price = Math.round((await priceOf(odoo, id)) * 100 + 105) / 100
      await odoo.write("product.template", id, { list_price })
      return prices(id)
    },
  },
  {
    name: "list price set to zero",
    async apply(odoo) {
      const id = await singleVariantTemplate(odoo, [["list_price", "!=", 0]])
      await odoo.write("product.template", id, { list_price: 0 })
      return prices(id)
    },
  },
  {
    // Odoo subtracts the variant's extras and writes the template: every sibling's price moves.
    name: "price changed on one variant",
    async apply(odoo) {
      const id = await matrixTemplate(odoo)
      const variant = found((await variantsOf(odoo, id))[1], `second variant of template ${id}`)
      const lst_price = Math.round((await priceOf(odoo, id)) * 100 + 1250) / 100
      await odoo.write("product.product", variant, { lst_price })
      return prices(id)
    },
  },
  {
    // Bumps the write date of neither template nor variants.
    name: "price extra of a value changed",
    async apply(odoo) {
      const id = await matrixTemplate(odoo)
      const [value] = await odoo.search("product.template.attribute.value", [
        ["product_tmpl_id", "=", id],
        ["ptav_product_variant_ids", "!=", false],
      ])
      await odoo.write("product.template.attribute.value", found(value, "value in use"), {
        price_extra: 5 + nextNumber() / 4,
      })
      return prices(id)
    },
  },
]
