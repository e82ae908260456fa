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

/** Whether a base made under one fingerprint still means the same under another. */
export const sameMeaning = (made: string, now: string, field: FieldName): boolean =>
  made === now || partOf(made, field) === partOf(now, field)
