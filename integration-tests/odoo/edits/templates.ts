import { type Client, OdooFault } from "../client"
import { type Edit, type EditResult, nextNumber } from "./edit"
import { newMatrix, newTemplate, singleVariantTemplate } from "./subjects"

const products = (...template_ids: number[]): EditResult => ({
  template_ids,
  touches: ["products"],
})

async function written(odoo: Client, values: Record<string, unknown>): Promise<EditResult> {
  const id = await singleVariantTemplate(odoo)
  await odoo.write("product.template", id, values)
  return products(id)
}

/** A template whose `field` is off; a new one when there is none, so that turning it on shows. */
async function oneWithout(odoo: Client, field: "active" | "sale_ok"): Promise<number> {
  const other = field === "active" ? "sale_ok" : "active"
  const [id] = await odoo.search(
    "product.template",
    [
      [field, "=", false],
      [other, "=", true],
      ["is_storable", "=", true],
    ],
    { order: "write_date, id", limit: 1 },
  )
  return id ?? newTemplate(odoo, { [field]: false })
}

/**
 * Deletes the first template that Odoo lets go, and returns its id. It refuses those that were
 * ordered, moved or invoiced; only trying tells.
 */
async function deleteOne(odoo: Client): Promise<number> {
  const candidates = await odoo.search("product.template", [
    ["sale_ok", "=", true],
    ["is_storable", "=", true],
    ["attribute_line_ids", "=", false],
  ])
  for (const id of candidates) {
    try {
      await odoo.call("product.template", "unlink", [[id]])
      return id
    } catch (error) {
      if (!(error instanceof OdooFault)) {
        throw error
      }
    }
  }
  const id = await newTemplate(odoo)
  await odoo.call("product.template", "unlink", [[id]])
  return id
}

export const templateEdits: Edit[] = [
  {
    name: "template renamed",
    apply: (odoo) => written(odoo, { name: `Renamed Product ${nextNumber()}` }),
  },
  {
    name: "template renamed with emoji, markup and several scripts",
    apply: (odoo) =>
      written(odoo, { name: `Thé «à la menthe» 🫖👩‍👩‍👧 — 日本茶 & <b>O'Neill</b> ${nextNumber()}` }),
  },
  {
    name: "template renamed to 512 characters",
    apply: (odoo) => written(odoo, { name: `Endless ${nextNumber()} `.padEnd(512, "x") }),
  },
  {
    name: "sales description changed",
    apply: (odoo) =>
      written(odoo, { description_sale: `Oiled oak.\nAssembled by hand, batch ${nextNumber()}.` }),
  },
  {
    name: "sales description cleared",
    async apply(odoo) {
      const id = await singleVariantTemplate(odoo, [["description_sale", "!=", false]], {
        description_sale: "Said too early.",
      })
      await odoo.write("product.template", id, { description_sale: false })
      return products(id)
    },
  },
  {
    name: "template archived",
    async apply(odoo) {
      const id = await singleVariantTemplate(odoo)
      await odoo.call("product.template", "action_archive", [[id]])
      return products(id)
    },
  },
  {
    name: "template unarchived",
    async apply(odoo) {
      const id = await oneWithout(odoo, "active")
      await odoo.call("product.template", "action_unarchive", [[id]])
      return products(id)
    },
  },
  {
    name: "template taken off sale",
    apply: (odoo) => written(odoo, { sale_ok: false }),
  },
  {
    name: "template put on sale",
    async apply(odoo) {
      const id = await oneWithout(odoo, "sale_ok")
      await odoo.write("product.template", id, { sale_ok: true })
      return products(id)
    },
  },
  {
    name: "template translated",
    async apply(odoo) {
      const id = await singleVariantTemplate(odoo)
      const name = `Produit traduit ${nextNumber()}`
      await odoo.write("product.template", id, { name }, { lang: "fr_FR" })
      return products(id)
    },
  },
  {
    name: "template saved without a change",
    async apply(odoo) {
      const id = await singleVariantTemplate(odoo)
      await odoo.write("product.template", id, {})
      return { template_ids: [], touches: [] }
    },
  },
  {
    name: "template created",
    async apply(odoo) {
      const id = await newTemplate(odoo, { description_sale: "Brand new.", weight: 1.25 })
      return { template_ids: [id], touches: ["products", "prices", "stock"] }
    },
  },
  {
    name: "template created with 2 x 3 variants",
    async apply(odoo) {
      const id = await newMatrix(odoo, 2, 3)
      return { template_ids: [id], touches: ["products", "prices", "stock"] }
    },
  },
  {
    name: "template duplicated",
    async apply(odoo) {
      const source = await singleVariantTemplate(odoo)
      const copy = await odoo.call("product.template", "copy", [[source]])
      const ids = [copy].flat().filter((id) => typeof id === "number")
      return { template_ids: ids, touches: ["products", "prices", "stock"] }
    },
  },
  {
    name: "template deleted",
    async apply(odoo) {
      const id = await deleteOne(odoo)
      return { template_ids: [id], touches: ["products", "prices", "stock"] }
    },
  },
  {
    name: "new template made storable",
    async apply(odoo) {
      const id = await newTemplate(odoo, { is_storable: false })
      await odoo.write("product.template", id, { is_storable: true })
      return { template_ids: [id], touches: ["products", "prices", "stock"] }
    },
  },
]
