import { OdooFilter } from "./settings"

export type Leaf = readonly [field: string, operator: string, value: unknown]
/** A search condition in Odoo's prefix notation; neighbours without an operator are and-ed. */
export type Domain = readonly (Leaf | "|" | "&" | "!")[]

/** Archived records too: Odoo hides them otherwise. */
export const WITH_ARCHIVED: Leaf = ["active", "in", [true, false]]

/** Any of the conditions. An empty list matches nothing in Odoo either. */
export const anyOf = (leaves: readonly Leaf[]): Domain => [
  ...leaves.slice(1).map(() => "|" as const),
  ...leaves,
]

/**
 * Rows of which any of the stamps is at or after `lo`. Dotted paths reach into lines, attributes and
 * taxes, so that one query finds what changed a record without touching it; `besides` are ids of
 * rows known to have changed, `suspects` other conditions on them. Only `>=` and `<` mean the same on Odoo 17, 18 and 19 (19 rewrites `>` to whole seconds).
 */
export const changedSince = (
  stamps: readonly string[],
  lo: string,
  besides: readonly number[] = [],
  suspects: readonly Leaf[] = [],
): Domain =>
  anyOf([
    ...stamps.map((stamp) => [stamp, ">=", lo] as const),
    ...(besides.length > 0 ? [["id", "in", besides] as const] : []),
    ...suspects,
  ])

export const after = (id: number): Leaf => ["id", ">", id]

/** The connection's filter as a condition; `prefix` leads from another model to the template. */
export const filterDomain = (filter: OdooFilter, prefix = ""): Domain =>
  Object.entries(filter).map(([field, value]): Leaf =>
    Array.isArray(value) ? [prefix + field, "in", value] : [prefix + field, "=", value],
  )

/**
 * Whether a template's row, read with the filter's fields, is in scope: the same answer that Odoo
 * gives to `filterDomain`.
 */
export const inScope = (row: Record<string, unknown>, filter: OdooFilter): boolean =>
  Object.entries(filter).every(([field, wanted]) => {
    const held = row[field]
    const values = Array.isArray(held) ? held : [held]
    return (Array.isArray(wanted) ? wanted : [wanted]).some((value) => values.includes(value))
  })
