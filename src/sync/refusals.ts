import { HeldReason } from "./decide"
import { fingerprintOf } from "./hash"
import { FieldName, FieldValue, Link } from "./values"

/**
 * What the ERP said to an edit that it does not take, kept with the link: the same edit is not sent
 * again until either side's value changes, a day has passed, or a person asks for it.
 */
export interface Refusal {
  reason: Extract<HeldReason, "unsupported" | "refused_by_erp">
  message: string
}

const RETRY_MS = 24 * 60 * 60 * 1000

/** Under which name of `kept` a field's refusal stands. */
export const refusalName = (field: FieldName): string => `refused:${field}`

/** A refusal as text of `kept`. `at` is database time, ISO. */
export const keepRefusal = (
  refusal: Refusal,
  edit: { from: FieldValue; to: FieldValue },
  at: string,
): string => [fingerprintOf([edit.from, edit.to]), at, refusal.reason, refusal.message].join(" ")

/** The refusal that this very edit met, while it still counts. */
export const refusalOf = (
  kept: Link["kept"],
  field: FieldName,
  edit: { from: FieldValue; to: FieldValue },
  now: string,
): Refusal | null => {
  const text = kept[refusalName(field)]
  if (typeof text !== "string") {
    return null
  }
  const [fingerprint, at = "", reason = "", ...message] = text.split(" ")
  const counts =
    fingerprint === fingerprintOf([edit.from, edit.to]) &&
    Date.parse(now) - Date.parse(at) < RETRY_MS
  return counts
    ? {
        reason: reason === "unsupported" ? "unsupported" : "refused_by_erp",
        message: message.join(" "),
      }
    : null
}
