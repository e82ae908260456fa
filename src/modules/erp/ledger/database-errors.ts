import { SyncError } from "../../../sync/errors"

/** What of PostgreSQL's and the pool's errors goes away by itself. */
const TRANSIENT: { code: RegExp; name: string; message: string }[] = [
  { code: /^(40001|40P01|55P03)$/, name: "database_busy", message: "Rows were in use elsewhere." },
  {
    code: /^(08|57P|53)/,
    name: "database_unavailable",
    message: "The database was not available.",
  },
  {
    code: /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/,
    name: "database_unavailable",
    message: "The database could not be reached.",
  },
]

/** Errors that a later attempt may not meet again become `transient`; all others pass as they are. */
export const databaseError = (error: unknown): unknown => {
  if (error instanceof SyncError) return error
  const code = codeOf(error)
  const known = TRANSIENT.find((kind) => kind.code.test(code))
  if (!known) return error
  return new SyncError({
    kind: "transient",
    code: known.name,
    message: `${known.message} (${code})`,
    remedy: "Nothing to do: it is tried again.",
    cause: error,
  })
}

export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === "23505"

export const isUndefinedTable = (error: unknown): boolean => codeOf(error) === "42P01"

const codeOf = (error: unknown): string => {
  if (typeof error !== "object" || error === null) return ""
  // The pool's own time-out has a name and no code.
  if ("name" in error && error.name === "KnexTimeoutError") return "ETIMEDOUT"
  return "code" in error && typeof error.code === "string" ? error.code : ""
}
