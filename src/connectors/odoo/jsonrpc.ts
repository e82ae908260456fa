import { HttpAnswer, isJson, readJson, statusError } from "../http"
import { exceptionIn, odooError } from "./errors"
import { createExecuteKw, RpcAccess } from "./execute-kw"
import type { OdooAnswer, OdooProtocol } from "./protocol"
import { stampOfHttpDate } from "./windows"

/**
 * `/jsonrpc`, Odoo 17 to 21: every error is a 200 with an `error`, and Python's None an answer that
 * has no `result`.
 */
export const createJsonRpc = (access: RpcAccess): OdooProtocol => ({
  name: "jsonrpc",
  charset: "json",
  ...createExecuteKw(access, (params, tried, request) =>
    access.http.call(
      {
        method: "POST",
        url: "/jsonrpc",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", method: "call", id: 1, params }),
        tried,
        ...request,
      },
      (answer) => interpret(answer, tried),
    ),
  ),
})

const interpret = (answer: HttpAnswer, tried: string): OdooAnswer => {
  if (answer.status >= 400 && !isJson(answer)) throw statusError(answer, tried)
  const body = answer.status >= 300 && answer.status < 400 ? null : readJson(answer, tried)
  if (typeof body !== "object" || body === null) throw statusError(answer, tried)
  const { error, result } = body as Record<string, unknown>
  if (error !== undefined && error !== null) {
    const exception = exceptionIn((error as Record<string, unknown>)["data"])
    throw odooError(
      exception ?? { name: "unnamed", message: JSON.stringify(error).slice(0, 500) },
      tried,
      answer.retry_after_ms,
    )
  }
  if (answer.status !== 200) throw statusError(answer, tried)
  return { value: result ?? null, served_at: stampOfHttpDate(answer.headers["date"]) }
}
