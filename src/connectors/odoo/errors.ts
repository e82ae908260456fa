import { SyncError } from "../../sync/errors"
import { errorFrom, ErrorRule } from "../http"

/** An exception of Odoo as JSON-RPC and JSON-2 report it. Names are never translated, messages are. */
export interface OdooException {
  name: string
  message: string
}

const named =
  (...names: string[]) =>
  ({ name }: OdooException) =>
    names.includes(name)
const saying =
  (pattern: RegExp, ...names: string[]) =>
  (exception: OdooException) =>
    (names.length === 0 || named(...names)(exception)) && pattern.test(exception.message)

/**
 * Told apart by the exception's name, not by status: a misspelt field is a 500 in Odoo. The three
 * that PostgreSQL raises for competing transactions are safe to repeat, nothing was committed.
 */
export const ODOO_ERRORS: readonly ErrorRule<OdooException>[] = [
  {
    matches: named(
      "odoo.exceptions.AccessDenied",
      "werkzeug.exceptions.Unauthorized",
      "odoo.http.SessionExpiredException",
    ),
    kind: "config",
    code: "unauthorised",
    sentence: "Odoo refused the credentials.",
    remedy:
      "Check `login` and the API key. Keys of ordinary users expire after at most 90 days: make a new one in Odoo under Preferences, Account Security.",
    scope: "connection",
  },
  {
    matches: saying(/company|compan(y|ies)/i, "odoo.exceptions.AccessError"),
    kind: "config",
    code: "forbidden_company",
    sentence: "the user may not work in this company.",
    remedy: "Add the company to the user's allowed companies, or correct `company`.",
    scope: "connection",
  },
  {
    matches: named("odoo.exceptions.AccessError", "werkzeug.exceptions.Forbidden"),
    kind: "config",
    code: "forbidden",
    sentence: "the user lacks a right.",
    remedy: "Give the connection's user the groups named in the guide: Products, Inventory, Sales.",
    scope: "stream",
  },
  {
    matches: saying(/[Ii]nvalid language/),
    kind: "config",
    code: "language_unknown",
    sentence: "this language is not active in Odoo.",
    remedy: "Correct `language`, or activate it in Odoo under Settings, Languages.",
    scope: "connection",
  },
  {
    matches: named("odoo.exceptions.MissingError"),
    kind: "data",
    code: "missing",
    sentence: "the record does not exist any more.",
    remedy: "It is treated as gone by the next sweep.",
  },
  {
    matches: saying(
      /Object .* doesn't exist|model .* does not exist/,
      "odoo.exceptions.UserError",
      "werkzeug.exceptions.NotFound",
    ),
    kind: "config",
    code: "model_unknown",
    sentence: "Odoo has no such model: its app is not installed.",
    remedy: "Install the app (Inventory for stock, Sales for products), or leave the stream out.",
    scope: "stream",
  },
  {
    matches: named(
      "odoo.exceptions.UserError",
      "odoo.exceptions.ValidationError",
      "odoo.exceptions.RedirectWarning",
    ),
    kind: "data",
    code: "refused",
    sentence: "Odoo refused the values.",
    remedy: "Correct the record as the message says.",
  },
  {
    matches: named(
      "psycopg2.errors.SerializationFailure",
      "psycopg2.errors.LockNotAvailable",
      "psycopg2.errors.DeadlockDetected",
      "odoo.exceptions.LockError",
      "odoo.exceptions.ConcurrencyError",
    ),
    kind: "transient",
    code: "locked",
    sentence: "other transactions of Odoo were in the way; nothing was changed.",
    remedy: "It is tried again by itself.",
  },
  {
    matches: saying(/database .* does not exist/, "psycopg2.OperationalError"),
    kind: "config",
    code: "database_unknown",
    sentence: "there is no such database on this server.",
    remedy: "Correct the connection's `database`.",
    scope: "connection",
  },
  {
    // A value that no column takes (NUL in a text, a number out of range) never heals.
    matches: named(
      "psycopg2.errors.UntranslatableCharacter",
      "psycopg2.errors.InvalidTextRepresentation",
      "psycopg2.errors.NumericValueOutOfRange",
      "psycopg2.errors.StringDataRightTruncation",
      "psycopg2.errors.UniqueViolation",
      "psycopg2.errors.NotNullViolation",
      "psycopg2.errors.ForeignKeyViolation",
      "psycopg2.errors.CheckViolation",
    ),
    kind: "data",
    code: "refused",
    sentence: "Odoo's database refused the values.",
    remedy: "Correct the record as the message says.",
  },
  {
    matches: ({ name }) => name.startsWith("psycopg2."),
    kind: "transient",
    code: "database_down",
    sentence: "Odoo's database did not answer.",
    remedy: "It is tried again by itself. If it lasts, Odoo's own log has the cause.",
  },
  {
    matches: named("builtins.MemoryError"),
    kind: "transient",
    code: "response_too_large",
    sentence: "Odoo ran out of memory for this page.",
    remedy: "Smaller pages are tried by themselves.",
  },
  {
    matches: saying(/^Invalid field/, "builtins.ValueError", "builtins.KeyError"),
    kind: "config",
    code: "field_unknown",
    sentence: "Odoo has no such field.",
    remedy: "Correct `filter` or the mapped fields; a customisation may have been uninstalled.",
    scope: "stream",
  },
  {
    matches: named("werkzeug.exceptions.TooManyRequests"),
    kind: "transient",
    code: "rate_limited",
    sentence: "Odoo asks for fewer requests.",
    remedy: "It is waited for. If it lasts, lower `per_second` of the connection.",
  },
  {
    matches: named(
      "werkzeug.exceptions.ServiceUnavailable",
      "werkzeug.exceptions.InternalServerError",
      "werkzeug.exceptions.GatewayTimeout",
    ),
    kind: "transient",
    code: "server_error",
    sentence: "Odoo failed.",
    remedy: "It is tried again by itself. If it lasts, Odoo's own log has the cause.",
  },
]

/** The SyncError of an exception; an unknown name is a `bug`, since it was never seen to heal. */
export const odooError = (
  exception: OdooException,
  tried: string,
  retryAfterMs?: number,
): SyncError => {
  const said = exception.message.slice(0, 500)
  return (
    errorFrom(ODOO_ERRORS, exception, { tried, said, retry_after_ms: retryAfterMs }) ??
    new SyncError({
      kind: "bug",
      code: "odoo_exception",
      message: `${tried}: ${exception.name}: ${said}`,
      remedy: "A customisation of Odoo or this plugin is at fault; please report it with the log.",
    })
  )
}

/** The exception inside an error body of either protocol, or null if it is not one of Odoo's. */
export const exceptionIn = (body: unknown): OdooException | null => {
  if (typeof body !== "object" || body === null) return null
  const { name, message } = body as Record<string, unknown>
  return typeof name === "string"
    ? { name, message: typeof message === "string" ? message : "" }
    : null
}
