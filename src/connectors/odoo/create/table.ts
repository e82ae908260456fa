import { normalise } from "../../../sync/normalise"
import { convertWeight, WeightUnit } from "../../../sync/decimal"
import type { CreatedVariant, Creation } from "../../contract"
import { KEY_MODULE } from "../capabilities"
import { isDomain } from "../domains"
import type { OdooFilter } from "../settings"
import type { Fields } from "../specifications"
import type { Attribute } from "./attributes"

/** What `load` takes: columns, and rows of texts. */
export interface LoadTable {
  fields: string[]
  data: string[][]
}

export interface TableParts {
  creation: Creation
  price: string
  attributes: readonly Attribute[]
  template: Fields
  variant: Fields
  unit: WeightUnit
  filter: OdooFilter
}

/**
 * A product with its attribute lines as one `load`, all or nothing. The first row carries the product
 * and its first line, each further row one more line.
 */
export const loadTable = (parts: TableParts): LoadTable => {
  const { creation, price, attributes, template } = parts
  const [only, ...others] = creation.variants
  const single = only !== undefined && others.length === 0 ? variantCells(only, parts) : {}
  const cells: Record<string, string> = {
    ...filterCells(parts.filter, template),
    id: `${KEY_MODULE}.${creation.key}`,
    name: creation.title,
    list_price: price,
    ...(template.has("description_sale") && { description_sale: creation.description ?? "" }),
    ...(creation.category_ids[0] !== undefined && { "categ_id/.id": creation.category_ids[0] }),
    ...trackingCells(creation, template),
    ...single,
  }
  const fields = Object.keys(cells)
  if (attributes.length === 0) return { fields, data: [Object.values(cells)] }
  const lines = attributes.map(({ id, values }) => [
    String(id),
    values.map((value) => value.id).join(","),
  ])
  return {
    fields: [...fields, "attribute_line_ids/attribute_id/.id", "attribute_line_ids/value_ids/.id"],
    data: lines.map((line, at) => [
      ...Object.values(cells).map((cell) => (at === 0 ? cell : "")),
      ...line,
    ]),
  }
}

/** A product's only variant is filled through the product. */
const variantCells = (
  { sku, barcode, weight }: CreatedVariant,
  parts: TableParts,
): Record<string, string> => ({
  default_code: sku ?? "",
  barcode: barcode ?? "",
  weight: weight === null ? "0" : loadedWeight(weight, parts),
})

/** A weight in Odoo's unit and precision. */
export const loadedWeight = (
  weight: string,
  {
    creation,
    unit,
    variant,
  }: Pick<TableParts, "unit" | "variant"> & {
    creation: Pick<Creation, "weight_unit">
  },
): string =>
  String(
    normalise(convertWeight(weight, creation.weight_unit, unit), {
      digits: variant.get("weight")?.digits ?? undefined,
    }),
  )

/** Goods that Odoo keeps stock of are `detailed_type` product on 17, storable from 18 on. */
const trackingCells = ({ variants }: Creation, template: Fields): Record<string, string> => {
  const tracked = variants.some((variant) => variant.tracked)
  if (template.has("is_storable")) return { type: "consu", is_storable: tracked ? "1" : "0" }
  return { detailed_type: tracked ? "product" : "consu" }
}

/**
 * What the connection's filter asks for, so that the product does not fall out of it at once. Of a
 * domain that is a plain list of conditions, those that name one value of an own field.
 */
const filterCells = (filter: OdooFilter, template: Fields): Record<string, string> =>
  Object.fromEntries(
    wantedValues(filter).map(([field, value]) => {
      const column = template.get(field)?.type === "many2one" ? `${field}/.id` : field
      return [column, typeof value === "boolean" ? (value ? "1" : "0") : String(value)]
    }),
  )

const wantedValues = (filter: OdooFilter): [field: string, value: unknown][] => {
  if (!isDomain(filter)) {
    return Object.entries(filter).map(([field, wanted]) => [
      field,
      Array.isArray(wanted) ? wanted[0] : wanted,
    ])
  }
  if (filter.includes("|") || filter.includes("!")) return []
  return filter.flatMap((part): [string, unknown][] =>
    typeof part === "string" || part[1] !== "=" || part[0].includes(".") || part[0] === "id"
      ? []
      : [[part[0], part[2]]],
  )
}
