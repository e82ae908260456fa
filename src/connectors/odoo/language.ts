import { SyncError, toSyncError } from "../../sync/errors"
import type { CheckItem, RequestOptions } from "../contract"
import type { OdooSession } from "./session"

/** Codes of the languages that are active in Odoo. @throws SyncError */
export const activeLanguages = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<string[]> => {
  const args = { domain: [["active", "=", true]], fields: ["code"] }
  const call = { model: "res.lang", method: "search_read", args: { ...args, context: NO_LANG } }
  const { value } = await session.call(call, options)
  return (value as { code?: unknown }[]).map((lang) => String(lang.code))
}

/** Asked without the language that is to be checked. */
const NO_LANG = { lang: false }

/**
 * Odoo 17 writes a text of a language that is not active over the original one, without a word.
 * @throws SyncError `language_unknown`
 */
export const requireActiveLanguage = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<void> => {
  const { language } = await session.place(options)
  if (language === null) return
  const active = await activeLanguages(session, options)
  if (active.includes(language)) return
  throw new SyncError({
    kind: "config",
    code: "language_unknown",
    message: `No texts are written to Odoo: language ${language} is not active there; active: ${active.join(", ")}.`,
    remedy: "Correct `language`, or activate it in Odoo under Settings, Languages.",
    scope: "connection",
  })
}

/** What every text without a translation falls back to, whatever language Odoo's users speak. */
export const FALLBACK = "en_US"

/**
 * The mapped languages that Odoo uses, by the store's locale. An inactive one would be English on Odoo 17,
 * for writing too, and is an error later: it is never asked for.
 * @throws SyncError
 */
export const spokenLanguages = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<ReadonlyMap<string, string>> => {
  if (session.languages.size === 0) return session.languages
  const active = new Set(await activeLanguages(session, options))
  return new Map([...session.languages].filter(([, code]) => active.has(code)))
}

/** Which of the mapped languages Odoo does not have, or does not use. */
export const languagesItems = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<CheckItem[]> => {
  const code = "languages"
  const mapped = [...session.languages.values()]
  if (mapped.length === 0) return []
  try {
    const known = await installedLanguages(session, mapped, options)
    const missing = mapped.filter((language) => !known.has(language))
    const inactive = mapped.filter((language) => known.get(language) === false)
    const wrong = [
      ...missing.map((language) => `Odoo has no language ${language}`),
      ...inactive.map((language) => `language ${language} is not active in Odoo`),
    ]
    return [
      wrong.length === 0
        ? { code, ok: true, message: `Texts are read in ${mapped.join(", ")} too.`, remedy: "" }
        : {
            code,
            ok: false,
            message: `Texts are left out: ${wrong.join("; ")}.`,
            remedy:
              missing.length > 0
                ? "Correct the code in the connection's `languages`; Odoo lists its codes under Settings, Languages."
                : "Activate it in Odoo under Settings, Languages.",
          },
    ]
  } catch (error) {
    if (options.signal?.aborted) throw error
    const { kind, message, remedy } = toSyncError(error)
    return [
      { code, ok: false, message, remedy, ...(kind === "transient" ? { transient: true } : {}) },
    ]
  }
}

/** Whether each of these languages is active; what Odoo does not know is missing. */
const installedLanguages = async (
  session: OdooSession,
  codes: readonly string[],
  options: RequestOptions,
): Promise<ReadonlyMap<string, boolean>> => {
  const args = {
    domain: [
      ["code", "in", codes],
      ["active", "in", [true, false]],
    ],
    fields: ["code", "active"],
    context: { ...NO_LANG, active_test: false },
  }
  const { value } = await session.call({ model: "res.lang", method: "search_read", args }, options)
  return new Map(
    (value as { code?: unknown; active?: unknown }[]).map(({ code, active }) => [
      String(code),
      active === true,
    ]),
  )
}
