import { OdooError } from "../orm/errors"
import type { Schema } from "../orm/schema"
import { isList, type Json } from "../orm/values"

/** What the writer cannot write. Copies: by then the call is done and committed. */
export class MarshalError extends OdooError {}

const MAX_INT = 2 ** 31 - 1

/** Names of fields that hold a float wherever they are: Python writes 14.0 and not 14. */
export function floatNames(schema: Schema): ReadonlySet<string> {
  const fields = [...schema.values()].flatMap((model) => [...model.fields.values()])
  const named = (isFloat: boolean) =>
    fields.filter(({ type }) => (type === "float" || type === "monetary") === isFloat)
  const others = new Set(named(false).map(({ name }) => name))
  return new Set(named(true).flatMap(({ name }) => (others.has(name) ? [] : [name])))
}

/**
 * A value as Python's marshaller writes it for Odoo, one tag a line.
 *
 * @throws {MarshalError} for None and for integers of more than 32 bits.
 */
export function writeValue(
  value: Json | undefined,
  floats: ReadonlySet<string>,
  name = "",
): string {
  return `<value>${typed(value, floats, name)}</value>\n`
}

function typed(value: Json | undefined, floats: ReadonlySet<string>, name: string): string {
  if (value === null || value === undefined) {
    throw new MarshalError(
      "builtins.TypeError",
      "cannot marshal None unless allow_none is enabled",
      500,
    )
  }
  if (typeof value === "boolean") return `<boolean>${value ? 1 : 0}</boolean>`
  if (typeof value === "string") return `<string>${escaped(value)}</string>`
  if (typeof value === "number") return numeral(value, floats.has(name))
  if (isList(value)) {
    return `<array><data>\n${value.map((item) => writeValue(item, floats)).join("")}</data></array>`
  }
  const members = Object.entries(value).flatMap(([key, item]) =>
    item === undefined
      ? []
      : [`<member>\n<name>${escaped(key)}</name>\n${writeValue(item, floats, key)}</member>\n`],
  )
  return `<struct>\n${members.join("")}</struct>`
}

function numeral(value: number, isFloat: boolean): string {
  if (!isFloat && Number.isInteger(value)) {
    if (value > MAX_INT || value < -MAX_INT - 1) {
      throw new MarshalError("builtins.OverflowError", "int exceeds XML-RPC limits", 500)
    }
    return `<int>${value}</int>`
  }
  return `<double>${pythonFloat(value)}</double>`
}

/** Python's `repr` of a float. */
function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan"
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf"
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`
  if (Math.abs(value) >= 1e16) return value.toExponential().replace(/e\+(\d)$/, "e+0$1")
  return Math.abs(value) < 1e-4 ? value.toExponential().replace(/e-(\d)$/, "e-0$1") : String(value)
}

/** Copies: Odoo leaves out what XML has no place for. */
const escaped = (text: string): string =>
  text
    .replace(/(?![\t\n\r\u007f-\u009f])\p{Cc}/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")

/** A whole answer; `inside` is a `<params>` or a `<fault>`. */
export const writeResponse = (inside: string): string =>
  `<?xml version="1.0"?>\n<methodResponse>\n${inside}\n\n</methodResponse>\n`
