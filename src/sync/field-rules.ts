import { convertWeight, equalDecimals, isZero, roundDecimal } from "./decimal"
import { FieldRule } from "./decide"
import { familyOf, ownerOf } from "./owners"
import { Rules } from "./rules"
import { FieldName, FieldValue } from "./values"

const isBlankText = (value: FieldValue): boolean =>
  value === null || (typeof value === "string" && value.trim() === "")

const equalText = (a: FieldValue, b: FieldValue): boolean => (a ?? "") === (b ?? "")

const isBlankDecimal = (value: FieldValue): boolean =>
  isBlankText(value) || (typeof value === "string" && isZero(value))

const equalDecimal = (a: FieldValue, b: FieldValue): boolean =>
  typeof a === "string" && typeof b === "string" ? equalDecimals(a, b) : a === b

/** An absent weight and a weight of nothing say the same. */
const equalWeight = (a: FieldValue, b: FieldValue): boolean =>
  (isBlankDecimal(a) && isBlankDecimal(b)) || equalDecimal(a, b)

const equalFlag = (a: FieldValue, b: FieldValue): boolean => (a ?? false) === (b ?? false)

type Kind = Omit<FieldRule, "owner" | "foreign_edits" | "conflicts" | "first_link" | "push">

const TEXT: Kind = {
  blank_clears: false,
  isBlank: isBlankText,
  toMedusa: (value) => value,
  equalErp: equalText,
  equalMedusa: equalText,
}

const FLAG: Kind = {
  blank_clears: true,
  isBlank: (value) => value === null,
  toMedusa: (value) => value,
  equalErp: equalFlag,
  equalMedusa: equalFlag,
}

const kindOf = (rules: Rules, field: FieldName): Kind => {
  switch (familyOf(field)) {
    case "description":
      return {
        ...TEXT,
        blank_clears: true,
        toMedusa: (value) => (isBlankText(value) ? null : value),
      }
    case "category":
      return FLAG
    case "tracked":
      return { ...FLAG, isBlank: () => false }
    case "parent":
      return { ...TEXT, blank_clears: true }
    case "weight":
      return {
        blank_clears: false,
        isBlank: isBlankDecimal,
        // The record's weight comes in the store's unit already; see `weightOf`.
        toMedusa: (value) => value,
        equalErp: equalWeight,
        equalMedusa: equalWeight,
      }
    case "price": {
      const currency = field.slice("price:".length)
      const mapping = rules.prices.find((price) => price.currency === currency)
      return {
        blank_clears: false,
        isBlank: (value) => value === null,
        toMedusa: (value) =>
          typeof value === "string" && mapping
            ? roundDecimal(value, mapping.digits, mapping.rounding)
            : value,
        equalErp: equalDecimal,
        equalMedusa: equalDecimal,
      }
    }
    default:
      return TEXT
  }
}

/**
 * The rule of a field under a connection's rules.
 * @param ownerKey the name under which the options set its owner, where it differs from the field
 */
export const fieldRule = (rules: Rules, field: FieldName, ownerKey: string = field): FieldRule => ({
  ...kindOf(rules, field),
  owner: ownerOf(rules, ownerKey),
  foreign_edits: rules.foreign_edits,
  conflicts: rules.conflicts,
  first_link: rules.first_link,
  push: false,
})

/** A variant's weight in the store's unit, null when the ERP has none. */
export const weightOf = (
  rules: Rules,
  weight: { value: string; unit: "g" | "kg" | "lb" | "oz" } | null,
): string | null =>
  weight === null || isZero(weight.value)
    ? null
    : convertWeight(weight.value, weight.unit, rules.weight_unit)
