import { SyncError } from "../../sync/errors"
import type { HttpAnswer } from "./client"
import { errorFrom, NETWORK_ERRORS, STATUS_ERRORS } from "./error-table"

/** After these the server may have carried out the request all the same. */
export const MAY_HAVE_HAPPENED: ReadonlySet<string> = new Set([
  "timeout",
  "connection_lost",
  "server_error",
  "database_down",
  "html_answer",
  "empty_answer",
  "truncated_answer",
  "response_too_large",
  "closed",
])

/** The SyncError of an answer whose status alone says what it is. */
export const statusError = (answer: HttpAnswer, tried: string): SyncError =>
  errorFrom(STATUS_ERRORS, answer.status, {
    tried: `${tried}: status ${answer.status}`,
    retry_after_ms:
      answer.status === 429 || answer.status === 503 ? answer.retry_after_ms : undefined,
  }) ??
  new SyncError({
    kind: "bug",
    code: "unexpected_status",
    message: `${tried}: the server answered with status ${answer.status}.`,
    remedy: "The request is not what this server expects; please report it with the log.",
  })

/** The SyncError of a request that got no answer. */
export const networkError = (error: unknown, tried: string, timedOut: boolean): SyncError => {
  // Never the axios error itself as cause: it carries the request with its credentials.
  const { code, message = "" } = (error ?? {}) as Partial<NodeJS.ErrnoException>
  if (message.includes("maxContentLength")) {
    return new SyncError({
      kind: "transient",
      code: "response_too_large",
      message: `${tried}: the answer is larger than allowed.`,
      remedy: "Smaller pages are tried by themselves.",
    })
  }
  const subject = timedOut ? "TIMEOUT" : (code ?? "")
  const known = errorFrom(NETWORK_ERRORS, subject, { tried })
  return known ?? new SyncError({ kind: "bug", code: "unexpected", message: tried, remedy: "" })
}
