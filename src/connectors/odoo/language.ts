import { SyncError } from "../../sync/errors"
import type { RequestOptions } from "../contract"
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
