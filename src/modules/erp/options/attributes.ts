import { z } from "@medusajs/framework/zod"
import {
  ATTRIBUTE_COLUMNS,
  ATTRIBUTE_TYPES,
  attributeField,
  AttributeMapping,
  isNumberColumn,
} from "../../../sync/attributes"
import { FieldName, FieldValue, Owner } from "../../../sync/values"
import { oneOf, section, text } from "./section"

/** The keys of `fields` that name such a place. */
export const TARGET_KEYS: readonly string[] = [
  ...Object.keys(ATTRIBUTE_COLUMNS.product),
  ...Object.keys(ATTRIBUTE_COLUMNS.variant).map((name) => `variant.${name}`),
  "metadata.<key>",
  "variant.metadata.<key>",
]

/** A characteristic as the options have it. */
export interface AttributeInput {
  /** The ERP's name of it. Odoo: a field of the product (`x_fabric`), or `attribute:<name or id>`. */
  erp: string
  /** @defaultValue "erp" */
  owner?: Owner
  /** How it is compared. @defaultValue "text", "number" for dimensions */
  type?: AttributeMapping["type"]
  /** What the store is to hold for an ERP value. Same value in, same value out. */
  to_store?: (value: FieldValue) => FieldValue
  /** The way back. */
  to_erp?: (value: FieldValue) => FieldValue
}

const transform = z
  .custom<(value: FieldValue) => FieldValue>((value) => typeof value === "function", {
    error: "a function of a value",
  })
  .optional()

export const attributeSchema = section({
  erp: text("the ERP's name of the field").regex(/^[^;=\s][^;=]*$/, {
    error: "a name without ; and =",
  }),
  owner: oneOf("erp", "medusa", "both").default("erp"),
  type: oneOf(...ATTRIBUTE_TYPES).optional(),
  to_store: transform,
  to_erp: transform,
})

type Parsed = z.output<typeof attributeSchema>

/** The place in the store that an option's key names, or null: `metadata.fabric`, `variant.material`. */
export const targetOf = (key: string): Pick<AttributeMapping, "entity" | "target"> | null => {
  const entity = key.startsWith("variant.") ? "variant" : "product"
  const name = entity === "variant" ? key.slice("variant.".length) : key
  const metadata = /^metadata\.([^.\s:]{1,100})$/.exec(name)?.[1]
  if (metadata !== undefined) {
    return { entity, target: `metadata:${metadata}` }
  }
  return Object.keys(ATTRIBUTE_COLUMNS[entity]).includes(name) ? { entity, target: name } : null
}

/** The mappings of a connection's `fields`, and who owns each. */
export const attributesOf = (
  fields: Readonly<Record<string, Parsed>>,
): { attributes: AttributeMapping[]; owners: Record<FieldName, Owner> } => {
  const attributes = Object.entries(fields).flatMap(([key, parsed]): AttributeMapping[] => {
    const place = targetOf(key)
    const { erp, type, to_store, to_erp } = parsed
    return place
      ? [
          {
            ...place,
            erp,
            type: type ?? (isNumberColumn(place.target) ? "number" : "text"),
            ...(to_store && { to_store }),
            ...(to_erp && { to_erp }),
          },
        ]
      : []
  })
  const owners = Object.values(fields).map(({ erp, owner }) => [attributeField(erp), owner])
  return { attributes, owners: Object.fromEntries(owners) as Record<FieldName, Owner> }
}
