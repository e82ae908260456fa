import type { FieldName, FieldValue } from "../../sync/values"
import type { CheckItem } from "../contract"
import { decimalOf } from "../decimal"
import { FieldFacts } from "./place"
import { Row } from "./rows"
import type { Fields, Specification } from "./specifications"

/** Names under which the store maps characteristics, by the record that has them. */
export interface AttributeNames {
  product: readonly string[]
  variant: readonly string[]
}

export const NO_ATTRIBUTES: AttributeNames = { product: [], variant: [] }

const LINE = "attribute:"

/** `attribute:Fabric` names an attribute with its values; everything else is a field of the record. */
const isLine = (name: string): boolean => name.startsWith(LINE)

/** Fields that hold a plain value, which can be written back as it is. */
const PLAIN = new Set([
  ...["char", "text", "html", "selection", "date", "datetime"],
  ...["boolean", "integer", "float", "monetary"],
])
const RELATED = new Set(["many2one", "many2many", "one2many"])
const NUMBERS = new Set(["integer", "float", "monetary"])

const ID = ".id"

/** `uom_id.id` names the linked record by its id instead of its name. */
const isIdOf = (name: string, fields: Fields): boolean =>
  name.endsWith(ID) && fields.get(name.slice(0, -ID.length))?.type === "many2one"

/** The record's own field behind a mapped name. */
const columnOf = (name: string, fields: Fields): string =>
  isIdOf(name, fields) ? name.slice(0, -ID.length) : name

/** What is asked of a record besides its own fields; what this Odoo does not have is left out. */
export const attributeSpecification = (fields: Fields, names: readonly string[]): Specification =>
  Object.fromEntries(
    names.flatMap((mapped) => {
      const name = columnOf(mapped, fields)
      const facts = fields.get(name)
      if (!facts) return []
      return [[name, RELATED.has(facts.type) ? { fields: { display_name: {} } } : {}]]
    }),
  )

/** A line of attributes as far as a characteristic looks at it. */
export interface AttributeLine {
  attribute: number
  name: unknown
  values: unknown[]
}

/** The mapped characteristics of a row: texts as Odoo has them, numbers as decimals, names of records. */
export const attributesIn = (
  row: Row,
  lines: readonly AttributeLine[],
  fields: Fields,
  names: readonly string[],
): Record<string, unknown> =>
  Object.fromEntries(
    names.flatMap((name) => {
      if (isLine(name)) return [[name, namesIn(lineOf(lines, name)?.values ?? [])]]
      if (isIdOf(name, fields)) return [[name, idOf(row[columnOf(name, fields)])]]
      const facts = fields.get(name)
      return facts && name in row ? [[name, fieldIn(row[name], facts)]] : []
    }),
  )

const lineOf = (lines: readonly AttributeLine[], name: string): AttributeLine | undefined => {
  const wanted = name.slice(LINE.length)
  return lines.find(({ attribute, name: held }) => String(attribute) === wanted || held === wanted)
}

const fieldIn = (value: unknown, { type, digits }: FieldFacts): unknown => {
  if (type === "boolean") return value === true
  if (value === false || value === null || value === undefined) return null
  if (NUMBERS.has(type) && typeof value === "number" && Number.isFinite(value)) {
    return decimalOf(value, digits)
  }
  if (RELATED.has(type)) {
    return namesIn((Array.isArray(value) ? value : [value]).map(nameOf))
  }
  return value
}

const idOf = (record: unknown): unknown =>
  typeof record === "object" && record !== null && "id" in record ? String(record.id) : null

const nameOf = (record: unknown): unknown =>
  typeof record === "object" && record !== null && "display_name" in record
    ? record.display_name
    : record

/** Several in one text, in an order that does not depend on Odoo's. */
const namesIn = (values: readonly unknown[]): unknown =>
  values.length === 0 ? null : values.map(String).sort().join(", ")

/** A characteristic on its way into Odoo; why not, where a plain value cannot say it. */
export const sentAttribute = (
  field: FieldName,
  value: FieldValue,
  fields: Fields,
): { name: string; value: unknown } | { message: string; remedy: string } => {
  const name = field.slice(field.indexOf(":") + 1)
  const facts = fields.get(name)
  if (!facts || !PLAIN.has(facts.type)) {
    return {
      message: `"${name}" is chosen from records in Odoo, and is no plain value.`,
      remedy: 'Set it in Odoo, and let the ERP own it: `owner: "erp"`.',
    }
  }
  if (facts.type === "boolean") return { name, value: value === true || value === "true" }
  if (value === null || value === "") return { name, value: NUMBERS.has(facts.type) ? 0 : false }
  if (!NUMBERS.has(facts.type)) return { name, value: String(value) }
  const number = Number(value)
  return Number.isFinite(number) && (facts.type !== "integer" || Number.isInteger(number))
    ? { name, value: number }
    : {
        message: `"${name}" takes a number in Odoo, not "${String(value)}".`,
        remedy: "Correct it.",
      }
}

/** What of the mapping this Odoo does not have, for the person who wrote it. */
export const attributeItems = (
  { product, variant }: AttributeNames,
  fields: { template: Fields; variant: Fields },
): CheckItem[] => {
  const unknown = [
    ...product.filter(
      (name) => !isLine(name) && !fields.template.has(columnOf(name, fields.template)),
    ),
    ...variant.filter(
      (name) => isLine(name) || !fields.variant.has(columnOf(name, fields.variant)),
    ),
  ]
  if (product.length + variant.length === 0) return []
  return [
    {
      code: "attributes",
      ok: unknown.length === 0,
      message:
        unknown.length === 0
          ? `All ${product.length + variant.length} mapped characteristics are there.`
          : `Odoo's products have no field ${unknown.map((name) => `"${name}"`).join(", ")}.`,
      remedy:
        unknown.length === 0
          ? ""
          : "Correct the name in the connection's `fields`, or let the sync's user see the field.",
    },
  ]
}
