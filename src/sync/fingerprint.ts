import { fingerprintOf } from "./hash"
import { familyOf } from "./owners"
import { FieldName } from "./values"

/**
 * Fingerprint of the rules that give bases their meaning, field by field: `price:eur=…;weight=…`. A
 * changed mapping voids the bases of its own fields and of no other.
 */
export const rulesFingerprint = (meanings: { readonly [field: FieldName]: unknown }): string =>
  Object.entries(meanings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, meaning]) => `${field}=${fingerprintOf(meaning)}`)
    .join(";")

const partOf = (fingerprint: string, field: FieldName): string | undefined =>
  fingerprint
    .split(";")
    .find((part) => part.startsWith(`${field}=`) || part.startsWith(`${familyOf(field)}=`))

/** Not a field: the language that texts are read in, beside the fields' own meanings. */
export const LANGUAGE = "language"

/** Families whose values are texts of one language. */
const TEXTS: ReadonlySet<string> = new Set(["title", "description", "name", "attribute"])

/**
 * Whether a base made under one fingerprint still means the same under another. A version that knew of
 * no language stored none: its texts are taken to be in the present one.
 */
export const sameMeaning = (made: string, now: string, field: FieldName): boolean =>
  made === now || (partOf(made, field) === partOf(now, field) && sameLanguage(made, now, field))

const sameLanguage = (made: string, now: string, field: FieldName): boolean => {
  const [before, after] = [partOf(made, LANGUAGE), partOf(now, LANGUAGE)]
  const isKnown = before !== undefined && after !== undefined
  return !TEXTS.has(familyOf(field)) || !isKnown || before === after
}

/** A fingerprint that says no language yet, with that of another one. */
export const withLanguageOf = (made: string, other: string | null | undefined): string => {
  const language = other ? partOf(other, LANGUAGE) : undefined
  return language === undefined || partOf(made, LANGUAGE) !== undefined
    ? made
    : `${made};${language}`
}
