import { createHash } from "node:crypto"

/** Canonical JSON: keys sorted, so that equal content has one text; `skip` leaves a key out at any depth. */
const canonicalJson = (value: unknown, skip?: string): string => {
  if (Array.isArray(value)) {
    return `[${value.map((entry) => canonicalJson(entry, skip)).join(",")}]`
  }
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value)
      .filter(([key, entry]) => entry !== undefined && key !== skip)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry, skip)}`)
    return `{${entries.join(",")}}`
  }
  return JSON.stringify(value) ?? "null"
}

/**
 * Hash of a record's content together with the fingerprint of the rules: equal means that nothing
 * the rules look at has changed. The version is left out: a touched record is not a changed one.
 */
export const contentHash = (record: object, fingerprint: string): string =>
  createHash("sha1")
    .update(fingerprint)
    .update(canonicalJson(record, "version"))
    .digest("base64url")

/** Short fingerprint of any plain value. */
export const fingerprintOf = (value: unknown): string =>
  createHash("sha256").update(canonicalJson(value)).digest("base64url").slice(0, 22)
