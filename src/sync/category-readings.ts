import { ErpProduct } from "./canonical"
import { ErpId } from "./ids"
import { FieldReading } from "./plan-fields"
import { ProductContext } from "./plan-product"
import { MedusaProduct } from "./snapshot"
import { Link } from "./values"

/** One boolean field per linked element that a side has now, or both had when they last agreed. */
export const categoryReadings = (
  context: Pick<ProductContext, "categories">,
  erp: ErpProduct,
  link: Link,
  medusa: MedusaProduct,
): { readings: FieldReading[]; waits_for: ErpId[] } => {
  const based = Object.keys(link.base_erp).flatMap((field) =>
    field.startsWith("category:") && link.base_erp[field] === true
      ? [field.slice("category:".length) as ErpId]
      : [],
  )
  const inMedusa = [...context.categories].flatMap(([id, category]) =>
    medusa.category_ids.includes(category) ? [id] : [],
  )
  const ids = [...new Set([...erp.category_ids, ...based, ...inMedusa])]
  const readings: FieldReading[] = []
  const waits: ErpId[] = []
  for (const id of ids) {
    const category = context.categories.get(id)
    if (!category) {
      if (erp.category_ids.includes(id)) {
        waits.push(id)
      }
      continue
    }
    readings.push({
      field: `category:${id}`,
      erp: erp.category_ids.includes(id) ? true : null,
      medusa: medusa.category_ids.includes(category) ? true : null,
      medusa_field: `category:${category}`,
      owner_key: "category",
    })
  }
  return { readings: asOneSet(link, readings), waits_for: waits }
}

/**
 * A form saves the set as a whole: it returns to what was there before only if every element that moved
 * does. Taking out an element that came by the sync, while another one is added, is an edit.
 */
export const asOneSet = (link: Link, readings: FieldReading[]): FieldReading[] => {
  const moved = readings.filter(({ field, medusa }) => (link.base_medusa[field] ?? null) !== medusa)
  const isReturn = moved.every(({ field, medusa }) => {
    const replaced = link.replaced[field]
    return replaced?.side === "medusa" && replaced.value === medusa
  })
  return isReturn ? readings : readings.map((reading) => ({ ...reading, is_edit: true }))
}
