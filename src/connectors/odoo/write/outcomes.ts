import type { SyncError } from "../../../sync/errors"
import type { FieldName } from "../../../sync/values"
import type { Change, WriteOutcome } from "../../contract"

/** What became of each change, filled in while the batch goes on. */
export type Outcomes = Map<Change, WriteOutcome>

export type Unsupported = Extract<WriteOutcome, { outcome: "unsupported" }>
export type Invalid = Extract<WriteOutcome, { outcome: "invalid" }>

/** Odoo has no place for the value; `remedy` is what a person can do instead. */
export const unsupported = (field: FieldName, message: string, remedy: string): Unsupported => ({
  outcome: "unsupported",
  field,
  message,
  remedy,
})

export const refused = (reason: "newer_version" | "gone"): WriteOutcome => ({
  outcome: "refused",
  reason,
})

export const failed = (error: SyncError): WriteOutcome => ({ outcome: "failed", error })
