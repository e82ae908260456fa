/** What kind of error it is decides what happens next; the table is in the documentation of the engine. */
export const ERROR_KINDS = ["config", "transient", "data", "conflict", "bug"] as const
export type ErrorKind = (typeof ERROR_KINDS)[number]

export interface SyncErrorDetails {
  kind: ErrorKind
  /** Stable, machine-readable: `unauthorised`, `rate_limited`, `duplicate_sku`. */
  code: string
  /** What was tried and what the ERP or store said, for the person who must act. Never a secret. */
  message: string
  /** What to do about it. */
  remedy: string
  /** The smallest thing that has to pause for a `config` error. */
  scope?: "connection" | "stream" | "mapping" | "record"
  /** What the server asked us to wait, in milliseconds; burns no attempt. */
  retry_after_ms?: number
  /** True when a write may have been carried out although no answer came. */
  outcome_unknown?: boolean
  record?: string
  field?: string
  value?: string
  cause?: unknown
}

/** The one error class of the sync. */
export class SyncError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly remedy: string
  readonly scope: SyncErrorDetails["scope"]
  readonly retry_after_ms: number | undefined
  readonly outcome_unknown: boolean
  readonly record: string | undefined
  readonly field: string | undefined
  readonly value: string | undefined

  constructor(details: SyncErrorDetails) {
    super(details.message, { cause: details.cause })
    this.name = "SyncError"
    this.kind = details.kind
    this.code = details.code
    this.remedy = details.remedy
    this.scope = details.scope
    this.retry_after_ms = details.retry_after_ms
    this.outcome_unknown = details.outcome_unknown ?? false
    this.record = details.record
    this.field = details.field
    this.value = details.value
  }
}

/** Any thrown thing as a SyncError; what is not one already is a `bug`, with its cause kept for the log. */
export const toSyncError = (error: unknown): SyncError =>
  error instanceof SyncError
    ? error
    : new SyncError({
        kind: "bug",
        code: "unexpected",
        message: error instanceof Error ? error.message : String(error),
        remedy: "This is a defect of the plugin or of a customisation; the log has the stack.",
        cause: error,
      })
