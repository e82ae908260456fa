import type { Stream } from "../../../sync/canonical"
import type { CheckItem, RequestOptions } from "../../contract"
import { LIST } from "../map-prices"
import type { OdooSession } from "../session"
import { currencyCodes, mismatchRemedy } from "./list-prices"
import { openOutline } from "./outline"

/**
 * Says which price lists are mapped to another currency than they have in Odoo. Lists that are not there
 * are told with the stream that they stop.
 *
 * @param company the currency of the plain sales price
 */
export const currencyItems = async (
  session: OdooSession,
  company: string,
  streams: readonly Stream[],
  options: RequestOptions,
): Promise<CheckItem[]> => {
  const plain = { name: LIST, id: 0, currencies: session.currenciesOf(LIST) }
  const lists = [{ ...plain, currency: company }, ...(await pricelists(session, streams, options))]
  return lists.flatMap(({ name, currency, currencies = [] }): CheckItem[] => {
    const others = currencies.filter((code) => code !== currency)
    return others.length === 0 ? [] : [mismatch(name, currency, others)]
  })
}

const mismatch = (name: string, currency: string, others: readonly string[]): CheckItem => ({
  code: "price_list_currency",
  ok: false,
  message: `${told(name)} is in ${currency.toUpperCase()} in Odoo and mapped to ${currencyCodes(others)}: nothing is converted, and no price comes from there.`,
  remedy: mismatchRemedy(name, currency, others),
})

const told = (name: string): string =>
  name === LIST ? "The plain sales price" : `Price list "${name}"`

const pricelists = async (
  session: OdooSession,
  streams: readonly Stream[],
  options: RequestOptions,
) => {
  if (session.priceLists.length === 0 || !streams.includes("prices")) return []
  try {
    const { mapped, pricelists: all } = await openOutline(session, options)
    return mapped.map((list) => ({ ...list, currency: all.get(list.id)?.currency ?? "" }))
  } catch (error) {
    if (options.signal?.aborted) throw error
    session.log("debug", "The currencies of Odoo's price lists cannot be seen.")
    return []
  }
}
