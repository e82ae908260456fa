import { convertWeight, equalDecimals, isZero } from "../../../sync/decimal"
import { normalise } from "../../../sync/normalise"
import { familyOf } from "../../../sync/owners"
import { isTranslation } from "../../../sync/translations"
import type { FieldName, FieldValue, Values } from "../../../sync/values"
import type { Change } from "../../contract"
import { attributesIn } from "../attributes"
import { pricesOf } from "../map-prices"
import { ProductFacts, unitOf, weightOf } from "../map-product"
import { idIn, orNull, Row } from "../rows"
import { tagsIn } from "../tags"

/** What a field's name says behind the colon: a category's id, `<list>:<currency>`, a warehouse. */
export const keyOf = (field: FieldName): string => field.slice(familyOf(field).length + 1)

/**
 * The patch's fields as Odoo's row holds them, in the form that a pull gives them; without the texts of
 * further languages, which the row does not have.
 */
export const heldIn = (change: Change, row: Row, facts: ProductFacts): Values =>
  Object.fromEntries(
    Object.keys(change.patch)
      .filter((field) => !isTranslation(field))
      .map((field) => [field, heldField(change, field, row, facts)]),
  )

const heldField = (change: Change, field: FieldName, row: Row, facts: ProductFacts): FieldValue => {
  switch (familyOf(field)) {
    case "name":
    case "title":
      return textOf(row["name"])
    case "description":
      return textOf(row["description_sale"])
    case "parent":
      return idText(row["parent_id"], field)
    case "category":
      return idText(row["categ_id"], field) === keyOf(field) ? true : null
    case "tag":
      return tagsIn(row).includes(keyOf(field)) ? true : null
    case "active":
      return row["active"] === true
    case "sku":
      return textOf(row["default_code"])
    case "barcode":
      return textOf(row["barcode"])
    case "weight":
      return weightIn(change, row, facts)
    case "attribute":
      return attributeHeld(change, field, row, facts)
    case "price": {
      const priced = pricesOf(row, row, facts).prices ?? []
      return (
        priced.find(({ list, currency }) => `${list}:${currency}` === keyOf(field))?.amount ?? null
      )
    }
    default:
      return null
  }
}

const attributeHeld = (
  { entity }: Change,
  field: FieldName,
  row: Row,
  { template, variant }: ProductFacts,
): FieldValue => {
  const name = keyOf(field)
  const held = attributesIn(row, [], entity === "variant" ? variant : template, [name])[name]
  return typeof held === "string" || typeof held === "boolean" ? held : null
}

const textOf = (value: unknown): string | null => {
  const held = orNull(value)
  return typeof held === "string" ? held : null
}

const idText = (value: unknown, field: FieldName): string | null => {
  const id = idIn(value, field)
  return id === null ? null : String(id)
}

/** A weight in the change's unit; none is null, as the engine reads it. */
const weightIn = (change: Change, row: Row, facts: ProductFacts): string | null => {
  const weight = weightOf(row, row, facts.variant)
  return weight === null || typeof weight.value !== "string"
    ? null
    : convertWeight(weight.value, weight.unit, change.weight_unit)
}

/** What Odoo will hold when given the change's value: decimals as its field keeps them. */
export const storedField = (
  change: Change,
  field: FieldName,
  row: Row,
  facts: ProductFacts,
): FieldValue => {
  const value = change.patch[field] ?? null
  switch (familyOf(field)) {
    case "weight":
      return convertWeight(sentWeight(change, row, facts), unitOf(row), change.weight_unit)
    case "price":
      return normalise(value, { digits: facts.variant.get("lst_price")?.digits ?? undefined })
    default:
      return value
  }
}

/** The weight in Odoo's unit and precision, which is the database's; none is "0". */
export const sentWeight = (change: Change, row: Row, facts: ProductFacts): string => {
  const value = change.patch["weight"]
  if (typeof value !== "string") return "0"
  const digits = facts.variant.get("weight")?.digits ?? undefined
  return String(normalise(convertWeight(value, change.weight_unit, unitOf(row)), { digits }))
}

/** Whether two values of a field say the same: decimals by value, an empty text is none. */
export const equalValues = (field: FieldName, a: FieldValue, b: FieldValue): boolean => {
  switch (familyOf(field)) {
    case "weight":
      return (isNothing(a) && isNothing(b)) || sameDecimal(a, b)
    case "price":
    case "on_hand":
      return sameDecimal(a, b)
    case "attribute":
      return sameAttribute(a, b)
    case "category":
    case "tag":
    case "active":
      return (a ?? false) === (b ?? false)
    default:
      return (a ?? "") === (b ?? "")
  }
}

/** Odoo's empty number is 0, its empty text none, and its numbers have no digits of their own. */
const sameAttribute = (a: FieldValue, b: FieldValue): boolean => {
  const decimal = /^-?\d+(\.\d+)?$/
  if (typeof a === "string" && typeof b === "string" && decimal.test(a) && decimal.test(b)) {
    return equalDecimals(a, b)
  }
  const isEmpty = (value: FieldValue): boolean => value === null || value === "" || value === "0"
  return (isEmpty(a) && isEmpty(b)) || String(a ?? "") === String(b ?? "")
}

const isNothing = (value: FieldValue): boolean =>
  typeof value !== "string" || value === "" || isZero(value)

const sameDecimal = (a: FieldValue, b: FieldValue): boolean =>
  typeof a === "string" && typeof b === "string" ? equalDecimals(a, b) : a === b
