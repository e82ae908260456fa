import { SyncError } from "../../../sync/errors"
import type { Pricelist } from "./book"

/** A price list under the name that the options give it: `pricelist:7` or `pricelist:Retail`. */
export interface MappedList {
  name: string
  id: number
  /** Currencies that it is mapped to; undefined: whatever it has in Odoo. */
  currencies?: readonly string[] | undefined
}

/** Whether a list is mapped to another currency than it has: its prices are left out then. */
export const isMismatched = ({ currencies }: MappedList, currency: string | undefined): boolean =>
  currencies !== undefined && currency !== undefined && !currencies.includes(currency)

const PREFIX = "pricelist:"

/**
 * Finds the mapped lists among those in use, by id or by name.
 * @throws SyncError `config` for a name that none or several of them bear
 */
export const resolveLists = (names: readonly string[], lists: readonly Pricelist[]): MappedList[] =>
  names.map((name) => {
    const wanted = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : null
    const byId = lists.filter(({ id }) => String(id) === wanted)
    const found = byId.length > 0 ? byId : lists.filter((list) => list.name === wanted)
    const [only] = found
    if (found.length === 1 && only) return { name, id: only.id }
    throw new SyncError({
      kind: "config",
      code: found.length > 1 ? "price_list_ambiguous" : "price_list_unknown",
      message:
        found.length > 1
          ? `Odoo has ${found.length} price lists of the name in "${name}".`
          : `Odoo has no price list "${name}" in use.`,
      remedy: `Correct "prices": "list" is the plain sales price, and Odoo's price lists are ${told(lists)}.`,
      scope: "stream",
    })
  })

const told = (lists: readonly Pricelist[]): string =>
  lists.length === 0
    ? "none (Sales, Settings, Pricelists switches them on)"
    : lists
        .slice(0, 20)
        .map(({ id, name, currency }) => `"${PREFIX}${id}" (${name}, ${currency.toUpperCase()})`)
        .join(", ")
