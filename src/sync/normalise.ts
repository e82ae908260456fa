import { roundDecimal } from "./decimal"
import { FieldValue } from "./values"

/** What an ERP does to a value on its own when it stores it, as data that a connector declares. */
export interface Normaliser {
  /** Outer white space is cut off. */
  trim?: boolean
  upper?: boolean
  /** Longer text is cut after so many characters. */
  max_length?: number
  /** Decimals are rounded, half up, to so many digits after the point. */
  digits?: number
  /** The unit in which a weight's digits count. */
  unit?: "g" | "kg" | "lb" | "oz"
  /** An empty text is stored as none. */
  blank_to_null?: boolean
}

/** What the ERP will hold when given this value. */
export const normalise = (value: FieldValue, by: Normaliser | undefined): FieldValue => {
  if (typeof value !== "string" || by === undefined) {
    return value
  }
  if (by.digits !== undefined) {
    return roundDecimal(value, by.digits, "half-up")
  }
  let text = by.trim ? value.trim() : value
  text = (by.upper ? text.toUpperCase() : text).slice(0, by.max_length)
  // A cut may end in a blank.
  text = by.trim ? text.trim() : text
  return by.blank_to_null && text === "" ? null : text
}
