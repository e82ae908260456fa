import { ErpProduct } from "./canonical"
import { asOneSet } from "./category-readings"
import { ownerOf } from "./owners"
import { FieldReading } from "./plan-fields"
import { Rules } from "./rules"
import { MedusaProduct } from "./snapshot"
import { FieldName, Link } from "./values"

const FAMILY = "tag"

/** A tag as a field of the engine, its bases and its journal: names are unique on both sides. */
export const tagField = (name: string): FieldName => `${FAMILY}:${name}`

/**
 * One boolean field per tag that takes part: those that the ERP has, or had when both sides last agreed.
 * Where the store has a say in them, also those that it has: else what the merchant added by hand is
 * nobody's business. Nothing where the record does not say anything of tags.
 */
export const tagReadings = (
  rules: Pick<Rules, "owners">,
  erp: ErpProduct,
  link: Link,
  medusa: MedusaProduct,
): FieldReading[] => {
  if (erp.tags === undefined) {
    return []
  }
  const based = Object.keys(link.base_erp).flatMap((field) =>
    field.startsWith(`${FAMILY}:`) && link.base_erp[field] === true
      ? [field.slice(FAMILY.length + 1)]
      : [],
  )
  const held = medusa.tags ?? []
  const owner = link.owners[FAMILY] ?? ownerOf(rules, FAMILY)
  const names = new Set([...erp.tags, ...based, ...(owner === "erp" ? [] : held)])
  return asOneSet(
    link,
    [...names].map((name) => ({
      field: tagField(name),
      erp: erp.tags?.includes(name) ? true : null,
      medusa: held.includes(name) ? true : null,
    })),
  )
}
