import { familyOf } from "../../../sync/owners"
import { isTranslation } from "../../../sync/translations"
import type { FieldName, FieldValue, Values } from "../../../sync/values"
import type { Change } from "../../contract"
import { sentAttribute } from "../attributes"
import { WRITES } from "../capabilities"
import { LIST } from "../map-prices"
import { ProductFacts } from "../map-product"
import type { Row } from "../rows"
import { tagCommands } from "../tags"
import { Unsupported, unsupported } from "./outcomes"
import { keyOf, sentWeight } from "./values"

/** Values by Odoo's field names, as `write` takes them. */
export type Vals = Record<string, unknown>

/** A change beside the row that it was compared with. */
export interface Subject {
  change: Change
  id: number
  row: Row
  held: Values
  /** Fields of the patch that Odoo does not hold already. */
  due: FieldName[]
}

/**
 * A field that no write of this entity takes, or null. A price in a price list comes out of rules,
 * of which the one to change is a person's choice.
 */
export const foreignField = ({ entity, patch }: Change): Unsupported | null => {
  const taken = WRITES[entity]
  const fields = Object.keys(patch)
  const listed = fields.find(isListPrice)
  if (listed !== undefined) {
    return unsupported(
      listed,
      "Odoo computes the prices of its price lists by rules.",
      "Change the list's rules in Odoo, or let the ERP own `price` in the connection's `fields`.",
    )
  }
  const field = fields.find((name) => !taken.includes(familyOf(name)))
  return field === undefined
    ? null
    : unsupported(
        field,
        `Odoo takes no "${familyOf(field)}" of a ${entity}.`,
        "Let the ERP own this field in the connection's `fields`.",
      )
}

const isListPrice = (field: FieldName): boolean =>
  familyOf(field) === "price" && !keyOf(field).startsWith(`${LIST}:`)

/** What is sent for the fields that are due; prices are worked out for all variants together. */
export const valsOf = (
  subject: Subject,
  facts: ProductFacts,
  major: number,
  tags: ReadonlyMap<string, number> = new Map(),
): { vals: Vals } | Unsupported => {
  const vals: Vals = { ...tagCommands(subject.row, dueTags(subject), tags) }
  for (const field of subject.due) {
    const family = familyOf(field)
    if (family === "price" || family === "category" || family === "tag") continue
    if (isTranslation(field)) continue
    const sent = sentField(subject, field, facts)
    if ("outcome" in sent) return sent
    vals[sent.name] = sent.value
  }
  const category = subject.due.find((field) => familyOf(field) === "category")
  if (category === undefined) return { vals }
  const categ = categoryOf(subject, category, major)
  return typeof categ === "object" ? categ : { vals: { ...vals, categ_id: categ } }
}

/** Tags that the product is to have, or not to have, by name. */
export const dueTags = ({ change, due }: Subject): Map<string, boolean> =>
  new Map(
    due
      .filter((field) => familyOf(field) === "tag")
      .map((field) => [keyOf(field), change.patch[field] === true]),
  )

const sentField = (
  { change, row }: Subject,
  field: FieldName,
  facts: ProductFacts,
): { name: string; value: unknown } | Unsupported => {
  const value = change.patch[field] ?? null
  switch (familyOf(field)) {
    case "name":
    case "title":
      return hasText(value) ? { name: "name", value } : nameless(field)
    case "description":
      return facts.template.has("description_sale")
        ? { name: "description_sale", value: hasText(value) ? value : false }
        : unsupported(field, "This Odoo has no sales description.", "Install the Sales app.")
    case "parent":
      return sentParent(field, value)
    case "active":
      return { name: "active", value: value === true }
    case "sku":
      return { name: "default_code", value: value ?? false }
    case "barcode":
      return { name: "barcode", value: value ?? false }
    case "attribute": {
      const fields = change.entity === "variant" ? facts.variant : facts.template
      const sent = sentAttribute(field, value, fields)
      return "name" in sent ? sent : unsupported(field, sent.message, sent.remedy)
    }
    default:
      return { name: "weight", value: Number(sentWeight(change, row, facts)) }
  }
}

const hasText = (value: FieldValue): boolean => typeof value === "string" && value.trim() !== ""

const nameless = (field: FieldName): Unsupported =>
  unsupported(field, "Nothing in Odoo goes without a name.", "Give it a name in the store.")

const sentParent = (field: FieldName, value: FieldValue) => {
  if (value === null) return { name: "parent_id", value: false }
  const id = Number(value)
  return Number.isInteger(id)
    ? { name: "parent_id", value: id }
    : unsupported(
        field,
        `Odoo has no category with id ${String(value)}.`,
        "Link the parent category first.",
      )
}

/**
 * The one category that is left when the patch is applied to the present one; false is none, which
 * Odoo has places for since 19.
 */
const categoryOf = (
  { change, row, held }: Subject,
  field: FieldName,
  major: number,
): number | false | Unsupported => {
  const present = row["categ_id"] === false ? [] : [String(row["categ_id"])]
  const named = Object.keys(change.patch).filter((name) => familyOf(name) === "category")
  const added = named.filter((name) => change.patch[name] === true)
  const left = new Set([
    ...present.filter((id) => !named.includes(`category:${id}`)),
    ...added.map(keyOf),
  ])
  const [only] = left
  if (left.size > 1) {
    const first = added.find((name) => held[name] !== true) ?? field
    return unsupported(
      first,
      `A product stands in one category in Odoo; it would stand in ${[...left].join(", ")}.`,
      "Leave the product in one linked category, or move it in Odoo.",
    )
  }
  if (only === undefined) {
    return major >= 19
      ? false
      : unsupported(
          field,
          `A product cannot go without a category in Odoo ${major}.`,
          "Put it into another category in the store.",
        )
  }
  return Number.isInteger(Number(only))
    ? Number(only)
    : unsupported(field, `Odoo has no category with id ${only}.`, "Link the category first.")
}
