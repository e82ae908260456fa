import { callByName } from "../methods/call"
import { httpError } from "../orm/errors"
import { isObject, type JsonObject } from "../orm/values"
import { asOdooError, errorBody } from "./error-body"
import { parsePythonJson, pythonJson, type Protocol, type RemoteCall } from "./protocol"
import type { ServerSide } from "./protocol"
import { HTML_TYPE, JSON_TYPE, NOSNIFF, loginPage, notFound, werkzeugPage } from "./reply"
import type { Incoming, Reply } from "./reply"

const PATH = /^\/json\/2\/([^/]+)\/([^/]+)$/

function fail(error: unknown): Reply {
  const odoo = asOdooError(error)
  return {
    status: odoo.status,
    type: JSON_TYPE,
    body: JSON.stringify(errorBody(odoo)),
    // Copies: the challenge has no realm.
    ...(odoo.status === 401 ? { headers: { "WWW-Authenticate": "Bearer " } } : {}),
  }
}

/** Copies: a database the server does not have is 404 with a page, whatever the key. */
function unknownDatabase(): Reply {
  return {
    status: 404,
    type: HTML_TYPE,
    body: "<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>No database is selected and the requested URL was not found in the server-wide controllers.</p>\n<p>Please verify the hostname, <a href=/web/login>login</a> and try again.</p>\n\n<!-- Alternatively, use the X-Odoo-Database header. -->\n",
  }
}

function wrongType(): Reply {
  return {
    ...werkzeugPage(
      415,
      "Request inferred type is compatible with [&#39;http&#39;] but &#39;/json/2/&lt;__model__&gt;/&lt;__method__&gt;&#39; is type=&#39;json2&#39;.<br><br>Please verify the Content-Type request header and try again.",
    ),
    headers: { Accept: "application/json" },
  }
}

function bodyOf(text: string): JsonObject {
  if (text.trim() === "") return {}
  let body: unknown
  try {
    body = parsePythonJson(text)
  } catch {
    throw httpError(
      400,
      "could not parse the body as json: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    )
  }
  // Copies: a body that is no object counts as no arguments at all.
  return isObject(body) ? body : {}
}

function remoteCall(request: Incoming, model: string, method: string, server: ServerSide) {
  const { backend, accounts } = server
  const call: RemoteCall = {
    name: `${model}.${method}`,
    run: () => {
      const bearer = /^bearer\s+(\S+)$/i.exec(request.headers["authorization"] ?? "")
      if (bearer === null) {
        throw httpError(
          401,
          "User not authenticated, use an API Key with a Bearer Authorization header.",
        )
      }
      const account = accounts.byKey(bearer[1] ?? "", backend.clock())
      if (account === undefined) throw httpError(401, "Invalid apikey")
      const body = bodyOf(request.body)
      const { context } = body
      if (context !== undefined && !isObject(context)) {
        throw httpError(422, "context must be a mapping")
      }
      return backend.execute(account, context ?? {}, (env) => ({
        value: callByName(env, model, method, body),
        notANumber: env.notes.notANumber,
      }))
    },
    answer: ({ value, notANumber }) => ({
      status: 200,
      type: JSON_TYPE,
      body: pythonJson(value, notANumber),
      headers: NOSNIFF,
    }),
    fail,
  }
  return call
}

/**
 * JSON-2, `POST /json/2/<model>/<method>`, of Odoo 19. On 17 the address is 404; on 18 it is the
 * login page with status 200, so only the content type tells that this is no answer.
 */
export const json2: Protocol = {
  read: (request, server) => {
    if (!request.path.startsWith("/json/")) return undefined
    const { version, database } = server.backend
    if (version === 17) return notFound()
    if (version === 18) return loginPage()
    const match = PATH.exec(request.path)
    const [, model, method] = match ?? []
    if (model === undefined || method === undefined) return notFound()
    const wanted = request.headers["x-odoo-database"]
    if (wanted !== undefined && wanted !== database) return unknownDatabase()
    if (request.method !== "POST") {
      return fail(httpError(404, "Did you mean POST /json/2/<model>/<method>?"))
    }
    const type = request.headers["content-type"] ?? ""
    if (type !== "" && !/^application\/json\b/i.test(type)) return wrongType()
    return remoteCall(request, model, method, server)
  },
}
