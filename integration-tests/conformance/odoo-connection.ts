import type {
  ConformanceSubject,
  ConnectOptions,
  FaultProxy,
  ProxiedRequest,
} from "../../src/connectors/conformance"
import { createOdooConnector } from "../../src/connectors/odoo"
import { readCall, readXml, valueOf } from "../erp/odoo/protocols/xml-reader"
import { writeResponse, writeValue } from "../erp/odoo/protocols/xml-writer"

export type OdooProtocolName = "json2" | "jsonrpc" | "xmlrpc"

export interface OdooAccess {
  database: string
  login: string
  password: string
  apiKey: string
}

/** How a subject connects to an Odoo, real or simulated, through the proxy that makes faults. */
export const odooConnect = (
  proxy: Pick<FaultProxy, "url">,
  { database, login, password, apiKey }: OdooAccess,
  protocol: OdooProtocolName,
  options: ConnectOptions = {},
): ReturnType<ConformanceSubject["connect"]> =>
  createOdooConnector({
    connection_id: "conformance",
    credentials: {
      url: proxy.url,
      database,
      login,
      password: options.wrong_credentials ? "wrong-password-2718" : password,
      // The others are tried with the password, JSON-2 knows keys alone.
      ...(protocol === "json2" && {
        api_key: options.wrong_credentials ? "0".repeat(40) : apiKey,
      }),
    },
    settings: { protocol, ...(options.page_size && { page_size: options.page_size }) },
    ...(options.price_lists && { price_lists: ["list", ...options.price_lists] }),
    http: { per_second: 10_000, ...options.http },
    log: options.log ?? (() => {}),
  })

const WRITES =
  /^(write|create|unlink|load|web_save|web_save_multi|action_apply_inventory|update_field_translations)$/

/** Whether a request to Odoo changes something, in any protocol. */
export const isOdooWrite = ({ url, body }: ProxiedRequest): boolean => {
  const json2 = /^\/json\/2\/[\w.]+\/(\w+)/.exec(url)?.[1]
  if (json2 !== undefined) return WRITES.test(json2)
  try {
    const args = url.startsWith("/xmlrpc/") ? readCall(body).params : jsonArguments(body)
    return WRITES.test(String(args?.[4]))
  } catch {
    return false
  }
}

const jsonArguments = (body: string): readonly unknown[] | undefined =>
  (JSON.parse(body) as { params?: { args?: unknown[] } }).params?.args

/** Takes the last record out of a page of `web_search_read`, in any protocol's envelope. */
export const shortenPage = (body: string): string => {
  try {
    if (body.startsWith("<")) return shortenXml(body)
    const answer = JSON.parse(body) as Record<string, unknown>
    shorten(answer["result"] ?? answer)
    return JSON.stringify(answer)
  } catch {
    return body
  }
}

const shorten = (page: unknown): void => {
  ;(page as { records?: unknown[] }).records?.pop()
}

const shortenXml = (body: string): string => {
  const [params] = readXml(body).children
  const [value] = params?.children[0]?.children ?? []
  if (params?.name !== "params" || value === undefined) return body
  const page = valueOf(value)
  shorten(page)
  const written = writeValue(page, new Set())
  return writeResponse(`<params>\n<param>\n${written}</param>\n</params>`)
}
