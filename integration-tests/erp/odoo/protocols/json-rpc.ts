import { isList, isObject, type Json } from "../orm/values"
import { asOdooError, errorBody } from "./error-body"
import { parsePythonJson, pythonJson, type Protocol } from "./protocol"
import type { RemoteCall, ServerSide } from "./protocol"
import { HTML_TYPE, JSON_TYPE, NOSNIFF, werkzeugPage } from "./reply"
import type { Reply } from "./reply"
import { callService, nameOf } from "./services"

function badRequest(text: string): Reply {
  return { status: 400, type: HTML_TYPE, body: text }
}

function remoteCall(
  server: ServerSide,
  id: Json,
  service: Json | undefined,
  method: string,
  args: readonly Json[],
): RemoteCall {
  const envelope = (rest: object, notANumber: boolean): Reply => ({
    status: 200,
    type: JSON_TYPE,
    body: pythonJson({ jsonrpc: "2.0", id, ...rest }, notANumber),
  })
  return {
    name: nameOf(service, method, args),
    run: () => callService(server, service, method, args),
    // Copies: for a method that returns None there is no `result` at all.
    answer: ({ value, notANumber }) => ({
      ...envelope(value === null ? {} : { result: value }, notANumber),
      headers: NOSNIFF,
    }),
    // Copies: every exception is HTTP 200; its name is in `error.data.name`.
    fail: (error) => {
      const code = server.backend.version === 17 ? 200 : 0
      const data = errorBody(asOdooError(error))
      return envelope({ error: { code, message: "Odoo Server Error", data } }, false)
    },
  }
}

/** JSON-RPC, `POST /jsonrpc`, of all versions. */
export const jsonRpc: Protocol = {
  read: (request, server) => {
    if (request.path !== "/jsonrpc") return undefined
    if (request.method !== "POST") {
      const text = "The method is not allowed for the requested URL."
      return { ...werkzeugPage(405, text), headers: { Allow: "OPTIONS, POST" } }
    }
    let body: unknown
    try {
      body = parsePythonJson(request.body)
    } catch {
      return badRequest("Invalid JSON data")
    }
    if (!isObject(body)) return badRequest("Invalid JSON-RPC data")
    const { params, id = null } = body
    const { service, method, args } = isObject(params) ? params : {}
    return remoteCall(server, id, service, String(method), isList(args) ? args : [])
  },
}
