import type { RequestOptions } from "../../contract"
import { idIn, Row } from "../rows"
import type { OdooSession } from "../session"
import { Stamp, stampOfHttpDate } from "../windows"
import type { Pricelist } from "./book"
import { MappedList, resolveLists } from "./names"
import { readAll } from "./read-all"

/** Which lists prices are computed from, and for when. */
export interface PriceOutline {
  mapped: readonly MappedList[]
  /** The mapped lists and those that they are based on, by ascending id. */
  lists: readonly number[]
  pricelists: ReadonlyMap<number, Pricelist>
  /** The moment that prices are computed for, by the server's clock. */
  now: Stamp
}

const LIST = "product.pricelist"
export const RULE = "product.pricelist.item"

/** @throws SyncError `config` when a mapped list is not there */
export const openOutline = async (
  session: OdooSession,
  options: RequestOptions,
): Promise<PriceOutline> => {
  const { lists, served_at } = await readLists(session, options)
  const mapped = resolveLists(
    session.priceLists,
    lists.filter(({ active }) => active),
  ).map((list) => ({ ...list, currencies: session.currenciesOf(list.name) }))
  return {
    mapped,
    lists: await listsBelow(session, mapped, options),
    pricelists: new Map(lists.map((list) => [list.id, list])),
    // Odoo finds the rules of the moment by its own clock, which is the one in its answers.
    now: served_at ?? stampOfHttpDate(new Date().toUTCString()) ?? "",
  }
}

const readLists = async (session: OdooSession, options: RequestOptions) => {
  const specification = { name: {}, active: {}, currency_id: { fields: { name: {} } } }
  const { rows, served_at } = await readAll(session, LIST, [], specification, options)
  const lists = rows.map((row): Pricelist & { active: boolean } => ({
    id: row.id,
    name: String(row["name"]),
    currency: currencyName(row["currency_id"]),
    active: row["active"] === true,
  }))
  return { lists, served_at }
}

/** The mapped lists and all that rules of theirs are based on, however far down. */
const listsBelow = async (
  session: OdooSession,
  mapped: readonly MappedList[],
  options: RequestOptions,
): Promise<number[]> => {
  const { rows } = await readAll(
    session,
    RULE,
    [["base", "=", "pricelist"]],
    { pricelist_id: {}, base_pricelist_id: {} },
    options,
  )
  const reached = new Set(mapped.map(({ id }) => id))
  for (let before = 0; before < reached.size;) {
    before = reached.size
    for (const row of rows) {
      const below = idIn(row["base_pricelist_id"], "base_pricelist_id")
      const above = idIn(row["pricelist_id"], "pricelist_id")
      if (below !== null && above !== null && reached.has(above)) reached.add(below)
    }
  }
  return [...reached].toSorted((a, b) => a - b)
}

/** ISO 4217, lower case. */
export const currencyName = (currency: unknown): string =>
  String((currency as Row | null)?.["name"]).toLowerCase()
