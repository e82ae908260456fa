import type {
  ConformanceSubject,
  ConnectOptions,
  FaultProxy,
  ProxiedRequest,
} from "../../src/connectors/conformance"
import { createOdooConnector } from "../../src/connectors/odoo"

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
  protocol: "json2" | "jsonrpc",
  options: ConnectOptions = {},
): ReturnType<ConformanceSubject["connect"]> =>
  createOdooConnector({
    connection_id: "conformance",
    credentials: {
      url: proxy.url,
      database,
      login,
      password: options.wrong_credentials ? "wrong-password-2718" : password,
      // JSON-RPC is tried with the password, JSON-2 knows keys alone.
      ...(protocol === "json2" && {
        api_key: options.wrong_credentials ? "0".repeat(40) : apiKey,
      }),
    },
    settings: { protocol, ...(options.page_size && { page_size: options.page_size }) },
    http: { per_second: 10_000, ...options.http },
    log: options.log ?? (() => {}),
  })

const WRITES = /^(write|create|unlink|load|web_save|web_save_multi|action_apply_inventory)$/

/** Whether a request to Odoo changes something, in either protocol. */
export const isOdooWrite = ({ url, body }: ProxiedRequest): boolean => {
  const json2 = /^\/json\/2\/[\w.]+\/(\w+)/.exec(url)?.[1]
  if (json2 !== undefined) return WRITES.test(json2)
  try {
    const { params } = JSON.parse(body) as { params?: { args?: unknown[] } }
    return WRITES.test(String(params?.args?.[4]))
  } catch {
    return false
  }
}

/** Takes the last record out of a page of `web_search_read`, in either protocol's envelope. */
export const shortenPage = (body: string): string => {
  try {
    const answer = JSON.parse(body) as Record<string, unknown>
    const page = (answer["result"] ?? answer) as { records?: unknown[] }
    page.records?.pop()
    return JSON.stringify(answer)
  } catch {
    return body
  }
}
