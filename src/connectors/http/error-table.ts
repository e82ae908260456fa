import { ErrorKind, SyncError, SyncErrorDetails } from "../../sync/errors"

/**
 * How an error is understood, as data: the first rule that matches decides. `sentence` says what
 * happened, `remedy` what the person who reads it can do.
 */
export interface ErrorRule<Subject> {
  matches: (subject: Subject) => boolean
  kind: ErrorKind
  code: string
  sentence: string
  remedy: string
  scope?: SyncErrorDetails["scope"]
}

/** The first matching rule's SyncError, with what was tried in front and what was said behind. */
export const errorFrom = <Subject>(
  rules: readonly ErrorRule<Subject>[],
  subject: Subject,
  told: { tried: string; said?: string; retry_after_ms?: number },
): SyncError | null => {
  const rule = rules.find((candidate) => candidate.matches(subject))
  if (!rule) return null
  const said = told.said ? ` It said: ${told.said}` : ""
  return new SyncError({
    kind: rule.kind,
    code: rule.code,
    message: `${told.tried}: ${rule.sentence}${said}`,
    remedy: rule.remedy,
    scope: rule.scope,
    retry_after_ms: told.retry_after_ms,
  })
}

const status =
  (from: number, to = from) =>
  (actual: number) =>
    actual >= from && actual <= to

/** Statuses of servers, proxies and gateways, where the answer's body does not say more. */
export const STATUS_ERRORS: readonly ErrorRule<number>[] = [
  {
    matches: status(300, 399),
    kind: "config",
    code: "redirected",
    sentence: "the server redirects to another address, which is not followed with credentials.",
    remedy: "Enter the final address in the connection's `url`, usually with https.",
    scope: "connection",
  },
  {
    matches: status(401),
    kind: "config",
    code: "unauthorised",
    sentence: "the server refused the credentials.",
    remedy: "Check login and key; a key may be expired or revoked: make a new one.",
    scope: "connection",
  },
  {
    matches: status(403),
    kind: "config",
    code: "forbidden",
    sentence: "the server, or a firewall before it, forbids this request.",
    remedy: "Give the user the rights named in the guide, or allow this machine's address.",
    scope: "stream",
  },
  {
    matches: status(404, 405),
    kind: "config",
    code: "endpoint_not_found",
    sentence: "there is no such endpoint.",
    remedy: "Check the connection's `url` and `database`.",
    scope: "connection",
  },
  {
    matches: status(407),
    kind: "config",
    code: "proxy_unauthorised",
    sentence: "the proxy asks for credentials.",
    remedy: "Put the proxy's user and password into the connection's `proxy` address.",
    scope: "connection",
  },
  {
    matches: status(429),
    kind: "transient",
    code: "rate_limited",
    sentence: "the server asks for fewer requests.",
    remedy: "It is waited for. If it lasts, lower `per_second` and `in_flight` of the connection.",
  },
  {
    matches: (actual) => [408, 425, 423, 409].includes(actual),
    kind: "transient",
    code: "server_busy",
    sentence: "the server could not take the request now.",
    remedy: "It is tried again by itself.",
  },
  {
    matches: status(413),
    kind: "config",
    code: "request_too_large",
    sentence: "the request is larger than the server or a proxy allows.",
    remedy: "Raise the body limit of the proxy before the ERP, or lower the page size.",
    scope: "stream",
  },
  {
    matches: status(500, 599),
    kind: "transient",
    code: "server_error",
    sentence: "the server failed.",
    remedy: "It is tried again by itself. If it lasts, the ERP's own log has the cause.",
  },
]

const codes =
  (...list: string[]) =>
  (actual: string) =>
    list.includes(actual)

/** Failures before there was any answer, by the code of Node or axios. */
export const NETWORK_ERRORS: readonly ErrorRule<string>[] = [
  {
    matches: codes(
      "CERT_HAS_EXPIRED",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "ERR_TLS_CERT_ALTNAME_INVALID",
    ),
    kind: "config",
    code: "certificate_refused",
    sentence: "the server's certificate is not trusted.",
    remedy: "Give the authority's certificate in the connection's `ca`, or renew the certificate.",
    scope: "connection",
  },
  {
    matches: codes("ERR_INVALID_URL", "ERR_INVALID_PROTOCOL", "ERR_UNSUPPORTED_PROTOCOL"),
    kind: "config",
    code: "url_invalid",
    sentence: "the address is not valid.",
    remedy: "Correct the connection's `url`: http or https, host, and port where it is not usual.",
    scope: "connection",
  },
  {
    matches: codes("ETIMEDOUT", "ECONNABORTED", "TIMEOUT"),
    kind: "transient",
    code: "timeout",
    sentence: "no complete answer came in time.",
    remedy: "It is tried again. If it lasts, raise `timeout_ms` or lower the page size.",
  },
  {
    matches: codes("ENOTFOUND", "EAI_AGAIN"),
    kind: "transient",
    code: "host_unknown",
    sentence: "the host's name is not known.",
    remedy: "Check the host in the connection's `url`, and this machine's name resolution.",
  },
  {
    matches: codes("ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"),
    kind: "transient",
    code: "unreachable",
    sentence: "nothing answers at this address.",
    remedy: "Check that the ERP runs and that this machine may reach its port.",
  },
  {
    matches: () => true,
    kind: "transient",
    code: "connection_lost",
    sentence: "the connection broke before the answer was complete.",
    remedy: "It is tried again by itself.",
  },
]
