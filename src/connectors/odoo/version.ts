import { SyncError } from "../../sync/errors"
import type { RequestOptions } from "../contract"
import { HttpClient, readJson, statusError, systemClock } from "../http"
import { createJson2 } from "./json2"
import { createJsonRpc } from "./jsonrpc"
import type { OdooProtocol } from "./protocol"
import type { OdooCredentials, OdooSettings } from "./settings"
import { createXmlRpc } from "./xmlrpc/xmlrpc"

export interface OdooVersion {
  major: number
  /** `19.0`, `saas~18.2`: as Odoo calls itself. */
  name: string
}

/** Asked without a login; every version answers. @throws SyncError `not_odoo` and the like */
export const readVersion = (http: HttpClient, options?: RequestOptions): Promise<OdooVersion> => {
  const tried = "Odoo version"
  return http.call(
    {
      method: "POST",
      url: "/web/webclient/version_info",
      headers: { "Content-Type": "application/json" },
      body: "{}",
      tried,
      idempotent: true,
      ...options,
    },
    (answer) => {
      if (answer.status !== 200) throw statusError(answer, tried)
      const body = readJson(answer, tried) as { result?: Record<string, unknown> } | null
      const info = body?.result?.["server_version_info"]
      // Odoo Online calls its releases between two versions `saas~18`.
      const major = Array.isArray(info) ? Number(/\d+/.exec(String(info[0]))?.[0]) : NaN
      if (!Number.isInteger(major)) throw notOdoo(tried)
      return { major, name: String(body?.result?.["server_version"] ?? major) }
    },
  )
}

const notOdoo = (tried: string): SyncError =>
  new SyncError({
    kind: "config",
    code: "not_odoo",
    message: `${tried}: the server does not answer like Odoo.`,
    remedy: "Correct the connection's `url`: the address of Odoo without a path.",
    scope: "connection",
  })

/** Odoo 22 drops `/jsonrpc` and `/xmlrpc/2`. */
const LAST_WITH_RPC = 21

/** @throws SyncError `config` when the settings want a protocol that this Odoo has not */
export const chooseProtocol = (
  http: HttpClient,
  credentials: OdooCredentials,
  { protocol: wanted }: Pick<OdooSettings, "protocol">,
  version: OdooVersion,
): OdooProtocol => {
  const { api_key, password, database, login } = credentials
  const fits = version.major >= 19 && api_key !== undefined
  if (wanted === "json2" && !fits) {
    throw unavailable(
      `JSON-2 needs Odoo 19 and an API key; this is Odoo ${version.name}${api_key ? "" : " without a key"}.`,
      "Set `protocol` to `auto` or `jsonrpc`, or give an `api_key`.",
    )
  }
  if (fits && (wanted === "json2" || wanted === "auto")) {
    return createJson2({ http, database, api_key })
  }
  if (version.major > LAST_WITH_RPC) {
    throw unavailable(
      `Odoo ${version.name} has neither XML-RPC nor JSON-RPC any more.`,
      "Set `protocol` to `auto`, and give an `api_key`.",
    )
  }
  const secret = api_key ?? password ?? ""
  const access = { http, database, login, secret, now: systemClock.now }
  return wanted === "xmlrpc" ? createXmlRpc(access) : createJsonRpc(access)
}

const unavailable = (message: string, remedy: string): SyncError =>
  new SyncError({
    kind: "config",
    code: "protocol_unavailable",
    message,
    remedy,
    scope: "connection",
  })
