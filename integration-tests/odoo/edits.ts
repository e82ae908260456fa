import { attributeEdits } from "./edits/attributes"
import { categoryEdits } from "./edits/categories"
import type { Edit } from "./edits/edit"
import { orderEdits } from "./edits/orders"
import { priceEdits } from "./edits/prices"
import { stockEdits } from "./edits/stock"
import { templateEdits } from "./edits/templates"
import { variantEdits } from "./edits/variants"

export type { Edit, EditResult, Stream } from "./edits/edit"

/**
 * Everything a merchant may do to a catalog in Odoo that a store should follow, and a few things it
 * should not notice. Every edit works on demo data, in any order, any number of times, for an
 * administrator and for the bot (`try-edits.ts` proves it against a real Odoo 19).
 */
export const edits: Edit[] = [
  ...templateEdits,
  ...categoryEdits,
  ...priceEdits,
  ...variantEdits,
  ...attributeEdits,
  ...stockEdits,
  ...orderEdits,
]
