import type { Stream } from "../../sync/canonical"
import { SyncError, toSyncError } from "../../sync/errors"
import type { CheckItem, ConnectionCheck, RequestOptions } from "../contract"
import { odooCapabilities } from "./capabilities"
import { attributeItems } from "./attributes"
import { keyExpiryItem } from "./api-key"
import { identityOf } from "./identity"
import { currencyItems } from "./pricelists/check"
import { companyItem, filterItem } from "./scope-check"
import { activeLanguages, languagesItems } from "./language"
import type { OdooSession } from "./session"
import { openStream } from "./streams"
import { listWarehouses, Warehouse } from "./warehouses"
import { probeNormalisers, writingItem } from "./writing-check"

/** Models that each stream reads; without the right to one of them the stream is left out. */
const MODELS: Readonly<Record<Stream, readonly string[]>> = {
  categories: ["product.category"],
  products: [
    "product.template",
    "product.product",
    "product.attribute",
    "product.attribute.value",
    "product.template.attribute.line",
    "product.template.attribute.value",
  ],
  prices: ["product.product", "product.template.attribute.value"],
  stock: ["stock.warehouse", "stock.location", "stock.quant", "stock.move.line"],
  images: ["product.template", "product.product", "ir.attachment"],
}

/** Odoo from 17 on has `web_search_read` with a specification. */
const OLDEST = 17
const NEWEST_TESTED = 19

/**
 * Tries everything that a synchronisation needs, and says of each thing whether it is there and what
 * to do about it. Rejects only when aborted.
 */
export const checkConnection = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<ConnectionCheck> => {
  const items: CheckItem[] = []
  const failed = (): ConnectionCheck => ({
    ok: false,
    identity: null,
    capabilities: odooCapabilities(session.settings, session, []),
    items,
  })

  const version = await attempt(items, "reachable", options, async () => {
    const found = await session.version(options)
    return { value: found, message: `Odoo ${found.name} answers.` }
  })
  if (!version) return failed()
  items.push(versionItem(version.major, version.name))
  if (version.major < OLDEST) return failed()

  const place = await attempt(items, "credentials", options, async () => {
    const protocol = await session.protocol(options)
    await protocol.uid(options)
    const value = await session.place(options)
    const { name, currency } = value.company
    const message = `Logged in over ${protocol.name}; company ${name}, currency ${currency.code}.`
    return { value, message }
  })
  if (!place) return failed()
  items.push(...companyItem(place))
  items.push(...(await keyExpiryItem(session, version.major, options)))
  const language = await languageItem(session, place.language, options)
  items.push(language)
  items.push(...(await languagesItems(session, options)))

  const rights = new Map<string, SyncError | null>()
  for (const model of new Set(Object.values(MODELS).flat())) {
    rights.set(model, await rightTo(session, model, options))
  }
  const streams: Stream[] = []
  for (const stream of Object.keys(MODELS) as Stream[]) {
    const item = await streamItem(session, stream, rights, options)
    items.push(item)
    if (item.ok) streams.push(stream)
  }
  items.push(...(await filterItem(session, streams, options)))
  items.push(...(await writingItem(session, version.major, options)))
  items.push(...(await mappedItems(session, streams, options)))
  items.push(...(await currencyItems(session, place.company.currency.code, streams, options)))
  const warehouses: Warehouse[] = streams.includes("stock")
    ? await listWarehouses(session, options)
    : []
  return {
    ok: language.ok && streams.includes("products"),
    identity: identityOf(version, place, warehouses),
    capabilities: odooCapabilities(
      session.settings,
      session,
      streams,
      await measuredNormalisers(session, streams, options),
    ),
    items,
  }
}

const mappedItems = async (
  session: OdooSession,
  streams: readonly Stream[],
  options: RequestOptions,
): Promise<CheckItem[]> => {
  const { product, variant } = session.attributes
  if (product.length + variant.length === 0 || !streams.includes("products")) return []
  return attributeItems(session.attributes, {
    template: await session.fields("product.template", options),
    variant: await session.fields("product.product", options),
  })
}

/** Digits and unit of this database; as every database has them at first where they cannot be seen. */
const measuredNormalisers = async (
  session: OdooSession,
  streams: readonly Stream[],
  options: RequestOptions,
) => {
  if (!streams.includes("products") || !streams.includes("stock")) return undefined
  try {
    return await probeNormalisers(session, options)
  } catch (error) {
    if (options.signal?.aborted) throw error
    session.log("debug", "Digits and units of Odoo cannot be seen.")
    return undefined
  }
}

const attempt = async <T>(
  items: CheckItem[],
  code: string,
  { signal }: RequestOptions,
  ask: () => Promise<{ value: T; message: string }>,
): Promise<T | null> => {
  try {
    const { value, message } = await ask()
    items.push({ code, ok: true, message, remedy: "" })
    return value
  } catch (error) {
    if (signal?.aborted) throw error
    items.push(failure(code, error))
    return null
  }
}

const failure = (code: string, error: unknown): CheckItem => {
  const { kind, message, remedy } = toSyncError(error)
  return { code, ok: false, message, remedy, ...(kind === "transient" ? { transient: true } : {}) }
}

const versionItem = (major: number, name: string): CheckItem => ({
  code: "version",
  ok: major >= OLDEST && major <= NEWEST_TESTED,
  message:
    major < OLDEST
      ? `Odoo ${name} is older than ${OLDEST}.`
      : major > NEWEST_TESTED
        ? `Odoo ${name} is newer than the versions tested (${OLDEST} to ${NEWEST_TESTED}).`
        : `Odoo ${name} is supported.`,
  remedy:
    major < OLDEST
      ? "Upgrade Odoo."
      : major > NEWEST_TESTED
        ? "Look for a newer plugin; reading goes on."
        : "",
})

/** A language that is not active is an error on Odoo 19, and silently English on 17. */
const languageItem = async (
  session: OdooSession,
  language: string | null,
  options: RequestOptions,
): Promise<CheckItem> => {
  const code = "language"
  try {
    const active = await activeLanguages(session, options)
    if (language === null || active.includes(language)) {
      return { code, ok: true, message: `Texts are read in ${language ?? "en_US"}.`, remedy: "" }
    }
    return {
      code,
      ok: false,
      message: `Language ${language} is not active in Odoo; active: ${active.join(", ")}.`,
      remedy: "Correct `language`, or activate it in Odoo under Settings, Languages.",
    }
  } catch (error) {
    if (options.signal?.aborted) throw error
    return failure(code, error)
  }
}

const rightTo = async (
  session: OdooSession,
  model: string,
  options: RequestOptions,
): Promise<SyncError | null> => {
  try {
    const args = { domain: [], limit: 1 }
    await session.call({ model, method: "search", args }, options)
    return null
  } catch (error) {
    if (options.signal?.aborted) throw error
    return toSyncError(error)
  }
}

const streamItem = async (
  session: OdooSession,
  stream: Stream,
  rights: ReadonlyMap<string, SyncError | null>,
  options: RequestOptions,
): Promise<CheckItem> => {
  const code = `stream.${stream}`
  const refused = MODELS[stream].map((model) => rights.get(model)).find((error) => error)
  if (refused) return failure(code, refused)
  try {
    await openStream(session, stream, options)
    return { code, ok: true, message: `${stream} can be read.`, remedy: "" }
  } catch (error) {
    if (options.signal?.aborted) throw error
    return failure(code, error)
  }
}
