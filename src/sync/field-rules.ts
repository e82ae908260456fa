import { attributeInErp, attributeInStore, AttributeMapping, attributeOf } from "./attributes"
import { convertWeight, equalDecimals, isZero, roundDecimal } from "./decimal"
import { Entity } from "./canonical"
import { FieldRule, HeldReason } from "./decide"
import { normalise } from "./normalise"
import { familyOf, ownerOf } from "./owners"
import { equalTiers, priceListField, tiersInErp, tiersInStore } from "./price-tiers"
import { Rules } from "./rules"
import { isTranslation } from "./translations"
import { FieldName, FieldValue, Link } from "./values"

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

type Kind = Omit<
  FieldRule,
  "owner" | "foreign_edits" | "conflicts" | "first_link" | "held" | "toErp"
>

const TEXT: Kind = {
  blank_clears: false,
  isBlank: isBlankText,
  toMedusa: (value) => value,
  equalErp: equalText,
  equalMedusa: equalText,
}

/** A text that may be missing: what one side clears, the other clears too. */
const CLEARABLE_TEXT: Kind = {
  ...TEXT,
  blank_clears: true,
  toMedusa: (value) => (isBlankText(value) ? null : value),
}

const FLAG: Kind = {
  blank_clears: true,
  isBlank: (value) => value === null,
  toMedusa: (value) => value,
  equalErp: equalFlag,
  equalMedusa: equalFlag,
}

const isDecimal = (value: FieldValue): value is string =>
  typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)

const equalNumber = (a: FieldValue, b: FieldValue): boolean =>
  isDecimal(a) && isDecimal(b) ? equalDecimals(a, b) : equalText(a, b)

/** A characteristic: what is empty in one side clears the other. */
const attributeKind = (mapping: AttributeMapping | undefined): Kind => {
  const kind = mapping?.type === "boolean" ? FLAG : { ...TEXT, blank_clears: true }
  const equal =
    mapping?.type === "number" ? { equalErp: equalNumber, equalMedusa: equalNumber } : {}
  return {
    ...kind,
    ...equal,
    toMedusa: (value) => (mapping ? attributeInStore(mapping, value) : value),
  }
}

/** A description, and any text in a further language. */
const isClearable = (field: FieldName): boolean =>
  familyOf(field) === "description" || isTranslation(field)

const kindOf = (rules: Rules, field: FieldName): Kind => {
  if (isClearable(field)) {
    return CLEARABLE_TEXT
  }
  switch (familyOf(field)) {
    case "attribute":
      return attributeKind(attributeOf(rules.attributes ?? [], field))
    case "category":
    case "tag":
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
    case "price_list":
      return tiersKind(rules, field)
    default:
      return TEXT
  }
}

/** Tiers that the ERP has no more go: a base price stands below them. */
const tiersKind = (rules: Rules, field: FieldName): Kind => {
  const mapping = rules.price_lists?.find((list) => priceListField(list) === field)
  return {
    blank_clears: true,
    isBlank: (value) => value === null,
    toMedusa: (value) => (mapping ? tiersInStore(value, mapping.digits, mapping.rounding) : value),
    equalErp: equalTiers,
    equalMedusa: equalTiers,
  }
}

/**
 * The rule of a field of an entity under a connection's rules.
 * @param ownerKey the name under which the options set its owner, where it differs from the field
 * @param own owners that a person set for this record
 */
export const fieldRule = (
  rules: Rules,
  entity: Entity,
  field: FieldName,
  ownerKey: string = field,
  own: Link["owners"] = {},
): FieldRule => ({
  ...kindOf(rules, field),
  toErp: (value) => toErp(rules, entity, field, value),
  owner: own[field] ?? own[familyOf(field)] ?? ownerOf(rules, ownerKey),
  foreign_edits: rules.foreign_edits,
  conflicts: rules.conflicts,
  first_link: rules.first_link,
  held: heldReason(rules, entity, field),
})

const heldReason = (rules: Rules, entity: Entity, field: FieldName): HeldReason | null => {
  const taken: Partial<Record<Entity, ReadonlySet<FieldName>>> = rules.push.fields
  return taken[entity]?.has(familyOf(field)) ? rules.push.held : "unsupported"
}

const toErp = (rules: Rules, entity: Entity, field: FieldName, value: FieldValue): FieldValue => {
  const family = familyOf(field)
  const normaliser = rules.normalises[`${entity}.${family}`]
  if (family === "weight") {
    return typeof value === "string" && normaliser?.digits !== undefined
      ? roundWeight(
          value,
          rules.weight_unit,
          normaliser.unit ?? rules.weight_unit,
          normaliser.digits,
        )
      : value
  }
  if (family === "price_list") {
    const digits = normaliser?.digits ?? rules.normalises[`${entity}.price`]?.digits
    return tiersInErp(value, digits ?? null)
  }
  if (family === "attribute") {
    const mapping = attributeOf(rules.attributes ?? [], field)
    return normalise(mapping ? attributeInErp(mapping, value) : value, normaliser)
  }
  const given = isClearable(field) && isBlankText(value) ? null : value
  return normalise(given, normaliser)
}

/** A weight as an ERP holds it that counts in another unit. */
const roundWeight = (
  value: string,
  store: Rules["weight_unit"],
  erp: Rules["weight_unit"],
  digits: number,
): string =>
  convertWeight(roundDecimal(convertWeight(value, store, erp), digits, "half-up"), erp, store)

/** A variant's weight in the store's unit, null when the ERP has none. */
export const weightOf = (
  rules: Rules,
  weight: { value: string; unit: "g" | "kg" | "lb" | "oz" } | null,
): string | null =>
  weight === null || isZero(weight.value)
    ? null
    : convertWeight(weight.value, weight.unit, rules.weight_unit)
