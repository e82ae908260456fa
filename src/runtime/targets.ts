import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { ConnectionOptions } from "../modules/erp"
import { MedusaId } from "../sync/ids"
import { Targets } from "./rules"

interface Named {
  id: string
  name: string
}

/**
 * Looks up what the options name: sales channels, shipping profile, stock locations, currencies. A
 * channel or profile that the store does not have is left out; the control room says so.
 */
export const readTargets = async (
  container: MedusaContainer,
  options: ConnectionOptions,
): Promise<Targets> => {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const list = async (entity: string, fields: string[]): Promise<Record<string, unknown>[]> => {
    const { data } = await query.graph({ entity, fields })
    return data
  }
  const channels = (await list("sales_channel", ["id", "name"])).map(named)
  const profiles = await list("shipping_profile", ["id", "name", "type"])
  const locations = (await list("stock_location", ["id", "name"])).map(named)
  const currencies = await list("currency", ["code", "decimal_digits"])
  const [store] = await list("store", [
    "default_sales_channel_id",
    "supported_currencies.currency_code",
  ])
  return {
    sales_channel_ids: channelIds(options, channels, store?.default_sales_channel_id),
    shipping_profile_id: profileId(options, profiles),
    locations: new Map(
      locations.flatMap(({ id, name }) => [
        [name, id as MedusaId],
        [id, id as MedusaId],
      ]),
    ),
    digits: digitsOf(currencies, store?.supported_currencies),
  }
}

const named = (row: Record<string, unknown>): Named => ({
  id: String(row.id),
  name: String(row.name),
})

const channelIds = (
  options: ConnectionOptions,
  channels: Named[],
  defaultId: unknown,
): MedusaId[] => {
  const wanted = options.create.sales_channels
  const ids = wanted
    ? channels.filter(({ id, name }) => wanted.includes(name) || wanted.includes(id))
    : channels.filter(({ id }) => id === defaultId)
  return ids.map(({ id }) => id as MedusaId)
}

const profileId = (
  options: ConnectionOptions,
  profiles: Record<string, unknown>[],
): MedusaId | null => {
  const wanted = options.create.shipping_profile
  const profile = profiles.find((entry) =>
    wanted === null ? entry.type === "default" : entry.name === wanted || entry.id === wanted,
  )
  return profile ? (String(profile.id) as MedusaId) : null
}

/** Digits of the currencies that the store supports. */
const digitsOf = (
  currencies: Record<string, unknown>[],
  supported: unknown,
): ReadonlyMap<string, number> => {
  const codes = new Set(
    (Array.isArray(supported) ? supported : []).map((entry) =>
      String((entry as { currency_code?: unknown }).currency_code),
    ),
  )
  return new Map(
    currencies
      .filter((currency) => codes.has(String(currency.code)))
      .map((currency) => [String(currency.code), Number(currency.decimal_digits)]),
  )
}
