import { SyncError } from "../../sync/errors"
import type { ConnectorContext, RequestOptions } from "../contract"
import { createRedactor, HttpClient, readJson, statusError, systemClock } from "../http"
import { ODOO_HTTP } from "./defaults"
import { createJson2 } from "./json2"
import { createJsonRpc } from "./jsonrpc"
import { CallOptions, OdooAnswer, OdooCall, OdooProtocol } from "./protocol"
import {
  OdooCredentials,
  odooCredentialsSchema,
  OdooSettings,
  odooSettingsSchema,
  parseOptions,
} from "./settings"
import { StockPlaces } from "./warehouses"

export interface OdooVersion {
  major: number
  /** `19.0`, `saas~18.2`: as Odoo calls itself. */
  name: string
}

export interface OdooCompany {
  id: number
  name: string
  create_date: string
  /** ISO 4217, lower case, with the day its record was made, part of the identity. */
  currency: { code: string; create_date: string }
}

export interface FieldFacts {
  type: string
  /** Decimals that the field keeps; null when it keeps all (prices of Odoo 19). */
  digits: number | null
}

/**
 * What stays the same while a connector lives: version, protocol, user, company, fields. Asked for
 * once each, when first needed, and again after a failure.
 */
export interface OdooSession {
  readonly credentials: OdooCredentials
  readonly settings: OdooSettings
  readonly http: HttpClient
  version(options?: RequestOptions): Promise<OdooVersion>
  protocol(options?: RequestOptions): Promise<OdooProtocol>
  /** The company whose prices and stock are read, and the language of texts. */
  place(options?: RequestOptions): Promise<{ company: OdooCompany; language: string | null }>
  /** Fields of a model that this user may read. Asking for any other fails the whole call. */
  fields(model: string, options?: RequestOptions): Promise<ReadonlyMap<string, FieldFacts>>
  /** A call in the connection's company and language. @throws SyncError */
  call(call: OdooCall, options?: CallOptions): Promise<OdooAnswer>
  readonly stockPlaces: StockPlaces
  /** Writes to the connection's log, without secrets. */
  log: ConnectorContext["log"]
}

/** @throws SyncError `config` when credentials or settings are not valid; nothing is sent. */
export const createSession = (context: ConnectorContext): OdooSession => {
  const credentials = parseOptions("credentials", odooCredentialsSchema, context.credentials)
  const settings = parseOptions("settings", odooSettingsSchema, context.settings)
  const secrets = [credentials.api_key, credentials.password, userInfoOf(credentials.url)]
  const redact = createRedactor([...secrets, userInfoOf(context.http.proxy ?? "")])
  const log: ConnectorContext["log"] = (level, message) => context.log(level, redact(message))
  const http = new HttpClient({
    base_url: credentials.url.replace(/\/+$/, ""),
    http: context.http,
    defaults: ODOO_HTTP,
    redact,
    log,
  })

  const version = once((options) => readVersion(http, options))
  const protocol = once(async (options) =>
    chooseProtocol(http, credentials, settings, await version(options)),
  )
  const plainCall = async (call: OdooCall, options?: CallOptions) =>
    (await protocol(options)).call(call, options)
  const place = once((options) => readPlace(settings, protocol, plainCall, options))
  const fieldsOf = new Map<string, ReturnType<typeof once<ReadonlyMap<string, FieldFacts>>>>()

  const session: OdooSession = {
    credentials,
    settings,
    http,
    log,
    version,
    protocol,
    place,
    fields(model, options) {
      const known = fieldsOf.get(model) ?? once((asking) => readFields(plainCall, model, asking))
      fieldsOf.set(model, known)
      return known(options)
    },
    async call({ args, ...call }, options) {
      const { company, language } = await place(options)
      const context = {
        allowed_company_ids: [company.id],
        ...(language !== null && { lang: language }),
        ...(args?.["context"] as object | undefined),
      }
      return plainCall({ ...call, args: { ...args, context } }, options)
    },
    get stockPlaces() {
      return stockPlaces
    },
  }
  const stockPlaces = new StockPlaces(session)
  return session
}

type Call = (call: OdooCall, options?: RequestOptions) => Promise<OdooAnswer>

/**
 * Remembers a success; a failure is forgotten, so that the next caller asks again. One caller's
 * abort ends that caller's waiting, not the request that others wait for too.
 */
const once = <T>(ask: (options?: RequestOptions) => Promise<T>) => {
  let known: Promise<T> | null = null
  return ({ lane, signal }: RequestOptions = {}): Promise<T> => {
    known ??= ask({ lane }).catch((error: unknown) => {
      known = null
      throw error
    })
    return signal ? abortable(known, signal) : known
  }
}

const abortable = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener("abort", onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort))
  })

const userInfoOf = (url: string): string | undefined => /\/\/([^/@]+)@/.exec(url)?.[1]

const readVersion = (http: HttpClient, options?: RequestOptions): Promise<OdooVersion> => {
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

const chooseProtocol = (
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

const readPlace = async (
  settings: OdooSettings,
  protocol: (options?: RequestOptions) => Promise<OdooProtocol>,
  call: Call,
  options?: RequestOptions,
): Promise<{ company: OdooCompany; language: string | null }> => {
  const uid = await (await protocol(options)).uid(options)
  const company = { name: {}, create_date: {}, currency_id: { fields: CURRENCY_FIELDS } }
  const specification = { lang: {}, company_id: {}, company_ids: { fields: company } }
  const { value } = await call(
    { model: "res.users", method: "web_read", ids: [uid], args: { specification } },
    options,
  )
  const user = (Array.isArray(value) ? value[0] : null) as Record<string, unknown> | null
  const allowed = (user?.["company_ids"] ?? []) as Record<string, unknown>[]
  const wanted = settings.company ?? user?.["company_id"]
  const found = allowed.find(({ id, name }) => id === wanted || name === wanted)
  if (!found) throw noSuchCompany(wanted, allowed)
  const currency = (found["currency_id"] ?? {}) as Record<string, unknown>
  const lang = user?.["lang"]
  return {
    company: {
      id: Number(found["id"]),
      name: String(found["name"]),
      create_date: String(found["create_date"]),
      currency: {
        code: String(currency["name"]).toLowerCase(),
        create_date: String(currency["create_date"]),
      },
    },
    language: settings.language ?? (typeof lang === "string" ? lang : null),
  }
}

const CURRENCY_FIELDS = { name: {}, create_date: {} }

const noSuchCompany = (wanted: unknown, allowed: Record<string, unknown>[]): SyncError =>
  new SyncError({
    kind: "config",
    code: "company_unknown",
    message: `The Odoo user may not work in company ${JSON.stringify(wanted)}; allowed: ${allowed
      .map(({ id, name }) => `${String(name)} (${String(id)})`)
      .join(", ")}.`,
    remedy: "Correct `company`, or add it to the user's allowed companies.",
    scope: "connection",
  })

const readFields = async (
  call: Call,
  model: string,
  options?: RequestOptions,
): Promise<ReadonlyMap<string, FieldFacts>> => {
  // Without `attributes` some models fail in `fields_get` itself.
  const args = { attributes: ["type", "digits"] }
  const { value } = await call({ model, method: "fields_get", args }, options)
  return new Map(
    Object.entries((value ?? {}) as Record<string, Record<string, unknown>>).map(
      ([name, { type, digits }]) => [
        name,
        { type: String(type), digits: Array.isArray(digits) ? Number(digits[1]) : null },
      ],
    ),
  )
}
