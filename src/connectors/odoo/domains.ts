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
  isDomain(filter)
    ? filter.map((part) =>
        typeof part === "string" ? part : ([prefix + part[0], part[1], part[2]] as const),
      )
    : Object.entries(filter).map(([field, value]): Leaf =>
        Array.isArray(value) ? [prefix + field, "in", value] : [prefix + field, "=", value],
      )

/** A domain is Odoo's to judge; the other form is judged by the fields that came with the row. */
export const isDomain = (filter: OdooFilter): filter is Extract<OdooFilter, readonly unknown[]> =>
  Array.isArray(filter)

/** The template's own fields that the filter looks at; of a path its first step. */
export const filterFields = (filter: OdooFilter): string[] =>
  isDomain(filter)
    ? [
        ...new Set(
          filter.flatMap((part) =>
            typeof part === "string" ? [] : part[0].split(".").slice(0, 1),
          ),
        ),
      ]
    : Object.keys(filter)

/**
 * Whether a template's row, read with the filter's fields, is in scope: the same answer that Odoo
 * gives to `filterDomain`.
 */
export const inScope = (
  row: Record<string, unknown>,
  filter: Exclude<OdooFilter, readonly unknown[]>,
): boolean =>
  Object.entries(filter).every(([field, wanted]) => {
    const held = row[field]
    const values = Array.isArray(held) ? held : [held]
    return (Array.isArray(wanted) ? wanted : [wanted]).some((value) => values.includes(value))
  })
