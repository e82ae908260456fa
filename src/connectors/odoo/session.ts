import type { ConnectorContext, RequestOptions } from "../contract"
import { AttributeNames, NO_ATTRIBUTES } from "./attributes"
import { createRedactor, HttpClient } from "../http"
import { ODOO_HTTP } from "./defaults"
import { LIST } from "./map-prices"
import { FieldFacts, OdooPlace, readFields, readPlace } from "./place"
import { CallOptions, OdooAnswer, OdooCall, OdooProtocol } from "./protocol"
import { sendable } from "./sendable"
import {
  OdooCredentials,
  odooCredentialsSchema,
  OdooSettings,
  odooSettingsSchema,
  parseOptions,
} from "./settings"
import { chooseProtocol, OdooVersion, readVersion } from "./version"
import { StockPlaces } from "./warehouses"

/**
 * What stays the same while a connector lives: version, protocol, user, company, fields. Asked for
 * once each, when first needed, and again after a failure.
 */
export interface OdooSession {
  readonly credentials: OdooCredentials
  readonly settings: OdooSettings
  /** Price lists that the store maps besides the plain sales price, as its options name them. */
  readonly priceLists: readonly string[]
  /** Currencies that the store maps a list to, the plain sales price too; undefined: whatever it has. */
  currenciesOf(list: string): readonly string[] | undefined
  readonly http: HttpClient
  /** Characteristics that the store maps. */
  readonly attributes: AttributeNames
  /** Whether the store maps tags. */
  readonly tags: boolean
  /** Further languages that the store maps: its own locale to Odoo's code. */
  readonly languages: ReadonlyMap<string, string>
  version(options?: RequestOptions): Promise<OdooVersion>
  protocol(options?: RequestOptions): Promise<OdooProtocol>
  /** The company whose prices and stock are read, and the language of texts. */
  place(options?: RequestOptions): Promise<OdooPlace>
  /** Fields of a model that this user may read. Asking for any other fails the whole call. */
  fields(model: string, options?: RequestOptions): Promise<ReadonlyMap<string, FieldFacts>>
  /** A call in the connection's company and language. @throws SyncError */
  call(call: OdooCall, options?: CallOptions): Promise<OdooAnswer>
  readonly stockPlaces: StockPlaces
  /** Writes to the connection's log, without secrets. */
  log: ConnectorContext["log"]
}

/** As much of it as pages are read with. */
export type OdooCaller = Pick<OdooSession, "call" | "log">

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
  const plainCall = async (call: OdooCall, options?: CallOptions) => {
    const chosen = await protocol(options)
    return chosen.call(sendable(call, chosen.charset), options)
  }
  const place = once((options) => readPlace(settings, protocol, plainCall, options))
  const fieldsOf = new Map<string, ReturnType<typeof once<ReadonlyMap<string, FieldFacts>>>>()

  const session: OdooSession = {
    credentials,
    settings,
    priceLists: [...new Set(context.price_lists ?? [])].filter((name) => name !== LIST),
    currenciesOf: (list) => context.price_currencies?.[list],
    attributes: context.attributes ?? NO_ATTRIBUTES,
    tags: context.tags === true,
    languages: new Map(Object.entries(context.languages ?? {})),
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
