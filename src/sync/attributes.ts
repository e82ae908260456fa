import { canonicalDecimal } from "./decimal"
import { FieldReading } from "./plan-fields"
import { FieldName, FieldValue, Values } from "./values"

/** How a value of a characteristic is compared and stored in the store. */
export const ATTRIBUTE_TYPES = ["text", "number", "boolean"] as const
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number]

/** Columns of Medusa's own that a characteristic may stand in, with the type in which they are kept. */
const VARIANT_COLUMNS = {
  material: "text",
  hs_code: "text",
  origin_country: "text",
  mid_code: "text",
  length: "real",
  width: "real",
  height: "real",
} as const

export const ATTRIBUTE_COLUMNS = {
  product: { subtitle: "text", ...VARIANT_COLUMNS },
  variant: VARIANT_COLUMNS,
} as const

/** Whether a column holds a number: a dimension. */
export const isNumberColumn = (column: string): boolean =>
  Object.entries(VARIANT_COLUMNS).some(([name, type]) => name === column && type === "real")

/** A characteristic or custom field of the ERP's, and where it stands in the store. */
export interface AttributeMapping {
  entity: "product" | "variant"
  /** The ERP's name of it, as its connector knows it: `x_fabric`, `attribute:Fabric`. */
  erp: string
  /** A column of Medusa's (`material`), or a key of the record's metadata (`metadata:fabric`). */
  target: FieldName
  type: AttributeType
  /** What the store is to hold for an ERP value, and back; they must give the same for the same. */
  to_store?: (value: FieldValue) => FieldValue
  to_erp?: (value: FieldValue) => FieldValue
}

/** The characteristic's name as a field of the engine, its bases and its journal. */
export const attributeField = (erp: string): FieldName => `attribute:${erp}`

export const attributeOf = (
  mappings: readonly AttributeMapping[],
  field: FieldName,
): AttributeMapping | undefined => mappings.find(({ erp }) => attributeField(erp) === field)

/** What a record's mapped characteristics are on both sides. */
export const attributeReadings = (
  mappings: readonly AttributeMapping[],
  entity: AttributeMapping["entity"],
  erp: Values = {},
  medusa: Values = {},
): FieldReading[] =>
  mappings
    .filter((mapping) => mapping.entity === entity && erp[mapping.erp] !== undefined)
    .map(({ erp: name, target }) => ({
      field: attributeField(name),
      medusa_field: target,
      erp: erp[name] ?? null,
      medusa: medusa[target] ?? null,
    }))

/** A function of the merchant's threw: its field is left alone, and nothing else. */
export class MappingFailed extends Error {}

/** An ERP value as the store holds it. @throws MappingFailed */
export const attributeInStore = ({ type, to_store }: AttributeMapping, value: FieldValue) =>
  asType(type, to_store ? called(to_store, value) : value)

/** A value of the store as it goes to the ERP. @throws MappingFailed */
export const attributeInErp = ({ to_erp }: AttributeMapping, value: FieldValue): FieldValue =>
  to_erp ? (called(to_erp, value) ?? null) : value

const called = (own: (value: FieldValue) => FieldValue, value: FieldValue): FieldValue => {
  try {
    return own(value)
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new MappingFailed(`Its mapping failed: ${said}`)
  }
}

const DECIMAL = /^-?\d+(\.\d+)?$/

/** A number is stored as one, and a text that is none as the text it is. */
const asType = (type: AttributeType, value: FieldValue | undefined): FieldValue => {
  if (value === null || value === undefined || value === "") {
    return null
  }
  switch (type) {
    case "text":
      return String(value)
    case "number":
      return typeof value === "string" && DECIMAL.test(value) ? canonicalDecimal(value) : value
    case "boolean":
      return typeof value === "boolean" ? value : value === "true" || value === "1"
  }
}

/** Characteristics of a record that is made in the store, by target, and the bases of its link. */
export interface CreatedAttributes {
  values: Values
  base_erp: Values
  base_medusa: Values
}

/** The mapped characteristics of an ERP record that is new to the store. */
export const createdAttributes = (
  mappings: readonly AttributeMapping[],
  entity: AttributeMapping["entity"],
  erp: Values | undefined,
): CreatedAttributes => {
  const made = mappings
    .filter((mapping) => mapping.entity === entity && erp?.[mapping.erp] !== undefined)
    .flatMap((mapping) => {
      const source = erp?.[mapping.erp] ?? null
      const value = tried(() => attributeInStore(mapping, source))
      return value === undefined ? [] : [{ mapping, source, value }]
    })
  const by = (
    name: (mapping: AttributeMapping) => string,
    value: (entry: (typeof made)[number]) => FieldValue,
  ): Values => Object.fromEntries(made.map((entry) => [name(entry.mapping), value(entry)]))
  return {
    values: by(
      ({ target }) => target,
      ({ value }) => value,
    ),
    base_erp: by(
      ({ erp: name }) => attributeField(name),
      ({ source }) => source,
    ),
    base_medusa: by(
      ({ erp: name }) => attributeField(name),
      ({ value }) => value,
    ),
  }
}

/** What a function of the merchant's cannot do is told when the record is planned, and stops nothing. */
const tried = (make: () => FieldValue): FieldValue | undefined => {
  try {
    return make()
  } catch (error) {
    if (error instanceof MappingFailed) {
      return undefined
    }
    throw error
  }
}
