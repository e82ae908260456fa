import type { Client } from "../client"
import { many2one } from "../rows"
import { type Edit, nextNumber } from "./edit"
import { newTemplate, singleVariantTemplate } from "./subjects"

/** A category that sells something itself, the longest untouched first. */
async function busyCategory(odoo: Client): Promise<number> {
  const ids = await odoo.search("product.category", [], { order: "write_date, id" })
  for (const id of ids) {
    if ((await templatesUnder(odoo, id)).length > 0) {
      return id
    }
  }
  const id = await odoo.create("product.category", { name: `Category ${nextNumber()}` })
  await newTemplate(odoo, { categ_id: id })
  return id
}

/** Templates whose category path contains `category`, archived ones included. */
function templatesUnder(odoo: Client, category: number): Promise<number[]> {
  return odoo.search("product.template", [
    ["categ_id", "child_of", category],
    ["sale_ok", "=", true],
    ["active", "in", [true, false]],
  ])
}

async function categoryOf(odoo: Client, template: number): Promise<number | null> {
  const [row] = await odoo.searchRead("product.template", [["id", "=", template]], ["categ_id"])
  return row ? many2one(row, "categ_id") : null
}

export const categoryEdits: Edit[] = [
  {
    name: "category renamed",
    async apply(odoo) {
      const id = await busyCategory(odoo)
      await odoo.write("product.category", id, { name: `Renamed Category ${nextNumber()}` })
      return { template_ids: await templatesUnder(odoo, id), touches: ["categories"] }
    },
  },
  {
    name: "category moved",
    async apply(odoo) {
      const id = await busyCategory(odoo)
      const below = ["id", "child_of", id] as const
      const [row] = await odoo.searchRead("product.category", [["id", "=", id]], ["parent_id"])
      const parent = row ? many2one(row, "parent_id") : null
      const elsewhere = ["id", "!=", parent ?? 0] as const
      const [found] = await odoo.search("product.category", ["!", below, elsewhere], { limit: 1 })
      const target =
        found ?? (await odoo.create("product.category", { name: `Department ${nextNumber()}` }))
      await odoo.write("product.category", id, { parent_id: target })
      return { template_ids: await templatesUnder(odoo, id), touches: ["categories"] }
    },
  },
  {
    name: "template moved to another category",
    async apply(odoo) {
      const template = await singleVariantTemplate(odoo)
      const current = await categoryOf(odoo, template)
      const [found] = await odoo.search("product.category", [["id", "!=", current ?? 0]], {
        limit: 1,
        order: "write_date, id",
      })
      const target =
        found ?? (await odoo.create("product.category", { name: `Category ${nextNumber()}` }))
      await odoo.write("product.template", template, { categ_id: target })
      return { template_ids: [template], touches: ["products"] }
    },
  },
  {
    name: "template moved to a new category two levels deep",
    async apply(odoo) {
      const number = nextNumber()
      const parent = await odoo.create("product.category", { name: `Season ${number}` })
      const child = await odoo.create("product.category", {
        name: `Summer ${number}`,
        parent_id: parent,
      })
      const template = await singleVariantTemplate(odoo)
      await odoo.write("product.template", template, { categ_id: child })
      return { template_ids: [template], touches: ["categories", "products"] }
    },
  },
  {
    // Odoo 19 made the category optional.
    name: "template's category cleared",
    async apply(odoo) {
      const template = await singleVariantTemplate(odoo, [["categ_id", "!=", false]])
      await odoo.write("product.template", template, { categ_id: false })
      return { template_ids: [template], touches: ["products"] }
    },
  },
]
