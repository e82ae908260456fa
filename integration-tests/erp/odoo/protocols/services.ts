import { callByPosition } from "../methods/call"
import { accessDenied, attributeError, OdooError, typeError } from "../orm/errors"
import { isList, isObject, type Json } from "../orm/values"
import type { CallResult, ServerSide } from "./protocol"
import { versionInfo } from "./version"

/**
 * Runs a call of the older services, which JSON-RPC and XML-RPC share.
 *
 * @throws {OdooError} what the real one raises.
 */
export function callService(
  server: ServerSide,
  service: Json | undefined,
  method: string,
  args: readonly Json[],
): CallResult {
  if (service === "common") return callCommon(server, method, args)
  if (service === "object") return callObject(server, method, args)
  if (service === "db") return callDatabase(server, method)
  throw new OdooError("builtins.KeyError", `'${String(service)}'`, 500)
}

/** The name for counters and faults: `model.method`, or `common.authenticate` and the like. */
export function nameOf(
  service: Json | undefined,
  method: Json | undefined,
  args: readonly Json[],
): string {
  if (service === "object" && /^execute/.test(String(method))) {
    return `${String(args[3])}.${String(args[4])}`
  }
  return `${String(service)}.${String(method)}`
}

const plain = (value: Json): CallResult => ({ value, notANumber: false })

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
