import { Knex } from "@medusajs/framework/mikro-orm/knex"
import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { findPriceList, hasTranslations, resolveReferences, StoreReference } from "../catalog"
import { ConnectionOptions } from "../modules/erp"
import { medusaId, MedusaId } from "../sync/ids"
import { nameOfPriceList, Targets } from "./rules"

/**
 * Looks up what the options name: sales channels, shipping profile, stock locations, currencies. What
 * the store does not have is left out, and told as a problem of the connection.
 */
export const readTargets = async (
  container: MedusaContainer,
  db: Knex,
  options: ConnectionOptions,
): Promise<Targets> => {
  const { sales_channels, shipping_profile } = options.create
  const found = await resolveReferences(db, {
    sales_channels: (sales_channels ?? []).map((value, index) =>
      reference(options, `create.sales_channels.${index}`, value),
    ),
    shipping_profiles:
      shipping_profile === null
        ? []
        : [reference(options, "create.shipping_profile", shipping_profile)],
    stock_locations: [],
    currencies: [],
  })
  const store = await readStore(container)
  const lists = await readPriceLists(db, options)
  return {
    sales_channel_ids: sales_channels ? [...found.sales_channels.values()] : store.channel_ids,
    shipping_profile_id:
      shipping_profile === null
        ? store.profile_id
        : ([...found.shipping_profiles.values()][0] ?? null),
    locations: store.locations,
    digits: store.digits,
    locales: store.locales,
    ...lists,
    problems: [
      ...found.problems.map(({ path, value, expected }) => ({
        code: "unknown_name",
        message: `"${value}" (${path}) is not in the store.`,
        remedy: `Expected ${expected}.`,
      })),
      ...lists.problems,
    ],
  }
}

/** The price lists that the options name; what is wrong with one leaves it out. */
const readPriceLists = async (
  db: Knex,
  { id, prices }: ConnectionOptions,
): Promise<Pick<Targets, "price_lists" | "problems">> => {
  const found: Pick<Targets, "price_lists" | "problems"> = { price_lists: [], problems: [] }
  const seen = new Set<string>()
  for (const { price_list: wanted } of prices ?? []) {
    const name = wanted && nameOfPriceList(wanted)
    if (!wanted || name === undefined || seen.has(name)) {
      continue
    }
    seen.add(name)
    const answer = await findPriceList(db, { ...wanted, connection_id: id })
    if ("list" in answer) {
      found.price_lists.push({ ...answer.list, name })
    } else {
      found.problems.push(answer.problem)
    }
  }
  return found
}

const reference = (options: ConnectionOptions, path: string, value: string): StoreReference => ({
  path: `connections.${options.id}.${path}`,
  value,
})

interface StoreDefaults {
  channel_ids: MedusaId[]
  profile_id: MedusaId | null
  /** By name and by id. */
  locations: Targets["locations"]
  digits: Targets["digits"]
  locales: Targets["locales"]
}

const readStore = async (container: MedusaContainer): Promise<StoreDefaults> => {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: locations } = await query.graph({
    entity: "stock_location",
    fields: ["id", "name"],
  })
  const { data: profiles } = await query.graph({
    entity: "shipping_profile",
    fields: ["id"],
    filters: { type: "default" },
  })
  const { data: currencies } = await query.graph({
    entity: "currency",
    fields: ["code", "decimal_digits"],
  })
  const { data: stores } = await query.graph({
    entity: "store",
    fields: [
      "default_sales_channel_id",
      "supported_currencies.currency_code",
      "supported_locales.locale_code",
    ],
  })
  const [store] = stores
  const supported = new Set(
    (store?.supported_currencies ?? []).map(
      (currency: { currency_code?: string } | null) => currency?.currency_code,
    ),
  )
  return {
    locales: hasTranslations(container)
      ? new Set(
          (store?.supported_locales ?? []).flatMap((row: LocaleRow) => row?.locale_code ?? []),
        )
      : null,
    channel_ids: store?.default_sales_channel_id ? [medusaId(store.default_sales_channel_id)] : [],
    profile_id: profiles[0] ? medusaId(profiles[0].id) : null,
    locations: new Map(
      locations.flatMap(({ id, name }) => [
        [name, medusaId(id)],
        [id, medusaId(id)],
      ]),
    ),
    digits: new Map(
      currencies
        .filter(({ code }) => supported.has(code))
        .map(({ code, decimal_digits }) => [code, Number(decimal_digits)]),
    ),
  }
}

type LocaleRow = { locale_code?: string } | null
