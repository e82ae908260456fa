import { callByPosition } from "../methods/call"
import { accessDenied, attributeError, OdooError, typeError } from "../orm/errors"
import { isList, isObject, type Json } from "../orm/values"
import { asOdooError, errorBody } from "./error-body"
import { parsePythonJson, pythonJson, type CallResult, type Protocol } from "./protocol"
import type { RemoteCall, ServerSide } from "./protocol"
import { HTML_TYPE, JSON_TYPE, NOSNIFF, werkzeugPage } from "./reply"
import type { Reply } from "./reply"
import { versionInfo } from "./version"

const plain = (value: Json): CallResult => ({ value, notANumber: false })

function badRequest(text: string): Reply {
  return { status: 400, type: HTML_TYPE, body: text }
}

/** Copies: a database that does not exist is an error of the driver, not of the login. */
function requireDatabase(server: ServerSide, name: Json | undefined): void {
  if (name === server.backend.database) return
  throw new OdooError(
    "psycopg2.OperationalError",
    `connection to server at "localhost" (127.0.0.1), port 5432 failed: FATAL:  database "${String(name)}" does not exist\n`,
    500,
  )
}

function callCommon(server: ServerSide, method: string, args: readonly Json[]): CallResult {
  const { backend, accounts } = server
  switch (method) {
    case "version":
      return plain(versionInfo(backend.version))
    case "about":
      return plain("See http://openerp.com")
    case "login":
    case "authenticate": {
      const [database, login, secret] = args
      requireDatabase(server, database)
      const uid = accounts.authenticate(String(login), String(secret), backend.clock())
      return plain(uid)
    }
    default:
      throw attributeError(`Method not found: ${method}`)
  }
}

function callObject(server: ServerSide, method: string, args: readonly Json[]): CallResult {
  const { backend, accounts } = server
  const [database, uid, secret, model, name, positional = [], named = {}] = args
  if (method !== "execute_kw" && method !== "execute") {
    throw attributeError(`Method not found: ${method}`)
  }
  requireDatabase(server, database)
  const account =
    typeof uid === "number" && typeof secret === "string"
      ? accounts.verify(uid, secret, backend.clock())
      : undefined
  if (account === undefined) throw accessDenied()
  if (typeof model !== "string" || typeof name !== "string") {
    throw typeError("execute() missing required positional arguments: 'obj' and 'method'")
  }
  const list = method === "execute" ? args.slice(5) : positional
  if (!isList(list)) throw typeError("Value after * must be an iterable")
  const kwargs = method === "execute_kw" && isObject(named) ? named : {}
  const context = kwargs["context"]
  return backend.execute(account, isObject(context) ? context : {}, (env) => ({
    value: callByPosition(env, model, name, list, kwargs),
    notANumber: env.notes.notANumber,
  }))
}

function callDatabase(server: ServerSide, method: string): CallResult {
  if (method === "list") return plain([server.backend.database])
  if (method === "server_version") return plain(`${server.backend.version}.0`)
  throw attributeError(`Method not found: ${method}`)
}

function nameOf(service: Json | undefined, method: Json | undefined, args: readonly Json[]) {
  if (service === "object" && /^execute/.test(String(method))) {
    return `${String(args[3])}.${String(args[4])}`
  }
  return `${String(service)}.${String(method)}`
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
    run: () => {
      if (service === "common") return callCommon(server, method, args)
      if (service === "object") return callObject(server, method, args)
      if (service === "db") return callDatabase(server, method)
      throw new OdooError("builtins.KeyError", `'${String(service)}'`, 500)
    },
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
