import { RejectedRecord, Stream, STREAM_SCHEMAS, StreamRecords } from "../sync/canonical"
import { ErpId } from "../sync/ids"

/**
 * The door between an ERP's records and the canonical model. What does not pass is named, with the
 * field, the value and a remedy, and never stops the records beside it.
 */
export type Admission<S extends Stream> =
  { record: StreamRecords[S]; rejected: null } | { record: null; rejected: RejectedRecord }

export interface DoorSubject {
  id: ErpId
  version: string | null
  /** What the person should open, for the remedy: `product "Desk" (id 9) in Odoo`. */
  named: string
}

/** Thrown by a mapping that cannot even build a candidate; `refuse` turns it into a rejection. */
export class Refusal extends Error {
  constructor(
    readonly field: string,
    readonly refused: unknown,
    readonly reason: string,
  ) {
    super(reason)
  }
}

/**
 * Builds a candidate and checks it against the stream's schema. A number where text is expected, a
 * NaN, a missing name or a value that is too long becomes a RejectedRecord.
 */
export const admit = <S extends Stream>(
  stream: S,
  subject: DoorSubject,
  build: () => unknown,
): Admission<S> => {
  let candidate: unknown
  try {
    candidate = build()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { record: null, rejected: refuse(subject, error.field, error.refused, error.reason) }
  }
  const parsed = STREAM_SCHEMAS[stream].safeParse(candidate)
  if (parsed.success) return { record: parsed.data as StreamRecords[S], rejected: null }
  const [first, ...others] = parsed.error.issues
  const path = first?.path ?? []
  const more = others.length > 0 ? ` (and ${others.length} more)` : ""
  const reason = `${first?.message ?? "is not valid"}${more}`
  const field = namedPath(candidate, path)
  return { record: null, rejected: refuse(subject, field, valueAt(candidate, path), reason) }
}

/** The rejection of one field of a record. */
export const refuse = (
  subject: DoorSubject,
  field: string,
  value: unknown,
  reason: string,
): RejectedRecord => ({
  id: subject.id,
  field,
  value: shown(value),
  reason,
  remedy: `Correct "${field}" of ${subject.named}; the record is read again when it changes.`,
  version: subject.version,
})

/** A value as text of at most 200 characters, for a person. */
export const shown = (value: unknown): string => {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value))
  // NUL cannot be stored, and other control characters only confuse who reads.
  const clean = text.slice(0, 400).replace(/\p{Cc}/gu, "\ufffd")
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean
}

const child = (parent: unknown, key: PropertyKey): unknown =>
  typeof parent === "object" && parent !== null
    ? (parent as Record<PropertyKey, unknown>)[key]
    : undefined

const valueAt = (candidate: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce(child, candidate)

/** `variants.42.barcode`: a list's member goes by what identifies it, not by its place. */
const namedPath = (candidate: unknown, path: readonly PropertyKey[]): string => {
  let at = candidate
  return path
    .map((key) => {
      at = child(at, key)
      const name = typeof key === "number" ? memberName(at) : undefined
      return name ?? String(key)
    })
    .join(".")
}

const memberName = (member: unknown): string | undefined => {
  const name = child(member, "id") ?? child(member, "warehouse") ?? child(member, "list")
  return typeof name === "string" || typeof name === "number" ? String(name) : undefined
}
