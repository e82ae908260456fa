import type { CheckItem, RequestOptions } from "../contract"
import { stampOfHttpDate } from "./windows"
import { KEY_WARNING_DAYS } from "./defaults"
import type { OdooSession } from "./session"

/**
 * Says when the user's API keys expire, as far as Odoo shows it: from 18 on a user sees their own
 * keys' names and dates, but not which key is which. Nothing where it cannot be seen.
 */
export const keyExpiryItem = async (
  session: OdooSession,
  major: number,
  options: RequestOptions,
): Promise<CheckItem[]> => {
  if (session.credentials.api_key === undefined || major < 18) return []
  try {
    const uid = await (await session.protocol(options)).uid(options)
    const args = { domain: [["user_id", "=", uid]], fields: ["name", "expiration_date"] }
    const call = { model: "res.users.apikeys", method: "search_read", args }
    const { value, served_at } = await session.call(call, options)
    const now = served_at ?? stampOfHttpDate(new Date().toUTCString()) ?? ""
    return itemsOf(value as { name?: unknown; expiration_date?: unknown }[], now)
  } catch (error) {
    if (options.signal?.aborted) throw error
    // Reading keys is a courtesy: where rights forbid it, nothing is said.
    session.log("debug", "The API key's expiry cannot be seen.")
    return []
  }
}

const itemsOf = (
  keys: { name?: unknown; expiration_date?: unknown }[],
  now: string,
): CheckItem[] => {
  const dated = keys
    .flatMap(({ name, expiration_date: date }) =>
      typeof date === "string" ? [{ name: String(name), date }] : [],
    )
    .toSorted((a, b) => a.date.localeCompare(b.date))
  const [first] = dated
  if (!first) return []
  const days = Math.floor((Date.parse(first.date) - Date.parse(now)) / 86_400_000)
  return [
    {
      code: "api_key_expiry",
      ok: days > KEY_WARNING_DAYS,
      message: `The user's API key "${first.name}" expires on ${first.date} (in ${days} days).`,
      remedy:
        days > KEY_WARNING_DAYS
          ? ""
          : "Make a new key in Odoo under Preferences, Account Security, and put it into the options.",
    },
  ]
}
