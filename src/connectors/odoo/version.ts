import { SyncError } from "../../sync/errors"
import type { RequestOptions } from "../contract"
import { HttpClient, readJson, statusError, systemClock } from "../http"
import { createJson2 } from "./json2"
import { createJsonRpc } from "./jsonrpc"
import type { OdooProtocol } from "./protocol"
import type { OdooCredentials, OdooSettings } from "./settings"

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

/** @throws SyncError `config` when the settings want a protocol that this Odoo has not */
export const chooseProtocol = (
  http: HttpClient,
  credentials: OdooCredentials,
  settings: OdooSettings,
  version: OdooVersion,
): OdooProtocol => {
  const { api_key, password, database, login } = credentials
  const fits = version.major >= 19 && api_key !== undefined
  if (settings.protocol === "json2" && !fits) {
    throw new SyncError({
      kind: "config",
      code: "protocol_unavailable",
      message: `JSON-2 needs Odoo 19 and an API key; this is Odoo ${version.name}${api_key ? "" : " without a key"}.`,
      remedy: "Set `protocol` to `auto` or `jsonrpc`, or give an `api_key`.",
      scope: "connection",
    })
  }
  if (api_key !== undefined && settings.protocol !== "jsonrpc" && fits) {
    return createJson2({ http, database, api_key })
  }
  const secret = api_key ?? password ?? ""
  return createJsonRpc({ http, database, login, secret, now: systemClock.now })
}
