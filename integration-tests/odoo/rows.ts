/**
 * Typed access to a row of Odoo. Empty text, dates and references all arrive as `false`; a field of
 * another type than asked for is a mistake of the test and throws.
 */
type Fields = Readonly<Record<string, unknown>>

export function text(row: Fields, field: string): string {
  return textOrNull(row, field) ?? wrong(row, field, "text")
}

export function textOrNull(row: Fields, field: string): string | null {
  const value = row[field]
  return value === false ? null : typeof value === "string" ? value : wrong(row, field, "text")
}

export function number(row: Fields, field: string): number {
  const value = row[field]
  return typeof value === "number" ? value : wrong(row, field, "a number")
}

export function flag(row: Fields, field: string): boolean {
  const value = row[field]
  return typeof value === "boolean" ? value : wrong(row, field, "a boolean")
}

/** The id of a reference, which comes as `[id, display_name]` or `false`. */
export function many2one(row: Fields, field: string): number | null {
  return pair(row, field)?.[0] ?? null
}

/** The id of a reference that must be there. */
export function reference(row: Fields, field: string): number {
  return many2one(row, field) ?? wrong(row, field, "a reference")
}

/** The display name of a reference; empty without one. */
export function many2oneName(row: Fields, field: string): string {
  return pair(row, field)?.[1] ?? ""
}

/** The ids of a one2many or many2many field. */
export function integers(row: Fields, field: string): number[] {
  const value = row[field]
  return Array.isArray(value) && value.every((id) => typeof id === "number")
    ? value
    : wrong(row, field, "a list of ids")
}

function pair(row: Fields, field: string): [number, string] | null {
  const value = row[field]
  if (value === false) {
    return null
  }
  const [id, name] = Array.isArray(value) ? (value as unknown[]) : []
  return typeof id === "number" && typeof name === "string"
    ? [id, name]
    : wrong(row, field, "a reference")
}

function wrong(row: Fields, field: string, expected: string): never {
  throw new TypeError(`${field} is not ${expected}: ${JSON.stringify(row[field])}`)
}
