import { SyncError } from "../../../sync/errors"
import type { RequestOptions } from "../../contract"
import type { Charset } from "../protocol"
import { isSendable } from "../sendable"
import type { OdooSession } from "../session"
import { findTags } from "../tags"
import { Outcomes, unsupported } from "./outcomes"
import { isOfRecord } from "./send"
import { dueTags, Subject } from "./vals"

/**
 * Ids of the tags that products are to get, by name. What Odoo does not have is made there first, all in
 * one call: a tag that no product gets in the end is found again the next time. Where Odoo does not make
 * them, the changes that need them are settled as unsupported.
 * @throws SyncError when nothing can be said
 */
export const tagIds = async (
  session: OdooSession,
  subjects: readonly Subject[],
  charset: Charset,
  options: RequestOptions,
  outcomes: Outcomes,
): Promise<ReadonlyMap<string, number>> => {
  const needed = subjects.map((subject) => ({ subject, names: addedTags(subject) }))
  const names = [...new Set(needed.flatMap((entry) => entry.names))]
  if (names.length === 0) return new Map()
  const unfit = new Set(names.filter((name) => !isFit(name, charset)))
  const sendable = names.filter((name) => !unfit.has(name))
  const known = await findTags(session, sendable, options)
  const missing = sendable.filter((name) => !known.has(name))
  const refusal = missing.length === 0 ? null : await makeTags(session, missing, options)
  const made = refusal === null && missing.length > 0
  const ids = made ? await findTags(session, sendable, options) : known
  for (const { subject, names: own } of needed) {
    const lacking = own.find((name) => !ids.has(name))
    if (lacking === undefined) continue
    const message = unfit.has(lacking)
      ? `The name of tag "${lacking}" begins or ends with a blank, or holds control characters.`
      : `Odoo has no tag "${lacking}", and does not make it: ${refusal ?? "it was not found afterwards."}`
    outcomes.set(
      subject.change,
      unsupported(`tag:${lacking}`, message, "Make the tag in Odoo, or take it off in the store."),
    )
  }
  return ids
}

/** Blanks at the ends are no part of a tag's name: with them it would never be found again. */
const isFit = (name: string, charset: Charset): boolean =>
  name !== "" && name.trim() === name && isSendable(name, charset)

const addedTags = (subject: Subject): string[] =>
  [...dueTags(subject)].flatMap(([name, wanted]) => (wanted ? [name] : []))

/** Why Odoo did not make them, or null. */
const makeTags = async (
  session: OdooSession,
  names: readonly string[],
  options: RequestOptions,
): Promise<string | null> => {
  const args = { vals_list: names.map((name) => ({ name })) }
  try {
    await session.call(
      { model: "product.tag", method: "create", args },
      { ...options, write: true },
    )
    return null
  } catch (error) {
    const refused =
      error instanceof SyncError &&
      (isOfRecord(error) || (error.kind === "config" && error.scope !== "connection"))
    if (!refused) throw error
    return error.message
  }
}
