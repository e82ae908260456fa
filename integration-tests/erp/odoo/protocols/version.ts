import type { OdooVersion } from "../orm/schema"
import { isObject, type Json, type JsonObject } from "../orm/values"
import { parsePythonJson, type Protocol } from "./protocol"
import { JSON_TYPE, NOSNIFF, loginPage, notFound, type Reply } from "./reply"

/** `server_version_info` and its relatives; the first number is what a client should look at. */
export function versionInfo(version: OdooVersion): JsonObject {
  return {
    server_version: `${version}.0`,
    server_version_info: [version, 0, 0, "final", 0, ""],
    server_serie: `${version}.0`,
    protocol_version: 1,
  }
}

function json(value: Json): Reply {
  return { status: 200, type: JSON_TYPE, body: JSON.stringify(value), headers: NOSNIFF }
}

function requestId(text: string): Json {
  try {
    const body = parsePythonJson(text)
    return isObject(body) ? (body["id"] ?? null) : null
  } catch {
    return null
  }
}

/** How a client finds out which Odoo it speaks to, without an account. */
export const version: Protocol = {
  read: (request, server) => {
    const { version: number } = server.backend
    if (request.path === "/web/webclient/version_info" && request.method === "POST") {
      return json({ jsonrpc: "2.0", id: requestId(request.body), result: versionInfo(number) })
    }
    if (request.path === "/web/health") {
      return { status: 200, type: "application/json", body: '{"status": "pass"}', headers: NOSNIFF }
    }
    if (request.path === "/web/version" || request.path === "/json/version") {
      // Copies: only 19 knows these addresses.
      if (number === 19) {
        const info = [number, 0, 0, "final", 0, ""]
        return json({ version_info: info, version: `${number}.0` })
      }
      return number === 18 && request.path === "/json/version" ? loginPage() : notFound()
    }
    return undefined
  },
}
