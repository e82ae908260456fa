import type { Client } from "../client"
import { integers, reference } from "../rows"
import { type Edit, type EditResult, found, nextNumber, setTo } from "./edit"
import { line, matrixTemplate, newAttribute, newTemplate, singleVariantTemplate } from "./subjects"

interface Line {
  id: number
  template: number
  attribute: number
  values: number[]
}

/** New variants have a price and may have stock; removed ones take theirs along. */
const remade = (template: number): EditResult => ({
  template_ids: [template],
  touches: ["products", "prices", "stock"],
})

/** The line with most values of a template with several variants. */
async function richestLine(odoo: Client): Promise<Line> {
  const template = await matrixTemplate(odoo)
  const rows = await odoo.searchRead(
    "product.template.attribute.line",
    [
      ["product_tmpl_id", "=", template],
      ["attribute_id.create_variant", "=", "always"],
    ],
    ["attribute_id", "value_ids"],
  )
  const lines = rows.map((row) => ({
    id: row.id,
    template,
    attribute: reference(row, "attribute_id"),
    values: integers(row, "value_ids"),
  }))
  const [richest] = lines.sort((a, b) => b.values.length - a.values.length)
  if (!richest) {
    throw new Error(`Template ${template} has no attribute that makes variants.`)
  }
  return richest
}

/**
 * Templates with a variant named by it. Archived variants keep values whose line is long gone, so
 * inactive values count.
 */
async function templatesWith(
  odoo: Client,
  field: "attribute_id" | "product_attribute_value_id",
  id: number,
): Promise<number[]> {
  const rows = await odoo.searchRead(
    "product.template.attribute.value",
    [
      [field, "=", id],
      ["ptav_active", "in", [true, false]],
    ],
    ["product_tmpl_id"],
  )
  return [...new Set(rows.map((row) => reference(row, "product_tmpl_id")))]
}

export const attributeEdits: Edit[] = [
  {
    name: "attribute renamed",
    async apply(odoo) {
      const { attribute } = await richestLine(odoo)
      await odoo.write("product.attribute", attribute, { name: `Renamed ${nextNumber()}` })
      return {
        template_ids: await templatesWith(odoo, "attribute_id", attribute),
        touches: ["products"],
      }
    },
  },
  {
    name: "attribute value renamed",
    async apply(odoo) {
      const { values } = await richestLine(odoo)
      const value = found(values[0], "value on the line")
      await odoo.write("product.attribute.value", value, { name: `Value ${nextNumber()}` })
      const templates = await templatesWith(odoo, "product_attribute_value_id", value)
      return { template_ids: templates, touches: ["products"] }
    },
  },
  {
    name: "value added to an attribute line",
    async apply(odoo) {
      const { id, template, attribute } = await richestLine(odoo)
      const value = await odoo.create("product.attribute.value", {
        attribute_id: attribute,
        name: `Extra ${nextNumber()}`,
      })
      // Through the template, as its form saves it.
      await odoo.write("product.template", template, {
        attribute_line_ids: [[1, id, { value_ids: [[4, value]] }]],
      })
      return remade(template)
    },
  },
  {
    name: "value removed from an attribute line",
    async apply(odoo) {
      const { id, template, values } = await richestLine(odoo)
      await odoo.write("product.template", template, {
        attribute_line_ids: [[1, id, { value_ids: [[3, found(values.at(-1), "value")]] }]],
      })
      return remade(template)
    },
  },
  {
    // Two values: the old variant is archived, or deleted when never used; each value gets a new one.
    name: "attribute line added to a single variant",
    async apply(odoo) {
      const template = await singleVariantTemplate(odoo)
      const attribute = await newAttribute(odoo, "Finish", 2)
      await odoo.write("product.template", template, {
        attribute_line_ids: [line(attribute.id, attribute.values)],
      })
      return remade(template)
    },
  },
  {
    name: "attribute line removed",
    async apply(odoo) {
      const { id, template } = await richestLine(odoo)
      await odoo.write("product.template", template, { attribute_line_ids: [[2, id]] })
      return remade(template)
    },
  },
  {
    name: "variant of a dynamic attribute created",
    async apply(odoo) {
      const attribute = await newAttribute(odoo, "Engraving", 3, "dynamic")
      const template = await newTemplate(odoo, {
        default_code: false,
        attribute_line_ids: [line(attribute.id, attribute.values)],
      })
      // Until someone asks for a combination there is no variant; the order's configurator does.
      const [value] = await odoo.search("product.template.attribute.value", [
        ["product_tmpl_id", "=", template],
      ])
      await odoo.create("product.product", {
        product_tmpl_id: template,
        product_template_attribute_value_ids: setTo([found(value, "value to make a variant of")]),
      })
      return remade(template)
    },
  },
  {
    name: "no-variant attribute line added",
    async apply(odoo) {
      const template = await singleVariantTemplate(odoo)
      const attribute = await newAttribute(odoo, "Gift wrap", 2, "no_variant")
      await odoo.write("product.template", template, {
        attribute_line_ids: [line(attribute.id, attribute.values)],
      })
      return { template_ids: [template], touches: [] }
    },
  },
]
