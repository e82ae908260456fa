import { SyncError } from "../../sync/errors"
import type { RequestOptions } from "../contract"
import { HttpAnswer, HttpClient, isJson, readJson, statusError } from "../http"
import { LOGIN_PAUSE_MS } from "./defaults"
import { exceptionIn, odooError } from "./errors"
import { CallOptions, OdooAnswer, OdooCall, OdooProtocol, repetition, triedOf } from "./protocol"
import { stampOfHttpDate } from "./windows"

export interface JsonRpcOptions {
  http: HttpClient
  database: string
  login: string
  /** Password or API key; both work here. */
  secret: string
  now: () => number
}

/**
 * `/jsonrpc`, Odoo 17 to 21: every error is a 200 with an `error`, and Python's None an answer that
 * has no `result`. The user's id is asked for once; a refused login is not repeated for a minute.
 */
export const createJsonRpc = (options: JsonRpcOptions): OdooProtocol => {
  const { http, database, login, secret, now } = options
  let user: Promise<number> | null = null
  let refused: { error: SyncError; until: number } | null = null

  const send = (
    params: { service: string; method: string; args: unknown[] },
    tried: string,
    request: CallOptions,
  ) =>
    http.call(
      {
        method: "POST",
        url: "/jsonrpc",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", method: "call", id: 1, params }),
        tried,
        ...repetition(request),
      },
      (answer) => interpret(answer, tried),
    )

  const authenticate = async (request: RequestOptions): Promise<number> => {
    if (refused && now() < refused.until) throw refused.error
    try {
      const args = [database, login, secret, {}]
      const { value } = await send(
        { service: "common", method: "authenticate", args },
        "Odoo login",
        request,
      )
      if (typeof value === "number") return value
      // A wrong password is no fault in Odoo: it answers false.
      const name = "odoo.exceptions.AccessDenied"
      throw odooError({ name, message: "" }, `Odoo login of "${login}" in "${database}"`)
    } catch (error) {
      if (error instanceof SyncError && error.kind === "config") {
        refused = { error, until: now() + LOGIN_PAUSE_MS }
      }
      throw error
    }
  }

  const uid = (request: RequestOptions = {}): Promise<number> => {
    user ??= authenticate(request).catch((error: unknown) => {
      user = null
      throw error
    })
    return user
  }

  return {
    name: "jsonrpc",
    uid,
    async call(call: OdooCall, request: CallOptions = {}): Promise<OdooAnswer> {
      const { positional, named } = argumentsOf(call)
      const args = [database, await uid(request), secret, call.model, call.method, positional]
      try {
        return await send(
          { service: "object", method: "execute_kw", args: [...args, named] },
          triedOf(call),
          request,
        )
      } catch (error) {
        // The key was revoked meanwhile: the next call logs in anew, and says so.
        if (error instanceof SyncError && error.code === "unauthorised") user = null
        throw error
      }
    },
  }
}

/** Record ids come first, and so do `create`'s values: by name, Odoo does not find them. */
const argumentsOf = ({ method, ids, args = {} }: OdooCall) => {
  if (method !== "create") return { positional: ids === undefined ? [] : [ids], named: args }
  const { vals_list: list, ...named } = args
  return { positional: [list], named }
}

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
